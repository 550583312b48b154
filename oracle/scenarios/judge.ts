/**
 * Does what a model allows keep what a row expects?
 *
 * An expectation says what every allowed observation must satisfy, key by key, and nothing about
 * what it does not name. So an exact key (`val`, `addr`) needs a model that leaves no choice there,
 * and a key with a set (`tagIn`, `addrIn`, `retLe`, `hitOneOf`) needs everything that the model
 * allows to lie in the set. A model that allows nothing beyond the row is what passes.
 */
import { match } from "ts-pattern";
import { withoutTopByte } from "./address.ts";
import type { Check, Operand } from "./expectation.ts";
import { isRange, type Observation, type Value } from "./observation.ts";
import { addressOf, type Bindings } from "./operands.ts";

/** `missing`: the operation never shows what the key asks for, so the model cannot answer. */
export type Kept = "kept" | "broken" | "missing";

const least = (value: Value): bigint | null =>
  isRange(value) ? value.least : typeof value === "bigint" ? value : null;
const most = (value: Value): bigint | null =>
  isRange(value) ? value.most : typeof value === "bigint" ? value : null;

const isExactly = (value: Value, operand: Operand): boolean =>
  isRange(value) ? value.least === operand && value.most === operand : value === operand;

const isIn = (value: Value, operands: readonly Operand[]): boolean => {
  if (!isRange(value)) return operands.includes(value);
  for (let each = value.least; each <= value.most; each += 1n)
    if (!operands.includes(each)) return false;
  return true;
};

const touches = (value: Value, operand: Operand): boolean =>
  isRange(value)
    ? typeof operand === "bigint" && operand >= value.least && operand <= value.most
    : value === operand;

type ValueCheck = Extract<Check, { kind: "value" }>;

const keepsValue = (
  { relation, operands }: ValueCheck,
  value: Value,
  observation: Observation,
): boolean => {
  const [operand = ""] = operands;
  const low = least(value);
  const high = most(value);
  return match(relation)
    .with("is", () => isExactly(value, operand))
    .with("one-of", () => isIn(value, operands))
    .with("not", () => !operands.some((each) => touches(value, each)))
    .with("at-most", () => high !== null && typeof operand === "bigint" && high <= operand)
    .with("at-least", () => low !== null && typeof operand === "bigint" && low >= operand)
    .with(
      "within",
      () =>
        high !== null && low === high && typeof operand === "bigint" && (high & ~operand) === 0n,
    )
    .with("if-hit", () => observation.values.hit !== 1n || isExactly(value, operand))
    .exhaustive();
};

const hasFailed = ({ errno, fault, blocked }: Observation): boolean =>
  errno !== null || fault !== null || blocked;

const judgeValue = (check: ValueCheck, observation: Observation): Kept => {
  const { errno, values } = observation;
  if (check.orErrno !== null && errno === check.orErrno) return "kept";
  const value = values[check.observable];
  if (value !== undefined) return keepsValue(check, value, observation) ? "kept" : "broken";
  if (check.relation === "if-hit" && values.hit === 0n) return "kept";
  // A set of tags where one was asked for, or an error instead of a value.
  const other = check.observable === "tag" && values.tags !== undefined;
  return hasFailed(observation) || other ? "broken" : "missing";
};

/** Whether one allowed observation keeps one key. */
export const judge = (check: Check, observation: Observation, bindings: Bindings): Kept => {
  const { errno, fault, report, pointer } = observation;
  const when = (kept: boolean): Kept => (kept ? "kept" : "broken");
  return match(check)
    .returnType<Kept>()
    .with({ kind: "ok" }, ({ ok }) => when(ok === !(hasFailed(observation) || report)))
    .with({ kind: "errno" }, ({ anyOf }) => when(errno !== null && anyOf.includes(errno)))
    .with({ kind: "fault" }, ({ anyOf }) =>
      when(anyOf.length === 0 ? fault === null : fault !== null && anyOf.includes(fault.code)),
    )
    .with({ kind: "report" }, ({ delivered }) => when(report === delivered))
    .with({ kind: "fault-address" }, ({ low, high }) =>
      when(
        fault !== null &&
          fault.address.low >= withoutTopByte(addressOf(bindings, low)) &&
          fault.address.high <= withoutTopByte(addressOf(bindings, high)),
      ),
    )
    .with({ kind: "fault-top" }, ({ top }) => when(fault !== null && fault.top === top))
    .with({ kind: "same-address" }, ({ address }) => {
      if (pointer === null) return hasFailed(observation) ? "broken" : "missing";
      return when(withoutTopByte(pointer) === withoutTopByte(addressOf(bindings, address)));
    })
    .with({ kind: "value" }, (asked) => judgeValue(asked, observation))
    .exhaustive();
};
