/** A run that was generated before is done again, whole or shortened. */
import { at } from "../../model/index.ts";
import type { Floors } from "./floors.ts";
import type { Walked } from "./generate.ts";
import type { Step } from "./run.ts";

/**
 * Does the steps of a run again. A step that is not possible where it stands is left out, so that a
 * shortened run still means something.
 */
export const redo = (
  lockstep: Floors,
  steps: readonly Step[],
  onStep: (step: Step) => void = () => undefined,
): Walked => {
  const done: Step[] = [];
  lockstep.reset();
  for (const step of steps) {
    if (!isPossible(lockstep, step)) continue;
    done.push(step);
    const mismatch = lockstep.do(step);
    if (mismatch) return { steps: done, mismatch };
    onStep(step);
  }
  return { steps: done, mismatch: null };
};

/** Could the step be done where the two stand? */
export const isPossible = (lockstep: Floors, step: Step): boolean => {
  const { walker, world } = lockstep;
  if (step.kind === "waits")
    return step.operation === null
      ? at(world.actors, step.actor).operation > 0 &&
          walker.movesAtWork(world, step.actor).length === 0
      : at(world.actors, step.actor).operation === 0 && !walker.contexts.mayRun(world, step.actor);
  if (step.kind === "refused") {
    const operation = walker.operations[step.operation];
    return (
      operation !== null &&
      operation !== undefined &&
      at(world.actors, step.actor).operation === 0 &&
      walker.contexts.mayRun(world, step.actor) &&
      walker.refusedOf(world, step.actor, operation.kind).includes(step.operation)
    );
  }
  const { move } = step;
  if (move.kind === "environment") {
    const wanted = JSON.stringify(move);
    return walker.movesOfEnvironment(world).some((other) => JSON.stringify(other) === wanted);
  }
  const alternatives = lockstep.alternatives(move);
  return step.decided === "by-implementation"
    ? alternatives.length > 0
    : alternatives.some(({ choice }) => choice === move.choice);
};
