/**
 * A suite: many runs of one theme, over its designs and scopes, with and without real lists, from one
 * seed. The same seed gives the same runs, wherever it is run.
 */
import * as fc from "fast-check";
import { RunArbitrary } from "./arbitrary.ts";
import { arenasOf } from "./arenas.ts";
import { describeMismatch, type Mismatch, type Under } from "./floors.ts";
import { type Counts, Reach } from "./reach.ts";
import type { Run } from "./run.ts";
import type { ScheduleSet } from "./schedules.ts";
import type { Theme } from "./themes.ts";

export type SuiteOptions = {
  readonly seed: number;
  readonly runs: number;
  /** Steps of a run at most. */
  readonly length?: number;
  /** Stop generating after so long; runs done by then count. Left out: no limit. */
  readonly milliseconds?: number;
  /** Only these designs of the theme. */
  readonly designs?: readonly string[];
  /** What is planted in the implementation. */
  readonly under?: Under;
  /** Leave a failing run as it was found: for whoever only wants to know that there is one. */
  readonly asFound?: true;
  /** Collects the schedules; left out: a set of its own. */
  readonly schedules?: ScheduleSet;
};

export type SuiteFailure = {
  /** Shrunk, unless it was asked for as found: leaving out any one step more does not fail. */
  readonly run: Run;
  readonly mismatch: Mismatch;
  /** As it was found. */
  readonly first: Mismatch;
};

export type SuiteResult = {
  readonly theme: string;
  readonly seed: number;
  readonly runs: number;
  readonly operations: number;
  readonly actions: number;
  readonly schedules: number;
  readonly reach: Counts;
  readonly failure: SuiteFailure | null;
};

export const defaultLength = 100;

/** Runs a suite to its end, or to its first failure, which is shrunk. */
export const runSuite = (theme: Theme, options: SuiteOptions): SuiteResult => {
  const { seed, runs, length = defaultLength, milliseconds, asFound = false } = options;
  const reach = new Reach(options.schedules);
  let first: Mismatch | null = null;
  const arenas = arenasOf(theme, options.designs, options.under);
  const arbitrary = new RunArbitrary(arenas, length, (arena, step) => {
    if (first === null) reach.see(arena, step);
  });
  let done = 0;
  const property = fc.property(arbitrary, (run) => {
    const { mismatch } = arbitrary.outcomeOf(run);
    if (first === null) {
      done++;
      reach.begin();
      first = mismatch;
    }
    return mismatch === null;
  });
  const details = fc.check(property, {
    seed,
    numRuns: runs,
    endOnFailure: asFound,
    ...(milliseconds !== undefined && { interruptAfterTimeLimit: milliseconds }),
  });
  const shrunk = details.counterexample?.[0];
  const mismatch = shrunk ? arbitrary.outcomeOf(shrunk).mismatch : null;
  const failure = shrunk && mismatch && first ? { run: shrunk, mismatch, first } : null;
  const { operations, actions, distinctSchedules: schedules } = reach;
  const counted = { operations, actions, schedules, reach: reach.table() };
  return { theme: theme.name, seed, runs: done, ...counted, failure };
};

/** One line for a message. */
export const describeFailure = ({ run, mismatch }: SuiteFailure): string =>
  `${run.theme}, ${run.design}, after ${run.steps.length} steps: ${describeMismatch(mismatch)}`;
