/** The removed cleancache interface, as its back end sees it. */
import { z } from "zod";
import { count, flag, name, objectKey } from "../values.ts";
import { step } from "./step.ts";

/** What the back end is made to do, where the contract leaves it a choice. */
const forced = { forceHit: flag.optional(), forceMiss: flag.optional() };
const key = { pool: name, key: objectKey, index: count };

export const cleancacheSteps = [
  step("ccRegister", {}),
  step("ccUnregister", {}),
  step("ccInitFs", { as: name }),
  step("ccInitSharedFs", { as: name, uuid: z.string().default("") }),
  step("ccPut", { ...key, data: z.string(), ...forced }),
  step("ccGet", { ...key, ...forced }),
  step("ccInvalidatePage", key),
  step("ccInvalidateInode", { pool: name, key: objectKey }),
  step("ccInvalidateFs", { pool: name }),
] as const;
