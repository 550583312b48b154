/** What the model does in its states, each of its steps worked out once and remembered. */
import type { Event, Move, Walker } from "../../model/index.ts";

/** A state of the model and all that it does in it. */
export type Known = {
  readonly moves: readonly Move[];
  readonly ends: readonly End[];
};

/** Where a move of the model leads, and what is told of it. */
export type End = {
  readonly key: string;
  readonly truth: number;
  readonly events: readonly Event[];
};

export class ModelSteps {
  /** How many steps were worked out. */
  count = 0;
  private readonly walker: Walker;
  private readonly known = new Map<string, Known>();

  constructor(walker: Walker) {
    this.walker = walker;
  }

  /** All moves of the state with this key, and where each leads. */
  at(key: string): Known {
    const before = this.known.get(key);
    if (before) return before;
    const { walker } = this;
    const world = walker.fromKey(key);
    const moves = walker.moves(world);
    const ends = moves.map((move) => {
      const { next, events } = walker.step(world, move);
      return { key: walker.key(next), truth: next.truth, events };
    });
    this.count += moves.length;
    const known = { moves, ends };
    this.known.set(key, known);
    return known;
  }
}
