/** One step of a row: the operation's name, who does it, and its own fields, no others. */
import { z } from "zod";
import { name } from "../values.ts";

export const step = <Op extends string, Fields extends z.core.$ZodShape>(op: Op, fields: Fields) =>
  z.strictObject({ op: z.literal(op), proc: name.optional(), ...fields });
