/** One bug, looked for from several seeds by both, one after the other in the same process. */
import type { Bug } from "../../impl/index.ts";
import { underWith } from "../../properties/bugs/planted.ts";
import { arenasOf } from "../../properties/lockstep/arenas.ts";
import { fixedSeed, type Theme } from "../../properties/lockstep/index.ts";
import { quantile } from "../throughput/statistics.ts";
import { commandsHunter, type Found, type Opponent, ourHunter } from "./hunters.ts";
import type { Options } from "./options.ts";

/** The middle one of all seeds; what was not found counts as later than anything. */
type Medians = {
  readonly milliseconds: number;
  readonly operations: number;
  readonly actions: number;
};

export type Side = {
  /** Null: missed from more than half of the seeds. */
  readonly median: Medians | null;
  readonly tried: number;
  readonly found: number;
};

export type Row = { readonly bug: string; readonly ours: Side; readonly commands: Side };

const never = Number.MAX_VALUE;

const median = (found: readonly Found[], of: keyof Medians): number =>
  quantile(
    found.map((kill) => kill?.[of] ?? never),
    0.5,
  );

/** Is it settled that more than half of the seeds miss it? */
export const isMissed = (found: readonly Found[], seeds: number): boolean =>
  found.filter((kill) => kill === null).length * 2 > seeds;

export const sideOf = (found: readonly Found[], seeds: number): Side => ({
  median: isMissed(found, seeds)
    ? null
    : {
        milliseconds: median(found, "milliseconds"),
        operations: median(found, "operations"),
        actions: median(found, "actions"),
      },
  tried: found.length,
  found: found.filter((kill) => kill !== null).length,
});

/**
 * Both take turns, so that whatever else the machine does befalls both, and turns in going first,
 * because the first one also pays for what is compiled and built on demand.
 */
export const measured = (
  bug: Bug,
  theme: Theme,
  { against, seeds, cap }: Pick<Options, "against" | "seeds" | "cap">,
): Row => {
  const arenas = arenasOf(theme, bug.designs, underWith([bug]));
  /** Building the two floors is nobody's finding power. */
  for (const arena of arenas) arena.lockstep.reset();
  const one = { hunter: ourHunter(arenas), found: [] as Found[] };
  const other = { hunter: commandsHunter(arenas, against), found: [] as Found[] };
  for (let seed = 0; seed < seeds; seed++)
    for (const { hunter, found } of seed % 2 === 0 ? [one, other] : [other, one])
      if (!isMissed(found, seeds)) found.push(hunter(fixedSeed + seed, cap));
  return { bug: bug.id, ours: sideOf(one.found, seeds), commands: sideOf(other.found, seeds) };
};

/** Both look for nothing for a while, so that no bug has to be found by code that is not compiled. */
export const warmUp = (theme: Theme, against: Opponent, milliseconds: number): void => {
  const arenas = arenasOf(theme);
  for (const hunter of [ourHunter(arenas), commandsHunter(arenas, against)])
    if (hunter(fixedSeed, milliseconds)) throw new Error("found a bug where none is planted");
};
