/**
 * How long a run is for whoever has to read it: first the operations that were started, then how
 * often another actor goes on, then the actions.
 */
import type { Move } from "../model/index.ts";

export type Length = {
  /** Operations started. */
  readonly operations: number;
  /** Actions of another actor than the one before; the environment's moves are nobody's. */
  readonly switches: number;
  readonly actions: number;
};

export const lengthOf = (moves: readonly Move[]): Length => {
  const acts = moves.filter((move) => move.kind === "act");
  return {
    operations: acts.filter(({ starts }) => starts !== null).length,
    switches: acts.filter((move, index) => index > 0 && move.actor !== acts[index - 1]?.actor)
      .length,
    actions: moves.length,
  };
};
