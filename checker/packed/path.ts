/**
 * The way to a state that breaks an invariant. The search keeps no parents, so there is a second
 * one, in the same order, that numbers the states and keeps their parents, as far as the broken
 * state. The way found is then gone again, move by move, through the system itself.
 */
import { Budget, OutOfMemory } from "./memory.ts";
import { NumberedTable } from "./numbered-table.ts";
import type { PackedSystem } from "./system.ts";

export type PackedMove = {
  /** Which successor of the state before it leads on. */
  readonly number: number;
  /** What the system calls it; its number if it has no names. */
  readonly name: string;
};

export type PackedPath = {
  /** From an initial state to the broken one: one more than there are moves. */
  readonly states: readonly Int32Array[];
  readonly moves: readonly PackedMove[];
};

/** A shortest way to a broken state, or `null` if memory ends before it is found. */
export function shortestPath(system: PackedSystem, maxBytes: number): PackedPath | null {
  try {
    return reexecuted(system, wayToBroken(system, new Budget(maxBytes)));
  } catch (fault) {
    if (fault instanceof OutOfMemory) return null;
    throw fault;
  }
}

/** The states of the way as the search stores them, that is, each in its canonical form. */
function wayToBroken(system: PackedSystem, budget: Budget): readonly Int32Array[] {
  const { bits, initial, mostSuccessors, successors, canonical, check } = system;
  const words = bits.length;
  const most = Math.max(initial.length, mostSuccessors * words);
  const buffer = new Int32Array(most);
  const table = new NumberedTable(bits, most / words, budget);
  const parents = new Parents(budget);
  const state = new Int32Array(words);

  /** Takes in the states of the buffer; the number of the first broken one, or -1. */
  const takeIn = (end: number, parent: number): number => {
    for (let at = 0; at < end; at += words) canonical?.(buffer, at);
    const first = table.size;
    const kept = table.insert(buffer, end);
    for (let at = 0; at < kept; at += words) {
      parents.push(parent);
      if (check?.(buffer, at)) return first + at / words;
    }
    return -1;
  };

  buffer.set(initial);
  let broken = takeIn(initial.length, -1);
  for (let number = 0; broken === -1 && number < table.size; number++) {
    table.read(number, state);
    broken = takeIn(successors(state, 0, buffer, 0), number);
  }
  if (broken === -1) throw new Error("the same search found nothing: the system is not the same");
  const way: Int32Array[] = [];
  for (let number = broken; number !== -1; number = parents.at(number)) {
    table.read(number, state);
    way.unshift(state.slice());
  }
  return way;
}

const LOG_OF_CHUNK = 16;

/** A number for each state; -1 for one that has no parent. */
class Parents {
  readonly #budget: Budget;
  readonly #chunks: Int32Array[] = [];
  #length = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  push(parent: number): void {
    const index = this.#length & (2 ** LOG_OF_CHUNK - 1);
    if (index === 0) this.#chunks.push(this.#budget.take(2 ** LOG_OF_CHUNK));
    const chunk = this.#chunks.at(-1);
    if (chunk !== undefined) chunk[index] = parent;
    this.#length++;
  }

  at(number: number): number {
    return this.#chunks[number >> LOG_OF_CHUNK]?.[number & (2 ** LOG_OF_CHUNK - 1)] ?? -1;
  }
}

/**
 * Goes a way again, from an initial state on. With a canonical form the states of the way are
 * representatives, and each move is one that leads to a state of the next one's kind.
 *
 * Throws if there is no such move, or if the last state breaks nothing: then the canonical form
 * takes for alike what is not.
 */
function reexecuted(system: PackedSystem, way: readonly Int32Array[]): PackedPath {
  const { bits, initial, mostSuccessors, successors, check, moveName } = system;
  const words = bits.length;
  const buffer = new Int32Array(mostSuccessors * words);
  const states: Int32Array[] = [];
  const moves: PackedMove[] = [];

  const goOn = (choices: Int32Array, end: number, kind: Int32Array): number => {
    const number = numberOf(system, choices, end, kind);
    if (number === -1) throw new Error(`the canonical form is not sound: move ${states.length}`);
    states.push(choices.slice(number * words, (number + 1) * words));
    return number;
  };

  const [start, ...rest] = way;
  if (start === undefined) throw new RangeError("a way has at least one state");
  goOn(initial, initial.length, start);
  for (const kind of rest) {
    const before = states.at(-1) ?? start;
    const number = goOn(buffer, successors(before, 0, buffer, 0), kind);
    moves.push({ number, name: moveName?.(before, 0, number) ?? `${number}` });
  }
  if (!check?.(states.at(-1) ?? start, 0)) {
    throw new Error("the canonical form is not sound: a state is broken and its like is not");
  }
  return { states, moves };
}

/** The first of the states that is `kind` in its canonical form, or -1. */
function numberOf(
  { bits, canonical }: PackedSystem,
  states: Int32Array,
  end: number,
  kind: Int32Array,
): number {
  const words = bits.length;
  for (let at = 0; at < end; at += words) {
    const state = states.slice(at, at + words);
    canonical?.(state, 0);
    if (state.every((word, index) => word === kind[index])) return at / words;
  }
  return -1;
}
