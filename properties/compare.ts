/**
 * Model and implementation in one search, for whole designs: every slice a task of its own, shared
 * out to worker threads. What comes out does not depend on how many there are.
 */
import { Piscina } from "piscina";
import type { Completed } from "./lockstep/complete.ts";
import { compareInScope } from "./lockstep/complete.ts";
import { type RunOptions, type Task, tasksOf } from "./run.ts";
import type { Slice } from "./slices.ts";

/** What a worker is sent; the design is found by its name. */
export type CompareOrder = {
  readonly design: string;
  readonly slice: Slice;
  readonly maxStates: number;
};

export type Compared = Completed & { readonly design: string; readonly slice: string };

export type CompareOptions = Pick<
  RunOptions,
  "machine" | "designs" | "slices" | "size" | "workers"
> & {
  /** Of each slice. */
  readonly maxStates: number;
};

const fromSources = import.meta.url.endsWith(".ts");

/** Compares in all slices, in the order of {@link tasksOf}. */
export const compareAll = async (options: CompareOptions): Promise<readonly Compared[]> => {
  const { workers, maxStates } = options;
  const tasks = tasksOf(options);
  const threads = Math.min(workers, tasks.length);
  const pool =
    threads < 1 || fromSources
      ? null
      : new Piscina({
          filename: new URL("./compare-worker.js", import.meta.url).href,
          minThreads: threads,
          maxThreads: threads,
        });
  const one = async ({ design, slice }: Task): Promise<Compared> => {
    const order: CompareOrder = { design: design.name, slice, maxStates };
    const completed: Completed = pool
      ? await pool.run(order)
      : compareInScope(design, slice.scope, { maxStates });
    return { design: design.name, slice: slice.name, ...completed };
  };
  try {
    return await Promise.all(tasks.map(one));
  } finally {
    await pool?.destroy();
  }
};
