/** One operation about to be judged, and how its outcomes are said. */
import { addressOf, type Pointer, tagOf, topByteOf } from "../architecture/index.ts";
import { pageSize } from "./configuration.ts";
import type { ProcessOperation, ThreadName } from "./operations.ts";
import type { Errno, Outcome, Result } from "./outcome.ts";
import type { ProcessRuleId, RuleId } from "./rulebook.ts";
import type { PageNumber, Process, ProcessName, ProcessState, Thread } from "./state.ts";

/** One thing that may happen. `rules` are the ones that made it so, the deciding one first. */
export type Allowed = {
  readonly state: ProcessState;
  readonly outcome: Outcome;
  readonly rules: readonly RuleId[];
};

export type Asked<O = ProcessOperation> = {
  readonly state: ProcessState;
  readonly operation: O;
  readonly by: ThreadName;
  readonly thread: Thread;
  readonly name: ProcessName;
  readonly process: Process;
};

export const allow = (
  state: ProcessState,
  result: Result,
  ...rules: readonly RuleId[]
): readonly Allowed[] => [{ state, outcome: { ...result, reports: 0 }, rules }];

export const returned = (
  state: ProcessState,
  value: number | bigint,
  ...rules: readonly ProcessRuleId[]
): readonly Allowed[] => allow(state, { kind: "returned", value: BigInt(value) }, ...rules);

export const failed = (
  state: ProcessState,
  errno: Errno,
  ...rules: readonly ProcessRuleId[]
): readonly Allowed[] => allow(state, { kind: "failed", errno }, ...rules);

export const answered = (
  state: ProcessState,
  yes: boolean,
  ...rules: readonly ProcessRuleId[]
): readonly Allowed[] => allow(state, { kind: "answer", yes }, ...rules);

/** A pointer into the address space, from the number of a page. */
export const pointerTo = (page: PageNumber): Pointer => BigInt(page) * BigInt(pageSize);

export const pagesIn = (length: number): number => Math.ceil(length / pageSize);

export type Range = { readonly start: PageNumber; readonly end: PageNumber };

/** The pages of a range that starts on a page boundary; null when it does not. */
export const rangeOf = (pointer: Pointer, length: number): Range | null => {
  const address = addressOf(pointer);
  if (address % pageSize !== 0) return null;
  const start = address / pageSize;
  return { start, end: start + pagesIn(length) };
};

/** Has the pointer anything in its top byte? */
export const isTagged = (pointer: Pointer): boolean =>
  tagOf(pointer) !== 0 || topByteOf(pointer) !== 0;
