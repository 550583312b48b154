/**
 * The guard of minimizing: a smaller run counts only if the same property fails in it for the same
 * reason. Else one ends with the smallest run of another mistake. The same reason: the same rule and
 * cause, pages and values aside, for those are what becomes smaller.
 */
import { junk } from "../../model/index.ts";
import type { Counterexample } from "../format.ts";
import { judgeRun } from "../judging.ts";
import type { Run } from "../run.ts";

/** How a run fails, without the numbers of this run. Equal for equal reasons. */
export type Failure = string;

/**
 * "page 3 shows the tags 2 0" and "page 0 shows the tags 1" are one reason. What nobody ever wrote
 * is another than a wrong value.
 */
const withoutNumbers = (reason: string): string =>
  reason
    .replace(/\d+/g, (number) => (Number(number) === junk ? "junk" : "#"))
    .replace(/#(?:[ ,]+#)+/g, "#")
    .replace(/\bmoves\b/g, "move");

/** A run that repeats steps for ever, and one that stops where nobody can move, are two failures. */
const lassoFailure = ({ loopFrom, steps }: Pick<Counterexample, "loopFrom" | "steps">): Failure =>
  loopFrom !== undefined && loopFrom < steps.length ? "repeats for ever" : "stops for ever";

/** The failure at the end of a run, or null. Of a finite kind, `run` may remember causes. */
export const failureOf = (
  run: Run,
  counterexample: Counterexample,
): { readonly failure: Failure; readonly reason: string } | null => {
  const judged = judgeRun(run, counterexample);
  if (!judged.broken) return null;
  const { reason } = judged;
  const failure =
    counterexample.kind === "lasso" ? lassoFailure(counterexample) : withoutNumbers(reason);
  return { failure, reason };
};

/** The same, of a reason that a property gave somewhere on the way. */
export const failureIn = (reason: string): Failure => withoutNumbers(reason);
