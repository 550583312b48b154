/**
 * The whole table: every design in every slice, shared out to worker threads. Each exploration is a
 * task of its own and depends on nothing but its arguments, so that the number of workers, and which
 * of them is first, change nothing in what comes out.
 */
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Bounds, Progress } from "../checker/index.ts";
import type { Design, Machine } from "../model/index.ts";
import { type BlockSize, blockSlicesOf } from "./blocks.ts";
import { exploreSlice, type SliceReport } from "./explore.ts";
import { machineryOf } from "./frugal.ts";
import { type Profile, profiled } from "./profiles.ts";
import { type Size, sized } from "./sizes.ts";
import { type Slice, slicesOf } from "./slices.ts";
import type { Strategy } from "./strategy.ts";
import { type Column, columnOf } from "./table.ts";

/** One design in one slice. */
export type Task = { readonly design: Design; readonly slice: Slice };

/** What a worker is sent: plain data; the design is found by its name. */
export type WorkOrder = {
  readonly design: string;
  readonly slice: Slice;
  readonly bounds: Bounds;
  readonly strategy: Strategy;
};

export type SliceProgress = {
  readonly kind: "running" | "finished";
  readonly design: string;
  readonly slice: string;
  readonly progress: Progress;
  /** Of all slices of the run. */
  readonly finished: number;
  readonly total: number;
};

export type RunOptions = {
  readonly machine: Machine;
  readonly designs: readonly Design[];
  /** Names of slices; all of them where it is left out. */
  readonly slices?: readonly string[];
  /** Of these, only those for which it is true. */
  readonly where?: (design: Design, slice: string) => boolean;
  /** Of every scope; usual where it is left out. */
  readonly size?: Size;
  /** Slices with blocks of so many pages instead of the usual ones. */
  readonly blocks?: BlockSize;
  /** Who asks for tags; ordinary processes where it is left out. */
  readonly profile?: Profile;
  /** Threads. 0: in this one; so it is too when the program runs from its TypeScript sources. */
  readonly workers: number;
  /** `maxMilliseconds` bounds the whole run, the others each exploration. */
  readonly bounds?: Bounds;
  /** Breadth-first where it is left out. */
  readonly strategy?: Strategy;
  readonly onProgress?: (progress: SliceProgress) => void;
  /** States that a task may have, to begin with the largest; no result depends on it. */
  readonly sizeOf?: (design: string, slice: string) => number;
  /** Stops the run; what is finished by then is returned. */
  readonly signal?: AbortSignal;
};

/** Every task of a run, in the order in which results are reported. */
export const tasksOf = ({
  machine,
  designs,
  slices,
  size = "usual",
  blocks,
  where = () => true,
  profile = "processes",
}: Pick<
  RunOptions,
  "machine" | "designs" | "slices" | "where" | "size" | "blocks" | "profile"
>): readonly Task[] =>
  designs.flatMap((design) =>
    (blocks === undefined ? slicesOf(machine, design) : blockSlicesOf(design, blocks))
      .filter(({ name }) => (slices?.includes(name) ?? true) && where(design, name))
      .map((slice) => ({ design, slice: profiled(sized(slice, size), profile) })),
  );

const fromSources = import.meta.url.endsWith(".ts");

type Explore = (
  task: Task,
  bounds: Bounds,
  onProgress: (progress: Progress) => void,
) => Promise<SliceReport>;

const here =
  (strategy: Strategy): Explore =>
  async ({ design, slice }, bounds, onProgress) =>
    exploreSlice(design, slice.name, slice.scope, {
      ...{ bounds, strategy, onProgress },
      machinery: machineryOf(design, slice),
    });

const inPool =
  (pool: Piscina, strategy: Strategy, signal: AbortSignal): Explore =>
  async ({ design, slice }, bounds, onProgress) => {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", onProgress);
    const order: WorkOrder = { design: design.name, slice, bounds, strategy };
    try {
      return await pool.run({ order, port: port2 }, { transferList: [port2], signal });
    } finally {
      port1.close();
    }
  };

/** What is left of the whole run's time; no slice begins with none at all. */
const within = (bounds: Bounds, begin: number): Bounds => {
  const { maxMilliseconds } = bounds;
  if (maxMilliseconds === undefined) return bounds;
  return { ...bounds, maxMilliseconds: Math.max(1, maxMilliseconds - (performance.now() - begin)) };
};

/** A cut by time names the bound of the run, not what was left of it: that differs every time. */
const withoutClock = (report: SliceReport, { maxMilliseconds }: Bounds): SliceReport => {
  if (report.cut?.by !== "time" || maxMilliseconds === undefined) return report;
  const cut = { by: "time", at: maxMilliseconds } as const;
  return {
    ...report,
    cut,
    findings: report.findings.map((finding) =>
      finding.result.kind === "inconclusive"
        ? { ...finding, result: { ...finding.result, cut } }
        : finding,
    ),
  };
};

/**
 * Explores all tasks and puts the table together: a column for each design of which something is
 * finished, and that is all of them unless the run was stopped.
 *
 * @throws RangeError when the machine is too small for the slices
 */
export const runTable = async (options: RunOptions): Promise<readonly Column[]> => {
  const { designs, workers, bounds = {}, onProgress, sizeOf = () => 0 } = options;
  const { strategy = { kind: "breadth-first" } } = options;
  const tasks = tasksOf(options);
  const reports = new Map<Task, SliceReport>();
  const begin = performance.now();
  const controller = new AbortController();
  const stop = () => controller.abort();
  options.signal?.addEventListener("abort", stop);
  const threads = Math.min(workers, tasks.length);
  const pool =
    threads < 1 || fromSources
      ? null
      : new Piscina({
          filename: new URL("./worker.js", import.meta.url).href,
          minThreads: threads,
          maxThreads: threads,
        });
  const exploreTask = pool ? inPool(pool, strategy, controller.signal) : here(strategy);
  const work = async (task: Task): Promise<void> => {
    const tell = (kind: SliceProgress["kind"], progress: Progress): void =>
      onProgress?.({
        kind,
        design: task.design.name,
        slice: task.slice.name,
        progress,
        finished: reports.size,
        total: tasks.length,
      });
    if (controller.signal.aborted) return;
    const report = await exploreTask(task, within(bounds, begin), (each) => tell("running", each));
    reports.set(task, withoutClock(report, bounds));
    tell("finished", { ...report, queue: 0 });
  };
  const queue = tasks.toSorted(
    (a, b) => sizeOf(b.design.name, b.slice.name) - sizeOf(a.design.name, a.slice.name),
  );
  /** As many at a time as there are threads, so that the time left is asked when a task begins. */
  const next = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await work(task);
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, threads) }, next));
  } catch (thrown) {
    if (options.signal?.aborted !== true) throw thrown;
  } finally {
    options.signal?.removeEventListener("abort", stop);
    controller.abort();
    await pool?.destroy();
  }
  return designs.flatMap((design) => {
    const own = tasks.flatMap((task) => {
      const report = reports.get(task);
      return task.design === design && report ? [report] : [];
    });
    return own.length > 0 ? [columnOf(design, own)] : [];
  });
};
