/** A step as it is asked: what it names by an earlier step is written as the number it stands for. */
import type { AddressExpression } from "../scenarios/address.ts";
import { addressOf, type Bindings } from "../scenarios/operands.ts";
import type { WrittenStep } from "./propose.ts";
import { processStepSchema } from "./step.ts";

const isExpression = (value: unknown): value is AddressExpression =>
  typeof value === "object" && value !== null && "base" in value && "offset" in value;

const hexadecimal = 16;

/** @throws UnboundName where the step that should have given a name is not there, or failed */
export const resolved = (written: WrittenStep, bindings: Bindings): WrittenStep => {
  const step = processStepSchema.parse(written);
  const addresses = Object.entries(step).flatMap(([name, value]) =>
    isExpression(value) ? [[name, `0x${addressOf(bindings, value).toString(hexadecimal)}`]] : [],
  );
  return { ...written, ...Object.fromEntries(addresses) };
};
