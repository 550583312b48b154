/** How the contract answers: a next state, a refusal by a rule, or "no caller may ask that". */
import type { Choice, Operation, Outcome, Seen } from "./operations.ts";
import type { RuleId } from "./rulebook.ts";
import type { Handle, Limits, Memory } from "./state.ts";

export type Judgement =
  | { readonly kind: "accepted"; readonly memory: Memory }
  /** The implementation is wrong. */
  | { readonly kind: "refused"; readonly rule: RuleId; readonly cause: string }
  /** The caller is wrong, or the outcome is none that such an operation can have. */
  | { readonly kind: "ill-formed"; readonly why: string };

/** `off`: rules that are not applied; empty except where a verdict on one rule alone is wanted. */
export type Contract = { readonly limits: Limits; readonly off: ReadonlySet<RuleId> };

/** One step of a trace, and the state it starts from. */
export type Asked<O extends Operation = Operation> = {
  readonly contract: Contract;
  readonly memory: Memory;
  readonly operation: O;
  readonly choice: Choice;
  readonly outcome: Outcome;
};

export type Demand = {
  readonly rule: RuleId;
  readonly met: boolean;
  readonly cause: () => string;
};

export const demand = (rule: RuleId, met: boolean, cause: () => string): Demand => ({
  rule,
  met,
  cause,
});

export const illFormed = (why: string): Judgement => ({ kind: "ill-formed", why });

/** Refuses by the first demand that is not met; otherwise the state is what `next` makes of it. */
export const accept = (
  { contract, memory }: Asked,
  demands: readonly Demand[],
  next: (memory: Memory) => Memory = (same) => same,
): Judgement => {
  for (const { rule, met, cause } of demands) {
    if (!met && !contract.off.has(rule)) return { kind: "refused", rule, cause: cause() };
  }
  return { kind: "accepted", memory: next(memory) };
};

/** An outcome of a kind that this operation never has. */
export const strangeOutcome = ({ operation, outcome }: Asked): Judgement =>
  illFormed(`${operation.kind} cannot end in "${outcome.kind}"`);

/** The outcome of an operation on a page that the operation names: the outcome must name it too. */
export const onNamedPage = (
  asked: Asked,
  handle: Handle,
  judge: (seen: Seen) => Judgement,
): Judgement => {
  const { outcome } = asked;
  if (outcome.kind !== "page") return strangeOutcome(asked);
  return outcome.handle === handle
    ? judge(outcome.seen)
    : illFormed(`the outcome is about page ${outcome.handle}, not ${handle}`);
};

/** The outcome of an operation that hands out one new page: it must be one that there can be. */
export const onNewPage = (
  asked: Asked,
  judge: (handle: Handle, seen: Seen) => Judgement,
): Judgement => {
  const { contract, memory, outcome } = asked;
  if (outcome.kind !== "page") return strangeOutcome(asked);
  return memory.pages[outcome.handle] === undefined
    ? illFormed(`handles are 0 to ${contract.limits.handles - 1}`)
    : judge(outcome.handle, outcome.seen);
};

export const sameTags = (left: readonly number[], right: readonly number[]): boolean =>
  left.length === right.length && left.every((tag, granule) => tag === right[granule]);
