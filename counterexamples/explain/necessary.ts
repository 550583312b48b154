/**
 * Which steps and operations a failure needs: each is left out by itself, the rest done as far as it
 * can be, and seen whether the same property still fails for the same reason.
 */
import { totalPages } from "../../model/index.ts";
import type { Counterexample } from "../format.ts";
import { unitsOf, without } from "../minimize/leave-out.ts";
import { Trials } from "../minimize/trials.ts";
import type { Necessity } from "./explanation.ts";

/** A longer run is not taken apart, nor is one in a large scope: it takes a run for each step. */
const mostSteps = 300;
const mostPlaces = 64;

export type Necessities = {
  /** By step. */
  readonly steps: readonly Necessity[];
  /** By operation, in the order of their first steps. */
  readonly operations: readonly Necessity[];
};

/** What may be left out of a run that fails. */
export const necessitiesOf = (counterexample: Counterexample): Necessities => {
  const { steps, scope } = counterexample;
  const places = totalPages(scope.geometry) * scope.geometry.granulesPerPage;
  const isLarge = steps.length > mostSteps || places > mostPlaces;
  const operations = unitsOf(steps, "operations");
  const trials = isLarge ? null : Trials.of(counterexample);
  const whetherNeeded = (left: readonly number[]): Necessity => {
    if (trials === null) return "not-tried";
    const still = trials.try(without(counterexample, new Set(left)));
    /** What was left out and then done all the same, later on, was not left out. */
    const gone = still !== null && still.steps.length < steps.length;
    return gone ? "not-necessary" : "necessary";
  };
  return {
    steps: steps.map((_, index) => whetherNeeded([index])),
    operations: operations.map(whetherNeeded),
  };
};
