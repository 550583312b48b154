/**
 * Two ways of looking for a planted bug, in the same places: our generator, which walks the model
 * while it generates, and fast-check's commands, which do not look. The same model, implementation
 * and comparison, the same runner (fast-check), and neither shrinks: the first mismatch ends it.
 */
import * as fc from "fast-check";
import {
  type Command,
  commandsOf,
  Parted,
  runCommands,
} from "../../properties/lockstep/commands.ts";
import {
  type Arena,
  defaultLength,
  RunArbitrary,
  type Step,
} from "../../properties/lockstep/index.ts";

/** What it took to find it; null: not found before the cap. */
export type Found = {
  readonly milliseconds: number;
  readonly operations: number;
  readonly actions: number;
} | null;

/** Looks from a seed for so many milliseconds at most. */
export type Hunter = (seed: number, cap: number) => Found;

/** The cap ends it, not this. */
const mostRuns = 10 ** 9;

/**
 * Commands of a run at most: half of that on the average, of which one in five is possible, so that
 * runs have about as many actions as ours.
 */
const commandsOfRun = 900;

class Counting {
  operations = 0;
  actions = 0;

  readonly see = (step: Step): void => {
    this.actions++;
    if (step.kind === "move" && step.move.kind === "act" && step.move.starts !== null)
      this.operations++;
  };
}

/** Until it fails or its time is up. */
const looked = <Ts>(
  property: fc.IProperty<Ts>,
  counting: Counting,
  seed: number,
  cap: number,
): Found => {
  const begun = performance.now();
  const { failed } = fc.check(property, {
    seed,
    numRuns: mostRuns,
    endOnFailure: true,
    interruptAfterTimeLimit: cap,
  });
  const milliseconds = performance.now() - begun;
  const { operations, actions } = counting;
  return failed ? { milliseconds, operations, actions } : null;
};

/** Our generator. */
export const ourHunter =
  (arenas: readonly Arena[]): Hunter =>
  (seed, cap) => {
    const counting = new Counting();
    const arbitrary = new RunArbitrary(arenas, defaultLength, (_, step) => counting.see(step));
    const property = fc.property(arbitrary, (run) => {
      const { steps, mismatch } = arbitrary.outcomeOf(run);
      if (mismatch === null) return true;
      /** The step in which they part is not watched. */
      for (const step of steps.slice(-1)) counting.see(step);
      return false;
    });
    return looked(property, counting, seed, cap);
  };

const holds = (arena: Arena, commands: Iterable<Command>, see: (step: Step) => void): boolean => {
  try {
    runCommands(arena, commands, see);
    return true;
  } catch (error) {
    if (!(error instanceof Parted)) throw error;
    see(error.step);
    return false;
  }
};

/** fast-check's commands, made once for all seeds. */
export const plainHunter = (arenas: readonly Arena[]): Hunter => {
  const arbitrary = fc.oneof(
    ...arenas.map((arena) =>
      commandsOf(arena, commandsOfRun).map((commands) => ({ arena, commands })),
    ),
  );
  return (seed, cap) => {
    const counting = new Counting();
    const property = fc.property(arbitrary, ({ arena, commands }) =>
      holds(arena, commands, counting.see),
    );
    return looked(property, counting, seed, cap);
  };
};
