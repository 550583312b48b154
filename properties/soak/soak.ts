/**
 * A soak: the lockstep suites with one seed after the other, for as long as somebody wants. It does
 * not end with the first failure, and keeps nothing that grows with time but the schedules, which
 * are bounded.
 */
import { Piscina } from "piscina";
import { ScheduleSet, type SuiteFailure } from "../lockstep/index.ts";
import { type BatchOrder, type BatchResult, runBatch } from "./batch.ts";

export type SoakOptions = {
  readonly suites: readonly string[];
  /** Of the first batch; the next has the next one. */
  readonly seed: number;
  readonly milliseconds: number;
  /** Threads. 0: in this one; so it is too when the program runs from its TypeScript sources. */
  readonly workers: number;
  readonly bugs?: readonly string[];
  /** Called at once, before anything else is done. */
  readonly onFailure?: (failure: SuiteFailure, seed: number, run: number) => void;
  readonly onProgress?: (soak: Soaked) => void;
  /** Begins no more batches; those that have begun are finished. */
  readonly signal?: AbortSignal;
};

export type Soaked = {
  readonly batches: number;
  readonly runs: number;
  readonly operations: number;
  readonly actions: number;
  /** Different ones, over all batches. */
  readonly schedules: number;
  /** There may be more of them: no more were stored. */
  readonly schedulesAtLeast: boolean;
  readonly failures: number;
};

/** Few enough to be done soon after Ctrl-C. */
const runsOfBatch = 100;
/** Something is so wrong that more of the same tells nothing. */
const mostFailures = 100;
const seeds = 2 ** 31;

const fromSources = import.meta.url.endsWith(".ts");

/** What has been done so far. */
class Tally {
  readonly schedules = new ScheduleSet();
  batches = 0;
  runs = 0;
  operations = 0;
  actions = 0;
  failures = 0;

  add({ runs, operations, actions, schedules, failure }: BatchResult): void {
    this.batches++;
    this.runs += runs;
    this.operations += operations;
    this.actions += actions;
    this.schedules.addAll(schedules);
    if (failure) this.failures++;
  }

  get soaked(): Soaked {
    const { batches, runs, operations, actions, failures, schedules } = this;
    const { size, isFull } = schedules;
    const counted = { schedules: size, schedulesAtLeast: isFull };
    return { batches, runs, operations, actions, ...counted, failures };
  }
}

/** Runs until the time is over, the signal comes, or far too much fails. */
export const soak = async (options: SoakOptions): Promise<Soaked> => {
  const { suites, seed: first, milliseconds, workers, bugs = [], signal } = options;
  const { onFailure, onProgress } = options;
  const tally = new Tally();
  const end = performance.now() + milliseconds;
  const pool =
    workers < 1 || fromSources
      ? null
      : new Piscina({
          filename: new URL("./worker.js", import.meta.url).href,
          minThreads: workers,
          maxThreads: workers,
        });
  const run = async (order: BatchOrder): Promise<BatchResult> =>
    pool ? pool.run(order) : runBatch(order);
  let begun = 0;
  const isOver = (): boolean =>
    signal?.aborted === true || performance.now() >= end || tally.failures >= mostFailures;
  const one = async (): Promise<void> => {
    const suite = suites[begun % suites.length];
    if (suite === undefined) throw new Error("a soak has a suite at least");
    const seed = (first + begun++) % seeds;
    const left = Math.max(1, Math.ceil(end - performance.now()));
    const order: BatchOrder = { suite, seed, runs: runsOfBatch, milliseconds: left, bugs };
    const result = await run(order).catch((thrown: unknown) => {
      /** A breakdown ends the soak, and has to be found again. */
      throw new Error(`suite ${suite}, seed ${seed}: ${String(thrown)}`, { cause: thrown });
    });
    if (result.failure) onFailure?.(result.failure, seed, result.runs);
    tally.add(result);
    onProgress?.(tally.soaked);
  };
  const next = async (): Promise<void> => {
    while (!isOver()) await one();
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, workers) }, next));
  } finally {
    await pool?.destroy();
  }
  return tally.soaked;
};
