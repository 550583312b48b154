/**
 * What a generator walks: model and implementation side by side, or, for a design that lives in the
 * model alone, the design and what judges it.
 */
import type { Patch } from "../../impl/index.ts";
import type { Design, Event, Move, Walker, World } from "../../model/index.ts";
import type { Difference } from "./difference.ts";
import type { Step } from "./run.ts";

/** What went wrong, and where: the two parted, or a row broke. Every field is a phrase. */
export type Mismatch = Difference & {
  readonly actor: string;
  readonly operation: string;
  readonly action: string;
};

export const describeMismatch = (mismatch: Mismatch): string =>
  `${mismatch.actor}, ${mismatch.operation}, ${mismatch.action}: ${mismatch.part}:` +
  ` expected ${mismatch.expected}, found ${mismatch.found}`;

/** What is under test; nothing planted where it is left out. */
export type Under = {
  readonly design?: (design: Design) => Design;
  readonly patch?: Patch;
};

export type Act = Extract<Move, { kind: "act" }>;

export type Floors = {
  readonly walker: Walker;
  readonly world: World;
  /** What the model told of the last action. */
  readonly events: readonly Event[];
  /** Is there somebody who has to refuse what nobody may ask for? */
  readonly refuses: boolean;
  /** Begins anew. */
  reset(): void;
  /** Does a step; null where nothing is wrong. */
  do(step: Step): Mismatch | null;
  /** The moves of a step's actor that differ from it in the choice alone; none: it cannot be done. */
  alternatives(move: Act): readonly Act[];
  /** Does whoever implements the design decide this, and not the run? */
  isOwnChoice(move: Act): boolean;
};
