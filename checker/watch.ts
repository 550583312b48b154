/**
 * What each property has seen during a search. Properties are judged independently: a violation of
 * one stops neither the search nor the others, and the first one found is kept, which in a
 * breadth-first search is one with a shortest witness. After it the property's judge is not called
 * again.
 */
import { ByteList } from "./numbers.ts";
import type { Always, CanAlways, LeadsTo, OnStep, Property, Reach } from "./property.ts";
import type { Hop } from "./space.ts";
import type { Transition } from "./system.ts";

/** Something worth a witness, at state number `state` or on the move `hop` out of it. */
export type Sighting = {
  readonly state: number;
  readonly hop: Hop | null;
  readonly reason: string;
};

/** What an `always` or `step` property has seen. */
type Judged = { premiseSeen: boolean; violation: Sighting | null };

export type WatchedAlways<State, Move> = { readonly property: Always<State, Move> } & Judged;
export type WatchedStep<State, Move, Event> = {
  readonly property: OnStep<State, Move, Event>;
} & Judged;
export type WatchedReach<State, Move, Event> = {
  readonly property: Reach<State, Move, Event>;
  mark: Sighting | null;
};
/** The lists hold a byte for each state that was looked at. */
type WatchedLeadsTo<State> = {
  readonly property: LeadsTo<State>;
  readonly starts: ByteList;
  readonly unmet: ByteList;
  premiseSeen: boolean;
};
type WatchedCanAlways<State> = { readonly property: CanAlways<State>; readonly goals: ByteList };

/** All properties of one search, by kind. */
export class Watch<State, Move, Event> {
  readonly always: WatchedAlways<State, Move>[] = [];
  readonly steps: WatchedStep<State, Move, Event>[] = [];
  readonly reaches: WatchedReach<State, Move, Event>[] = [];
  readonly leadsTo: WatchedLeadsTo<State>[] = [];
  readonly canAlways: WatchedCanAlways<State>[] = [];
  #violated = false;
  readonly #keyOf: (state: State) => string;

  constructor(
    properties: readonly Property<State, Move, Event>[],
    keyOf: (state: State) => string,
  ) {
    this.#keyOf = keyOf;
    const ids = new Set<string>();
    for (const property of properties) {
      if (ids.has(property.id)) throw new Error(`two properties are called "${property.id}"`);
      ids.add(property.id);
      this.#add(property);
    }
  }

  /** Whether some property looks at runs, so that the search has to keep its transitions. */
  get needsGraph(): boolean {
    return this.leadsTo.length + this.canAlways.length > 0;
  }

  /** Whether an `always` or a `step` property is known to be broken. */
  get violated(): boolean {
    return this.#violated;
  }

  /** Judges state number `index`; each state is given once. */
  state(index: number, state: State, moves: readonly Move[]): void {
    for (const watched of this.always) {
      if (watched.violation !== null) continue;
      if (watched.property.premise?.(state, moves) === false) continue;
      watched.premiseSeen = true;
      const reason = watched.property.judge(state, moves);
      if (reason === null) continue;
      watched.violation = { state: index, hop: null, reason };
      this.#violated = true;
    }
    for (const watched of this.leadsTo) {
      const from = watched.property.from(state);
      const unmet = !watched.property.to(state);
      if (from) watched.premiseSeen = true;
      watched.starts.put(index, from && unmet ? 1 : 0);
      watched.unmet.put(index, unmet ? 1 : 0);
    }
    for (const { property, goals } of this.canAlways)
      goals.put(index, property.goal(state) ? 1 : 0);
  }

  /** Judges a transition by (or, in a reduced search, after) move number `move` of state `index`. */
  transition(index: number, move: number, transition: Transition<State, Move, Event>): void {
    for (const watched of this.steps) {
      if (watched.violation !== null) continue;
      if (watched.property.premise?.(transition) === false) continue;
      watched.premiseSeen = true;
      const reason = watched.property.judge(transition);
      if (reason === null) continue;
      const hop = { move, key: this.#keyOf(transition.after) };
      watched.violation = { state: index, hop, reason };
      this.#violated = true;
    }
    for (const watched of this.reaches) {
      if (watched.mark !== null || !watched.property.mark(transition)) continue;
      const hop = { move, key: this.#keyOf(transition.after) };
      watched.mark = { state: index, hop, reason: "reached" };
    }
  }

  #add(property: Property<State, Move, Event>): void {
    switch (property.kind) {
      case "always":
        this.always.push({ property, premiseSeen: false, violation: null });
        break;
      case "step":
        this.steps.push({ property, premiseSeen: false, violation: null });
        break;
      case "reach":
        this.reaches.push({ property, mark: null });
        break;
      case "leadsTo": {
        const starts = new ByteList();
        this.leadsTo.push({ property, starts, unmet: new ByteList(), premiseSeen: false });
        break;
      }
      case "canAlways":
        this.canAlways.push({ property, goals: new ByteList() });
        break;
    }
  }
}
