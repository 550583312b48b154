/**
 * The five kinds of property. A judging function returns `null` when it is satisfied and otherwise
 * one line that says which conjunct failed. A `premise` says when a property has something to judge:
 * a property whose premise was never true holds for want of a case, and its verdict says so.
 */
import type { Transition } from "./system.ts";

type Named = {
  /** kebab-case */
  readonly id: string;
};

/** In every reachable state. `moves` is what can be done in it (deadlocks are properties too). */
export type Always<State, Move> = Named & {
  readonly kind: "always";
  readonly premise?: (state: State, moves: readonly Move[]) => boolean;
  readonly judge: (state: State, moves: readonly Move[]) => string | null;
};

/** On every transition. */
export type OnStep<State, Move, Event> = Named & {
  readonly kind: "step";
  readonly premise?: (transition: Transition<State, Move, Event>) => boolean;
  readonly judge: (transition: Transition<State, Move, Event>) => string | null;
};

/** Whenever `from` holds, `to` holds then or later, in every fair run. */
export type LeadsTo<State> = Named & {
  readonly kind: "leadsTo";
  readonly from: (state: State) => boolean;
  readonly to: (state: State) => boolean;
};

/** From every reachable state the goal can still come about. */
export type CanAlways<State> = Named & {
  readonly kind: "canAlways";
  readonly goal: (state: State) => boolean;
};

/** Some transition carries the mark. A run in which none does has not looked at what it should. */
export type Reach<State, Move, Event> = Named & {
  readonly kind: "reach";
  readonly mark: (transition: Transition<State, Move, Event>) => boolean;
};

export type Property<State, Move, Event> =
  | Always<State, Move>
  | OnStep<State, Move, Event>
  | LeadsTo<State>
  | CanAlways<State>
  | Reach<State, Move, Event>;

/** Where an exploration was cut short. */
export type Cut = { readonly by: "states" | "depth" | "time" | "walks"; readonly at: number };

/** The moves from the initial state; a lasso repeats the moves from `loopFrom` on for ever. */
export type Witness<Move> = { readonly moves: readonly Move[]; readonly loopFrom: number | null };

/** The verdict on one property in one scope. */
export type Verdict<Move> =
  | { readonly kind: "holds" }
  | { readonly kind: "broken"; readonly reason: string; readonly witness: Witness<Move> }
  /** a canAlways whose goal, or a mark, that no reachable state or transition shows */
  | { readonly kind: "never"; readonly witness: Witness<Move> }
  | { readonly kind: "reached"; readonly witness: Witness<Move> }
  | { readonly kind: "premise-unreachable" }
  | { readonly kind: "inconclusive"; readonly cut: Cut };
