/**
 * Does our generator miss anything? What fast-check's commands come across, in sequence and under its
 * scheduler, against what the generator comes across in as many actions and in the same scopes.
 */
import * as fc from "fast-check";
import type { Arena } from "./arbitrary.ts";
import { arenasOf } from "./arenas.ts";
import { commandsOf, runCommands } from "./commands.ts";
import { type Counts, Reach } from "./reach.ts";
import type { Step } from "./run.ts";
import { runScheduled, scheduledCommandsOf } from "./scheduled.ts";
import type { Theme } from "./themes.ts";

export type Effort = {
  readonly seed: number;
  readonly runs: number;
  /** Commands of a run at most; many of them turn out to be impossible. */
  readonly commands: number;
};

export type Reached = {
  readonly runs: number;
  readonly operations: number;
  readonly actions: number;
  /** In how many runs each thing was come across. */
  readonly inRuns: Counts;
};

type Watch = (step: Step) => void;

/** Runs in any of the arenas, each with its commands; what is reached again in a run counts once. */
class Counting {
  private readonly inRuns = new Map<string, number>();
  private run = new Reach();
  private runs = 0;
  private operations = 0;
  private actions = 0;

  begin(arena: Arena): Watch {
    this.close();
    this.runs++;
    return (step) => this.run.see(arena, step);
  }

  private close(): void {
    this.operations += this.run.operations;
    this.actions += this.run.actions;
    for (const what of Object.keys(this.run.table()))
      this.inRuns.set(what, (this.inRuns.get(what) ?? 0) + 1);
    this.run = new Reach();
  }

  end(): Reached {
    this.close();
    const { runs, operations, actions } = this;
    return { runs, operations, actions, inRuns: Object.fromEntries(this.inRuns) };
  }
}

/** An arena, and commands made for its scope. */
const inSomeArena = <Commands>(
  arenas: readonly Arena[],
  commandsFor: (arena: Arena) => fc.Arbitrary<Commands>,
): fc.Arbitrary<{ readonly arena: Arena; readonly commands: Commands }> =>
  fc.oneof(...arenas.map((arena) => commandsFor(arena).map((commands) => ({ arena, commands }))));

/** @throws Error with fast-check's story where model and implementation part */
export const reachedByCommands = (theme: Theme, { seed, runs, commands }: Effort): Reached => {
  const counting = new Counting();
  const arbitrary = inSomeArena(arenasOf(theme), (arena) => commandsOf(arena, commands));
  const property = fc.property(arbitrary, ({ arena, commands: each }) =>
    runCommands(arena, each, counting.begin(arena)),
  );
  fc.assert(property, { seed, numRuns: runs });
  return counting.end();
};

/** @throws Error with fast-check's story where model and implementation part */
export const reachedByScheduler = async (
  theme: Theme,
  { seed, runs, commands }: Effort,
): Promise<Reached> => {
  const counting = new Counting();
  const arbitrary = inSomeArena(arenasOf(theme), (arena) => scheduledCommandsOf(arena, commands));
  const property = fc.asyncProperty(
    fc.scheduler(),
    arbitrary,
    (scheduler, { arena, commands: each }) =>
      runScheduled(arena, scheduler, each, counting.begin(arena)),
  );
  await fc.assert(property, { seed, numRuns: runs });
  return counting.end();
};

/** Both, as if they had been one. */
export const together = (one: Reached, other: Reached): Reached => {
  const inRuns: { [what: string]: number } = { ...one.inRuns };
  for (const [what, count] of Object.entries(other.inRuns))
    inRuns[what] = (inRuns[what] ?? 0) + count;
  return {
    runs: one.runs + other.runs,
    operations: one.operations + other.operations,
    actions: one.actions + other.actions,
    inRuns,
  };
};

/** Operations with their outcomes, marks and boundaries; what was refused or had to wait aside. */
const isCompared = (what: string): boolean => !/^\S+ (?:refuses|waits)\b/.test(what);

export const countOf = (reach: Counts): number => Object.keys(reach).filter(isCompared).length;

/** What one came across in so many runs or more, and the other not at all. */
export const missedBy = (ours: Counts, { inRuns }: Reached, runs: number): readonly string[] =>
  Object.entries(inRuns).flatMap(([what, count]) =>
    isCompared(what) && ours[what] === undefined && count >= runs
      ? [`${what}: in ${count} runs`]
      : [],
  );
