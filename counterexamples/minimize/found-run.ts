/**
 * Minimizing a run in which model and implementation parted: actors, operations, moves and switches
 * go while the two still part in the same action over the same part of the state. Where they part is
 * no matter of a property, so no search can say that a run is a shortest one.
 */
import { runPossible } from "../again.ts";
import type { FoundRun } from "../found.ts";
import { leaveOut, unitKinds } from "./leave-out.ts";
import { compareLengths, type Length, lengthOfSteps } from "./rank.ts";
import { joined } from "./simplify.ts";

export type MinimizedFoundRun = {
  readonly found: FoundRun;
  readonly from: Length;
  readonly to: Length;
  /** Runs that were tried. */
  readonly tried: number;
};

/** "frames[2].flagged" and "frames[0].flagged" are one part. */
const failureOf = ({ mismatch: { action, part } }: FoundRun): string =>
  `${action}: ${part.replace(/\d+/g, "#")}`;

const isShorter = (a: FoundRun, b: FoundRun): boolean =>
  compareLengths(lengthOfSteps(a.steps), lengthOfSteps(b.steps)) < 0;

/** Null where the two agree: there is nothing to keep. */
export const minimizeFoundRun = (original: FoundRun): MinimizedFoundRun | null => {
  let tried = 0;
  const start = runPossible(original);
  if (start === null) return null;
  const failure = failureOf(start);
  let best = start;
  const offer = (steps: FoundRun["steps"]): FoundRun | null => {
    tried++;
    const made = runPossible({ ...best, steps });
    if (made === null || failureOf(made) !== failure || !isShorter(made, best)) return null;
    best = made;
    return made;
  };
  for (let before: FoundRun | null = null; before !== best; ) {
    before = best;
    for (const kind of unitKinds) {
      const pass = leaveOut(best, kind, (now, left) =>
        offer(now.steps.filter((_, index) => !left.has(index))),
      );
      for (let step = pass.next(); step.done !== true; ) step = pass.next();
    }
    for (const steps of joined(best.steps)) if (offer(steps)) break;
  }
  return {
    found: best,
    from: lengthOfSteps(original.steps),
    to: lengthOfSteps(best.steps),
    tried,
  };
};
