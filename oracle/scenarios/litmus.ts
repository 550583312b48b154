/**
 * Judging a litmus row: every interleaving is looked at, so what is reachable under plain
 * interleaving is known exactly. The catalogue's verdict is about the architecture, which allows
 * more: of it only "forbidden" and "required" bind here.
 */
import {
  endingsOf,
  type LitmusProgram,
  type LitmusState,
  litmusGranuleOf,
} from "../../model/index.ts";
import { contentValue, type LitmusRow } from "./litmus-row.ts";
import type { Condition } from "./steps/litmus.ts";

/** The largest row of the catalogue needs a few hundred. */
const mostStates = 200_000;

const holds = (condition: Condition, program: LitmusProgram, state: LitmusState): boolean => {
  const { locations, threads } = program;
  const here = (each: Condition): boolean => holds(each, program, state);
  if ("and" in condition) return condition.and.every(here);
  if ("or" in condition) return condition.or.some(here);
  if ("not" in condition) return !here(condition.not);
  if ("reg" in condition) {
    const index = threads.findIndex(({ name }) => name === condition.proc);
    const held = state.threads[index]?.registers.get(condition.reg) ?? 0n;
    return held === contentValue(locations, condition.eq);
  }
  if ("mem" in condition) {
    const held = state.memory.get(locations.get(condition.mem) ?? 0n) ?? 0n;
    return held === contentValue(locations, condition.eq);
  }
  if ("tag" in condition)
    return (state.tags.get(locations.get(condition.tag) ?? 0n) ?? 0) === condition.eq;
  const { fault, label, loc } = condition;
  const at = threads.find(({ name }) => name === fault)?.labels.get(label ?? "");
  const where = loc === undefined ? undefined : locations.get(loc);
  return state.faults.some(
    (each) =>
      each.thread === fault &&
      (label === undefined || each.at === at) &&
      (where === undefined || litmusGranuleOf(each.address) === where),
  );
};

export type Reached = {
  readonly reachable: boolean;
  readonly always: boolean;
  readonly endings: number;
  readonly cut: boolean;
};

/** Whether the condition holds in some ending, and whether it holds in all. */
export const reachedBy = (
  { program, final }: LitmusRow,
  step?: Parameters<typeof endingsOf>[2],
): Reached => {
  const { final: endings, cut } = endingsOf(program, mostStates, step);
  const held = endings.filter((state) => holds(final.cond, program, state)).length;
  return {
    reachable: held > 0,
    always: held === endings.length,
    endings: endings.length,
    cut,
  };
};

export type LitmusDifference = { readonly expected: string; readonly found: string };

const asWords = (claim: string, yes: boolean): string => `${yes ? "" : "not "}${claim}`;

/** The first thing that an enumeration says otherwise than the row, or null. */
export const litmusDifference = (
  { final }: LitmusRow,
  { reachable, always, endings }: Reached,
): LitmusDifference | null => {
  const { scReachable, scAlways, verdict, quantifier } = final;
  const of = `${endings} final state${endings === 1 ? "" : "s"}`;
  if (scReachable !== reachable)
    return {
      expected: asWords("reachable under plain interleaving", scReachable),
      found: `${asWords("reachable", reachable)} in ${of}`,
    };
  if (scAlways !== always)
    return {
      expected: asWords("true in every ending under plain interleaving", scAlways),
      found: `${asWords("true", always)} in all of ${of}`,
    };
  if (verdict === "forbidden" && reachable)
    return {
      expected: "a condition that is forbidden and never reached",
      found: `reached in ${of}`,
    };
  const broken = quantifier === "forall" ? !always : quantifier !== "exists" && reachable;
  return verdict === "required" && broken
    ? { expected: `${quantifier}, as it is required`, found: `not so in ${of}` }
    : null;
};
