/** The whole matrix: every bug measured, shared out to worker threads. */
import { Piscina } from "piscina";
import { type Bug, bugs } from "../../impl/index.ts";
import type { Known } from "./hunt.ts";
import type { Kills } from "./kills.ts";
import { budget, type Measured, measure } from "./measure.ts";

export type MatrixOptions = {
  readonly known: Known;
  /** Threads. 0: in this one; so it is too when the program runs from its TypeScript sources. */
  readonly workers: number;
  readonly only?: readonly string[];
  readonly onProgress?: (id: string, finished: number, total: number) => void;
};

/** In the order of the catalogue, by the ids of the bugs. */
export type Matrix = ReadonlyMap<string, Measured>;

const fromSources = import.meta.url.endsWith(".ts");

/** What came of each bug depends on nothing but the bug: not on who measured it, or when. */
export const measureAll = async (options: MatrixOptions): Promise<Matrix> => {
  const { known, workers, only, onProgress } = options;
  const asked = bugs.filter(({ id }) => only?.includes(id) ?? true);
  const threads = Math.min(workers, asked.length);
  const pool =
    threads < 1 || fromSources
      ? null
      : new Piscina({
          filename: new URL("./worker.js", import.meta.url).href,
          minThreads: threads,
          maxThreads: threads,
        });
  let finished = 0;
  const measureOne = async (bug: Bug): Promise<readonly [string, Measured]> => {
    const { id } = bug;
    const measured: Measured = pool ? await pool.run({ id, known }) : measure(bug, known);
    finished++;
    onProgress?.(id, finished, asked.length);
    return [id, measured];
  };
  try {
    return new Map(await Promise.all(asked.map(measureOne)));
  } finally {
    await pool?.destroy();
  }
};

export const killsOf = (matrix: Matrix): Kills => ({
  format: "mte-oracle/kills",
  version: 1,
  ...budget,
  bugs: Object.fromEntries([...matrix].map(([id, { kills }]) => [id, kills])),
});
