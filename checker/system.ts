/**
 * What the checker explores: anything that can list its moves and apply them.
 * The checker knows neither pages nor tags; everything it needs is on this page.
 */

/** A class of moves that the scheduler may not neglect for ever (see {@link System.fairSets}). */
export type FairSet = {
  readonly name: string;
  /** weak: enabled for ever implies taken; strong: enabled again and again implies taken. */
  readonly kind: "weak" | "strong";
};

/** What one move does: the state after it, and the events that step properties look at. */
export type Step<State, Event> = {
  readonly next: State;
  readonly events: readonly Event[];
};

/** A finite transition system. Every function is pure and deterministic. */
export interface System<State, Move, Event> {
  readonly initial: State;
  /** At most 30 sets; a move belongs to the sets whose bits {@link fairSetsOf} returns. */
  readonly fairSets: readonly FairSet[];
  /** Every possible move, in a fixed order. `state` is never changed. */
  moves(state: State): readonly Move[];
  /** `move` is one of `moves(state)`. `state` is never changed. */
  step(state: State, move: Move): Step<State, Event>;
  /** Bit i set: the move belongs to `fairSets[i]`. */
  fairSetsOf(state: State, move: Move): number;
  /** Exact identity: two states are equal if and only if their keys are. Compact. */
  key(state: State): string;
  fromKey(key: string): State;
}

/** A transition as step properties and marks see it. */
export type Transition<State, Move, Event> = {
  readonly before: State;
  readonly move: Move;
  readonly after: State;
  readonly events: readonly Event[];
};
