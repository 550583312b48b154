/**
 * The kill matrix as committed data: `kills.json` beside this file. For each planted bug and each
 * lockstep suite after how many operations the two parted, and in what; by the checker which row
 * breaks, in how long a run. A difference is a change that somebody has to explain; `npm run kills`
 * writes the file anew.
 */
import { z } from "zod";
import { type Difference, firstDifference } from "../lockstep/index.ts";

const suiteKillSchema = z
  .strictObject({
    /** Started before the action in which the two parted, over all runs of the suite so far. */
    operations: z.int().min(0),
    action: z.string(),
    /** Where model and implementation differ first. */
    part: z.string(),
  })
  .readonly();

const checkerKillSchema = z
  .strictObject({
    slice: z.string(),
    row: z.string(),
    /** The rule of the contract that the row cites; null where it asks about something else. */
    rule: z.string().nullable(),
    operations: z.int().min(0),
    switches: z.int().min(0),
    actions: z.int().min(0),
  })
  .readonly();

const bugKillsSchema = z
  .strictObject({
    harmless: z.boolean(),
    /** The first design that can have the bug: the checker explores this one. */
    design: z.string(),
    /** Operations of the story of its source. */
    story: z.int().min(0),
    /** By name, those with a design that can have the bug; null: not within the budget. */
    suites: z.record(z.string(), suiteKillSchema.nullable()).readonly(),
    checker: checkerKillSchema.nullable(),
    /** By the other designs that can have the bug and live in the model alone; null: no row breaks. */
    others: z.record(z.string(), checkerKillSchema.nullable()).readonly().exactOptional(),
  })
  .readonly();

const killsSchema = z
  .strictObject({
    format: z.literal("mte-oracle/kills"),
    version: z.literal(1),
    /** Of every suite: the seed, the runs, and the steps of a run at most. */
    seed: z.int(),
    runs: z.int().min(1),
    length: z.int().min(1),
    /** The runs of every suite for a bug that none of them kills in those. */
    moreRuns: z.int().min(1),
    /** What a harmless change has to pass. */
    harmlessRuns: z.int().min(1),
    harmlessStates: z.int().min(1),
    bugs: z.record(z.string(), bugKillsSchema).readonly(),
  })
  .readonly();

export type SuiteKill = z.infer<typeof suiteKillSchema>;
export type CheckerKill = z.infer<typeof checkerKillSchema>;
export type BugKills = z.infer<typeof bugKillsSchema>;
export type Kills = z.infer<typeof killsSchema>;

/** @throws Error when the text is not the project's own file: it is part of the installation */
export const parseKills = (text: string): Kills => killsSchema.parse(JSON.parse(text));

/** The bytes of the file. */
export const writeKills = (kills: Kills): string =>
  `${JSON.stringify(killsSchema.parse(kills), null, 2)}\n`;

/** Everything that is not as expected, with its place. */
export const compareKills = (expected: Kills, found: Kills): readonly Difference[] => {
  const { bugs: wanted, ...numbers } = expected;
  const { bugs, ...others } = found;
  const differences = [firstDifference(numbers, others)];
  for (const id of new Set([...Object.keys(wanted), ...Object.keys(bugs)]))
    differences.push(firstDifference({ [id]: wanted[id] }, { [id]: bugs[id] }));
  return differences.flatMap((difference) => difference ?? []);
};

export type SoonestKill = SuiteKill & { readonly suite: string };

/** The suite that needed the fewest operations; null where none kills. */
export const soonestOf = ({ suites }: BugKills): SoonestKill | null => {
  let soonest: SoonestKill | null = null;
  for (const [suite, kill] of Object.entries(suites))
    if (kill && (soonest === null || kill.operations < soonest.operations))
      soonest = { ...kill, suite };
  return soonest;
};

/** How many bugs of the matrix the checker kills in this very design. */
export const killedIn = ({ bugs }: Kills, design: string): number =>
  Object.values(bugs).filter(({ harmless, checker, others = {}, ...row }) =>
    harmless ? false : (row.design === design ? checker : others[design]) != null,
  ).length;

/** What a bug has to be, as phrases of what it is not: killed by both, and in a short run. */
export const shortcomings = (id: string, kills: BugKills): readonly string[] => {
  const { harmless, checker, story, others = {} } = kills;
  const soonest = soonestOf(kills);
  if (harmless)
    return [
      ...(soonest ? [`${id} is harmless, and suite ${soonest.suite} flags it`] : []),
      ...(checker ? [`${id} is harmless, and row ${checker.row} flags it`] : []),
    ];
  const unharmed = Object.keys(others).filter((design) => others[design] === null);
  if (!checker) return [`${id} survives the checker`, ...(soonest ? [] : [`${id} survives`])];
  const longer = `${id}: ${checker.operations} operations, its story has ${story}`;
  return [
    ...(soonest ? [] : [`${id} survives every suite`]),
    ...(checker.operations > story ? [longer] : []),
    ...unharmed.map((design) => `${id} survives the checker in ${design}`),
  ];
};
