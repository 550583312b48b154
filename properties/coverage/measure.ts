/**
 * How much of the truth do the random suites touch? The generator runs in a scope that the checker
 * exhausts, and what it came across is counted against what there is.
 */
import * as fc from "fast-check";
import type { Design, Scope } from "../../model/index.ts";
import { Arena, RunArbitrary } from "../lockstep/arbitrary.ts";
import type { Step } from "../lockstep/run.ts";
import { type Counts, Truth } from "./truth.ts";

export type Coverage = { readonly all: Counts; readonly touched: Counts };

/** What runs touched, one step after the other. */
class Touched {
  private readonly truth: Truth;
  private readonly states = new Set<number>([0]);
  private readonly transitions = new Set<number>();
  private readonly pairs = new Set<string>();
  private at = 0;
  private came: number | null = null;

  constructor(truth: Truth) {
    this.truth = truth;
  }

  begin(): void {
    this.at = 0;
    this.came = null;
  }

  arrive(state: number): void {
    const went = this.truth.transitionOf(this.at, state);
    this.states.add(state);
    this.transitions.add(went);
    if (this.came !== null) this.pairs.add(`${this.came} ${went}`);
    this.came = went;
    this.at = state;
  }

  get counts(): Counts {
    const { states, transitions, pairs } = this;
    return { states: states.size, transitions: transitions.size, pairs: pairs.size };
  }
}

export type Effort = {
  readonly seed: number;
  readonly runs: number;
  /** Steps of a run, at most. */
  readonly length: number;
  /** Of the scope; more are an error. */
  readonly maxStates: number;
};

/**
 * Deterministic from the seed.
 *
 * @throws RangeError when the scope is too large; Error when runs and search contradict each other
 */
export const measureCoverage = (design: Design, scope: Scope, effort: Effort): Coverage => {
  const { seed, runs, length, maxStates } = effort;
  const arena = new Arena("coverage", design, scope, false, {});
  const { lockstep } = arena;
  const truth = new Truth(lockstep.walker, maxStates);
  const touched = new Touched(truth);
  const watch = (_: Arena, step: Step): void => {
    if (step.kind === "move") touched.arrive(truth.stateOf(lockstep.world));
  };
  const arbitrary = new RunArbitrary([arena], length, watch);
  const found = fc.check(
    fc.property(arbitrary, (run) => {
      touched.begin();
      return arbitrary.outcomeOf(run).mismatch === null;
    }),
    { seed, numRuns: runs },
  );
  if (found.failed) throw new Error("model and implementation part: run the suites first");
  return { all: truth.counts, touched: touched.counts };
};
