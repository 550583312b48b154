/**
 * Two ways to look at fewer states, and what each of them may not be used for.
 *
 * - Symmetry: of states that behave alike one representative is kept. It is sound for properties
 *   that do not tell them apart; for whole runs only if the moves of a state and of its
 *   representative belong to the same fair sets.
 * - Order: a move that commutes with all that others can do, and that no property sees, is taken at
 *   once, and states in which one waits are passed by. (A partial-order reduction: such moves are
 *   confluent, and taking them first keeps a state space branching bisimilar.) Fair runs are not
 *   judged with it, because who waits how long changes with the order.
 *
 * `faults.ts` asks of every state of a scope whether the two are what they are taken for.
 */
import type { Property } from "./property.ts";

export type Symmetry<State> = {
  /** The representative of all states that behave like this one; its own is itself. */
  readonly canonical: (state: State) => State;
  /** Does a move belong to the fair sets that its like in the representative belongs to? */
  readonly keepsFairness: boolean;
};

export type Reduction<State, Move> = {
  readonly symmetry?: Symmetry<State>;
  /** Possible moves that commute with those of all others; of several the first is taken first. */
  readonly urgent?: (state: State) => readonly Move[];
};

/** @throws Error that names a property which the reduction is unsound for */
export function demandSound<State, Move, Event>(
  { symmetry, urgent }: Reduction<State, Move>,
  properties: readonly Property<State, Move, Event>[],
): void {
  const run = properties.find(({ kind }) => kind === "leadsTo");
  if (run === undefined) return;
  if (urgent !== undefined)
    throw new Error(`"${run.id}" is a leadsTo property: a reduction of the order changes its runs`);
  if (symmetry?.keepsFairness === false)
    throw new Error(`"${run.id}" is a leadsTo property: the symmetry does not keep fair sets`);
}

/** More urgent moves in a row than this go round in a circle. */
const mostUrgent = 1000;

/**
 * Takes `move`, then what is urgent after it, and gives the representative of where that ends, or
 * `null` when `take` does, which executes one move.
 */
export function settle<State, Move>(
  { symmetry, urgent }: Reduction<State, Move>,
  state: State,
  move: Move,
  take: (state: State, move: Move) => State | null,
): State | null {
  let at = take(state, move);
  if (urgent !== undefined)
    for (let taken = 0; at !== null; taken++) {
      const [next] = urgent(at);
      if (next === undefined) break;
      if (taken === mostUrgent) throw new Error("urgent moves go round in a circle");
      at = take(at, next);
    }
  return at === null || symmetry === undefined ? at : symmetry.canonical(at);
}
