/**
 * Model and implementation in one search, for whole designs: every slice a task of its own, shared
 * out to worker threads. What comes out does not depend on how many there are.
 */
import { Piscina } from "piscina";
import { isPacked } from "../impl/index.ts";
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

export type ComparedSlice = Completed & { readonly design: string; readonly slice: string };

export type CompareOptions = Pick<
  RunOptions,
  "machine" | "designs" | "slices" | "size" | "workers"
> & {
  /** Of each slice. */
  readonly maxStates: number;
};

const fromSources = import.meta.url.endsWith(".ts");

/** Compares in all slices of those designs that have an implementation, in the order of the tasks. */
export const compareImplementations = async (
  options: CompareOptions,
): Promise<readonly ComparedSlice[]> => {
  const { workers, maxStates } = options;
  const tasks = tasksOf(options).filter(({ design }) => isPacked(design));
  const threads = Math.min(workers, tasks.length);
  const pool =
    threads < 1 || fromSources
      ? null
      : new Piscina({
          filename: new URL("./implementation-worker.js", import.meta.url).href,
          minThreads: threads,
          maxThreads: threads,
        });
  const one = async ({ design, slice }: Task): Promise<ComparedSlice> => {
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
