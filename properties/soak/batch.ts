/** A batch: some runs of one suite from one seed, as plain data that crosses between threads. */
import { bugNamed } from "../../impl/index.ts";
import { underWith } from "../bugs/planted.ts";
import { runSuite, ScheduleSet, type SuiteFailure, themeNamed } from "../lockstep/index.ts";

export type BatchOrder = {
  readonly suite: string;
  readonly seed: number;
  readonly runs: number;
  /** No run begins after so long. */
  readonly milliseconds: number;
  /** Planted, for whoever wants to see that something is found. */
  readonly bugs: readonly string[];
};

export type BatchResult = {
  readonly runs: number;
  readonly operations: number;
  readonly actions: number;
  /** Hashes of the schedules, as pairs: to be counted over all batches. */
  readonly schedules: Uint32Array;
  readonly failure: SuiteFailure | null;
};

/** Designs that can have all of the bugs; undefined: there are none, so every design will do. */
const designsWith = (bugs: readonly string[]): readonly string[] | undefined => {
  const [first, ...others] = bugs.map((id) => bugNamed(id)?.designs ?? []);
  return first?.filter((design) => others.every((designs) => designs.includes(design)));
};

/** Has the suite a design that can have the bugs? */
export const canRun = (suite: string, bugs: readonly string[]): boolean => {
  const designs = designsWith(bugs);
  const theme = themeNamed(suite);
  return theme?.designs.some(({ name }) => designs?.includes(name) ?? true) ?? false;
};

/** @throws Error when there is no such suite */
export const runBatch = ({ suite, seed, runs, milliseconds, bugs }: BatchOrder): BatchResult => {
  const theme = themeNamed(suite);
  if (!theme) throw new Error(`there is no suite ${suite}`);
  const schedules = new ScheduleSet();
  const designs = designsWith(bugs);
  const under = underWith(bugs.flatMap((id) => bugNamed(id) ?? []));
  const result = runSuite(theme, {
    seed,
    runs,
    milliseconds,
    under,
    schedules,
    ...(designs && { designs }),
  });
  const { operations, actions, failure } = result;
  return { runs: result.runs, operations, actions, schedules: schedules.hashes(), failure };
};
