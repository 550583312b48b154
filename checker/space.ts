/**
 * The states found so far: their keys, and for each the move by which it was first reached. From
 * these a witness is made by executing the moves once more; no state itself is kept.
 */
import { IntList, itemAt } from "./numbers.ts";
import type { Witness } from "./property.ts";
import type { System } from "./system.ts";

/** One move of a path: its index among the moves of the state, and the key it must arrive at. */
export type Hop = { readonly move: number; readonly key: string };

/** States are numbered in the order in which they were found. */
export class Space {
  readonly #keys: string[] = [];
  readonly #indexOf = new Map<string, number>();
  readonly #parents = new IntList();
  readonly #moves = new IntList();
  readonly #depths = new IntList();
  #deepest = 0;

  constructor(initialKey: string) {
    this.#push(initialKey, -1, -1, 0);
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The deepest state found: how many moves the way has by which it was found. */
  get depth(): number {
    return this.#deepest;
  }

  indexOf(key: string): number | undefined {
    return this.#indexOf.get(key);
  }

  keyOf(index: number): string {
    return itemAt(this.#keys, index);
  }

  depthOf(index: number): number {
    return this.#depths.at(index);
  }

  /** Adds a new state that move number `move` of the state `parent` leads to. */
  add(key: string, parent: number, move: number): number {
    return this.#push(key, parent, move, this.depthOf(parent) + 1);
  }

  /** The way from the initial state by which it was found: breadth-first, a shortest one. */
  pathTo(index: number): readonly Hop[] {
    const path: Hop[] = [];
    for (let at = index; at !== 0; at = this.#parents.at(at)) {
      path.push({ move: this.#moves.at(at), key: this.keyOf(at) });
    }
    return path.reverse();
  }

  #push(key: string, parent: number, move: number, depth: number): number {
    const index = this.size;
    this.#keys.push(key);
    this.#indexOf.set(key, index);
    this.#parents.push(parent);
    this.#moves.push(move);
    this.#depths.push(depth);
    this.#deepest = Math.max(this.#deepest, depth);
    return index;
  }
}

/**
 * Executes a path from the initial state and returns its moves. Throws when a move does not arrive
 * where it arrived during the search: a witness that does not replay would be worth nothing.
 */
export function replay<State, Move, Event>(
  system: System<State, Move, Event>,
  path: readonly Hop[],
  loopFrom: number | null,
): Witness<Move> {
  const moves: Move[] = [];
  let state = system.initial;
  for (const hop of path) {
    const move = system.moves(state)[hop.move];
    if (move === undefined) throw unrepeatable(moves.length, "its move is not possible any more");
    state = system.step(state, move).next;
    moves.push(move);
    const key = system.key(state);
    if (key !== hop.key) {
      throw unrepeatable(moves.length - 1, `it led to ${hop.key} and now leads to ${key}`);
    }
  }
  return { moves, loopFrom };
}

function unrepeatable(position: number, what: string): Error {
  return new Error(
    `the system is not deterministic: at move ${position} of a witness ${what}. ` +
      "moves, step, key and fromKey must depend on their arguments only and change none of them, " +
      "and fromKey(key(state)) must behave as the state does",
  );
}
