/**
 * What the packed search explores: a system whose states are a few 32-bit words. States lie one
 * after another in an `Int32Array`; `at` is the place of a state's first word. Nothing is allocated
 * for a state or a transition.
 */

/** Every function is deterministic, and none of them keeps the arrays that it is given. */
export interface PackedSystem {
  /**
   * How many bits of each word a state uses, from the lowest on: 1 to 32 for each of its words.
   * All other bits are 0; a state that breaks this ends the search with an error, because two
   * states could be taken for one.
   */
  readonly bits: readonly number[];
  /** One after another. */
  readonly initial: Int32Array;
  /** No state has more successors; one that a system writes twice counts twice. */
  readonly mostSuccessors: number;
  /**
   * Writes every successor of the state at `from[at]` to `to`, beginning at `to[end]`, and returns
   * where they end. The same state gives the same successors in the same order; the number of a
   * successor, from 0, names the move that leads to it. `from` and `to` are different arrays.
   */
  readonly successors: (from: Int32Array, at: number, to: Int32Array, end: number) => number;
  /** 0, or the code of an invariant that the state breaks. */
  readonly check?: (states: Int32Array, at: number) => number;
  /**
   * Puts in place of a state the representative of all that behave like it. `symmetryFault` says
   * whether that is so.
   */
  readonly canonical?: (states: Int32Array, at: number) => void;
  /** What a person calls the move that leads to successor `move` of a state. */
  readonly moveName?: (states: Int32Array, at: number, move: number) => string;
}

/** Throws with one line that says what is wrong with the description of a system. */
export function demandWellFormed({ bits, initial, mostSuccessors }: PackedSystem): void {
  const words = bits.length;
  if (words === 0 || bits.some((each) => !Number.isInteger(each) || each < 1 || each > 32)) {
    throw new RangeError(`bits: expected 1 to 32 for each word, found [${bits.join(", ")}]`);
  }
  if (initial.length === 0 || initial.length % words !== 0) {
    throw new RangeError(
      `initial: expected one or more states of ${words} words, found ${initial.length} words`,
    );
  }
  if (!Number.isInteger(mostSuccessors) || mostSuccessors < 0) {
    throw new RangeError(`mostSuccessors: expected a count, found ${mostSuccessors}`);
  }
}

/** The bits of a word that a state must leave 0. */
export const unusedBits = (bits: number): number => (bits === 32 ? 0 : -1 << bits);
