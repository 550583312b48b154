/**
 * A path of a reduced search as a run of the system itself. What a search kept are representatives,
 * so each hop is gone again by a move that leads to a state of the right kind; the urgent moves
 * after it belong to the run. What was found at the end of the path is then looked for in the run,
 * and if it is not there the reduction was not sound.
 */
import type { Witness } from "./property.ts";
import { type Reduction, settle } from "./reduction.ts";
import type { Hop } from "./space.ts";
import type { System, Transition } from "./system.ts";

/** What a property says of a transition: a reason, or `null` where it is nothing. */
type Shows<State, Move, Event> = (transition: Transition<State, Move, Event>) => string | null;

export type Shown<Move> = { readonly reason: string; readonly witness: Witness<Move> };

/** A loop closes when the names are the same again, after so many rounds at most. */
const mostRounds = 10_000;

export class Retrace<State, Move, Event> {
  /** Of the system itself, with the names that it gives. */
  state: State;
  readonly moves: Move[] = [];
  readonly #system: System<State, Move, Event>;
  readonly #reduction: Reduction<State, Move>;
  /** The key of the representative. */
  #kind: string;

  constructor(system: System<State, Move, Event>, reduction: Reduction<State, Move>) {
    this.#system = system;
    this.#reduction = reduction;
    this.state = system.initial;
    this.#kind = this.#kindOf(system.initial);
  }

  along(path: readonly Hop[]): this {
    for (const hop of path) this.#go(hop);
    return this;
  }

  /** The witness so far; it ends in a state. */
  witness(): Witness<Move> {
    return { moves: [...this.moves], loopFrom: null };
  }

  /** The run up to the first transition out of this state that shows something. */
  showing(shows: Shows<State, Move, Event>): Shown<Move> {
    const system = this.#system;
    for (const first of system.moves(this.state)) {
      const moves = [...this.moves];
      let reason: string | null = null;
      settle(this.#reduction, this.state, first, (before, move) => {
        const { next: after, events } = system.step(before, move);
        moves.push(move);
        reason = shows({ before, move, after, events });
        return reason === null ? after : null;
      });
      if (reason !== null) return { reason, witness: { moves, loopFrom: null } };
    }
    throw unsound("what it found on a move is not there in a run");
  }

  /** Goes round until a state comes back as itself, and not only as one of its kind. */
  around(loop: readonly Hop[]): Witness<Move> {
    const rounds = new Map<string, number>();
    for (let round = 0; round < mostRounds; round++) {
      const key = this.#system.key(this.state);
      const loopFrom = rounds.get(key);
      if (loopFrom !== undefined) return { moves: [...this.moves], loopFrom };
      rounds.set(key, this.moves.length);
      this.along(loop);
      if (loop.length === 0) return { moves: [...this.moves], loopFrom: this.moves.length };
    }
    throw unsound("a loop of representatives never closes");
  }

  #kindOf(state: State): string {
    const { symmetry } = this.#reduction;
    return this.#system.key(symmetry === undefined ? state : symmetry.canonical(state));
  }

  #go(hop: Hop): void {
    const system = this.#system;
    const fair = this.#fairSetsOf(hop);
    for (const first of system.moves(this.state)) {
      if (fair !== null && system.fairSetsOf(this.state, first) !== fair) continue;
      const taken: Move[] = [];
      let end = this.state;
      const kind = settle(this.#reduction, this.state, first, (before, move) => {
        taken.push(move);
        end = system.step(before, move).next;
        return end;
      });
      if (kind === null || system.key(kind) !== hop.key) continue;
      this.state = end;
      this.moves.push(...taken);
      this.#kind = hop.key;
      return;
    }
    throw unsound("a move of a representative is not possible in a state of its kind");
  }

  /** The fair sets of the move as the representative has it; null where they may differ. */
  #fairSetsOf({ move }: Hop): number | null {
    const system = this.#system;
    if (this.#reduction.symmetry?.keepsFairness !== true) return null;
    const representative = system.fromKey(this.#kind);
    const known = system.moves(representative)[move];
    if (known === undefined) throw unsound("a representative has not the moves that it had");
    return system.fairSetsOf(representative, known);
  }
}

/** A witness that does not replay would be worth nothing. */
export function unsound(what: string): Error {
  return new Error(`the reduction is not sound: ${what}`);
}
