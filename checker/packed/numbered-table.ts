/**
 * A set of states of any number of words, which numbers them in the order in which they came. The
 * states lie in a log; a place of the table holds the number of a state, counted from 1, and its
 * hash, so that a state of another hash is told apart without a look at the log.
 */
import { fresh } from "./fresh.ts";
import { type Budget, OutOfMemory } from "./memory.ts";
import { unusedBits } from "./system.ts";
import { BRIMFUL, demandNoStrays, FULL, type Table } from "./table.ts";

const FIRST_LOG = 12;
const MOST_LOG = 28;
const LOG_OF_CHUNK = 12;

/** The hash of a state as a 32-bit number; any function will do, a good one is faster. */
export type Hash = (states: Int32Array, at: number, words: number) => number;

const hashOf: Hash = (states, at, words) => {
  let hash = words;
  for (let word = 0; word < words; word++) {
    hash = Math.imul(hash ^ (states[at + word] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash, 0x85ebca6b);
  return hash ^ (hash >>> 13);
};

export class NumberedTable implements Table {
  size = 0;
  readonly #bits: readonly number[];
  readonly #unused: readonly number[];
  readonly #budget: Budget;
  readonly #hash: Hash;
  readonly #hashes: Int32Array;
  readonly #log: Int32Array[] = [];
  readonly #find: Find;
  #places: Int32Array;

  /** `batch` is the most states that are ever inserted at a time. */
  constructor(bits: readonly number[], batch: number, budget: Budget, hash: Hash = hashOf) {
    this.#bits = bits;
    this.#unused = bits.map(unusedBits);
    this.#budget = budget;
    this.#hash = fresh(hash);
    this.#hashes = new Int32Array(batch + 1);
    this.#find = fresh(finder)(bits.length, LOG_OF_CHUNK);
    this.#places = budget.take(2 ** (FIRST_LOG + 1));
  }

  insert(states: Int32Array, end: number): number {
    const words = this.#bits.length;
    this.#makeRoom(end / words);
    this.#readAhead(states, end);
    let kept = 0;
    for (let at = 0, of = 0; at < end; at += words, of++) {
      const hash = this.#hashes[of] ?? 0;
      const place = this.#find(this.#places, this.#log, states, at, hash);
      if (this.#places[place] !== 0) continue;
      this.#append(states, at);
      this.#places[place] = this.size;
      this.#places[place + 1] = hash;
      for (let word = 0; word < words; word++) states[kept++] = states[at + word] ?? 0;
    }
    return kept;
  }

  /** Copies the state of a number, from 0, to `to[0]` and on. */
  read(number: number, to: Int32Array): void {
    const words = this.#bits.length;
    const chunk = this.#log[number >> LOG_OF_CHUNK];
    const at = (number & (2 ** LOG_OF_CHUNK - 1)) * words;
    for (let word = 0; word < words; word++) to[word] = chunk?.[at + word] ?? 0;
  }

  /** Works out the hashes, and reads all places so that the caches fetch many of them at once. */
  #readAhead(states: Int32Array, end: number): void {
    const words = this.#bits.length;
    const places = this.#places;
    const mask = places.length - 2;
    let strays = 0;
    let touched = 0;
    let of = 0;
    for (let at = 0; at < end; at += words) {
      for (let word = 0; word < words; word++) {
        strays |= (states[at + word] ?? 0) & (this.#unused[word] ?? 0);
      }
      const hash = this.#hash(states, at, words);
      this.#hashes[of++] = hash;
      touched ^= places[(hash << 1) & mask] ?? 0;
    }
    this.#hashes[of] = touched;
    demandNoStrays(strays);
  }

  #append(states: Int32Array, at: number): void {
    const words = this.#bits.length;
    const chunk = this.#log[this.size >> LOG_OF_CHUNK] ?? this.#addChunk();
    const to = (this.size & (2 ** LOG_OF_CHUNK - 1)) * words;
    for (let word = 0; word < words; word++) chunk[to + word] = states[at + word] ?? 0;
    this.size++;
  }

  #addChunk(): Int32Array {
    const chunk = this.#budget.take(this.#bits.length * 2 ** LOG_OF_CHUNK);
    this.#log.push(chunk);
    return chunk;
  }

  #makeRoom(states: number): void {
    while (this.size + states > (FULL * this.#places.length) / 2) {
      if (this.#mayGrow()) this.#grow();
      else if (this.size + states <= (BRIMFUL * this.#places.length) / 2) break;
      else throw new OutOfMemory(`the table is full: ${this.size} states`);
    }
  }

  #mayGrow(): boolean {
    const { length } = this.#places;
    return length < 2 ** (MOST_LOG + 1) && this.#budget.mayTake(8 * length);
  }

  #grow(): void {
    const old = this.#places;
    const places = this.#budget.take(2 * old.length);
    const mask = places.length - 2;
    for (let from = 0; from < old.length; from += 2) {
      if (old[from] === 0) continue;
      const hash = old[from + 1] ?? 0;
      let place = (hash << 1) & mask;
      while (places[place] !== 0) place = (place + 2) & mask;
      places[place] = old[from] ?? 0;
      places[place + 1] = hash;
    }
    this.#places = places;
    this.#budget.give(old);
  }
}

/** The place of a state, or the free place where it belongs. */
type Find = (
  places: Int32Array,
  log: readonly Int32Array[],
  states: Int32Array,
  at: number,
  hash: number,
) => number;

function finder(words: number, logOfChunk: number): Find {
  const inChunk = 2 ** logOfChunk - 1;
  return (places, log, states, at, hash) => {
    const mask = places.length - 2;
    let place = (hash << 1) & mask;
    for (;;) {
      const number = (places[place] ?? 0) - 1;
      if (number === -1) return place;
      if (places[place + 1] === hash) {
        const chunk = log[number >> logOfChunk];
        const from = (number & inChunk) * words;
        let word = 0;
        while (word < words && chunk?.[from + word] === states[at + word]) word++;
        if (word === words) return place;
      }
      place = (place + 2) & mask;
    }
  };
}
