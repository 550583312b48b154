/**
 * A set of states with four bytes for a place, nothing lost (Cleary's compact hashing, with linear
 * probing). A state is mixed by a bijection; some bits of the result say where it belongs and are
 * not stored. An entry holds the other bits and how far from there it had to go, counted from 1,
 * so that 0 is a free place. A probe is one read and one comparison.
 */
import { fresh } from "./fresh.ts";
import { type Budget, OutOfMemory } from "./memory.ts";
import { type Mixer, mixerOf, type Split } from "./mixing.ts";
import { BRIMFUL, demandNoStrays, FULL, type Table } from "./table.ts";

const FIRST_LOG = 16;
const MOST_DISTANCE_BITS = 20;

/** The distance is counted in the lower bits of an entry, as many as there is room for. */
const splitFor = ({ low, high }: Mixer, log: number): Split => ({
  log,
  distanceBits: Math.min(MOST_DISTANCE_BITS, 32 - (low + high - log)),
});

/** Puts states where they belong. `insert` stops at a state that is too far from its place. */
type Prober = {
  readonly insert: (
    table: Int32Array,
    distanceBits: number,
    states: Int32Array,
    from: number,
    end: number,
    kept: number,
  ) => void;
  /** Where the last `insert` stopped, and where the states that it kept end. */
  readonly stopped: Int32Array;
};

export class CompactTable implements Table {
  size = 0;
  readonly #words: number;
  readonly #mixer: Mixer;
  readonly #budget: Budget;
  readonly #prober: Prober;
  readonly #mixed: Int32Array;
  #split: Split;
  #places: Int32Array;
  #limit: number;

  /** `batch` is the most states that are ever inserted at a time. */
  constructor(bits: readonly number[], batch: number, budget: Budget) {
    this.#words = bits.length;
    this.#mixer = mixerOf(bits);
    this.#budget = budget;
    this.#mixed = new Int32Array(2 * batch);
    this.#prober = fresh(prober)(this.#words, this.#mixed);
    this.#split = splitFor(this.#mixer, FIRST_LOG);
    this.#places = budget.take(2 ** FIRST_LOG);
    this.#limit = FULL * this.#places.length;
  }

  insert(states: Int32Array, end: number): number {
    const { stopped } = this.#prober;
    let from = 0;
    let kept = 0;
    while (from < end) {
      this.#makeRoom((end - from) / this.#words);
      const places = this.#places;
      demandNoStrays(this.#mixer.mix(states, from, end, this.#split, this.#mixed));
      this.#prober.insert(places, this.#split.distanceBits, states, from, end, kept);
      const before = kept;
      from = stopped[0] ?? 0;
      kept = stopped[1] ?? 0;
      this.size += (kept - before) / this.#words;
      if (from < end) this.#grow();
    }
    return kept;
  }

  #makeRoom(states: number): void {
    while (this.size + states > this.#limit) {
      if (this.#mayGrow(this.#split.log)) this.#grow();
      else if (this.size + states <= BRIMFUL * this.#places.length) break;
      else throw new OutOfMemory(`the table is full: ${this.size} states`);
    }
  }

  /** To a table larger than 2^log. */
  #mayGrow(log: number): boolean {
    return log < this.#mixer.low && this.#budget.mayTake(4 * 2 ** (log + 1));
  }

  /** Twice as many places, or more until every state is near enough to where it belongs. */
  #grow(): void {
    const old = this.#places;
    for (let { log } = this.#split; ; log++) {
      if (!this.#mayGrow(log)) throw new OutOfMemory("a state is too far from its place");
      const split = splitFor(this.#mixer, log + 1);
      const larger = this.#budget.take(2 ** split.log);
      if (moveAll(old, this.#split, larger, split)) {
        this.#places = larger;
        this.#split = split;
        this.#limit = FULL * larger.length;
        this.#budget.give(old);
        return;
      }
      this.#budget.give(larger);
    }
  }
}

function prober(words: number, mixed: Int32Array): Prober {
  const stopped = new Int32Array(3);
  const double = words === 2;
  /** Reads all places, so that the caches fetch many of them at once. */
  const readAhead = (table: Int32Array, end: number): number => {
    let read = 0;
    for (let of = 0; of < end; of += 2) read ^= table[mixed[of] ?? 0] ?? 0;
    return read;
  };
  return {
    stopped,
    insert: (table, distanceBits, states, from, end, alreadyKept) => {
      // Kept only so that the reading is not left out.
      stopped[2] = readAhead(table, ((end - from) / words) * 2);
      const mask = table.length - 1;
      const tooFar = (1 << distanceBits) - 1;
      let kept = alreadyKept;
      let at = from;
      for (let of = 0; at < end; at += words, of += 2) {
        let place = mixed[of] ?? 0;
        let entry = mixed[of + 1] ?? 0;
        for (;;) {
          const found = table[place] ?? 0;
          if (found === entry) break;
          if (found === 0) {
            table[place] = entry;
            states[kept++] = states[at] ?? 0;
            if (double) states[kept++] = states[at + 1] ?? 0;
            break;
          }
          place = (place + 1) & mask;
          entry = (entry + 1) | 0;
          if ((entry & tooFar) === 0) {
            stopped[0] = at;
            stopped[1] = kept;
            return;
          }
        }
      }
      stopped[0] = at;
      stopped[1] = kept;
    },
  };
}

/** False if a state would be too far from its place. What more bits say goes out of the entries. */
function moveAll(from: Int32Array, old: Split, to: Int32Array, split: Split): boolean {
  const oldMask = from.length - 1;
  const mask = to.length - 1;
  const oldDistances = (1 << old.distanceBits) - 1;
  const tooFar = (1 << split.distanceBits) - 1;
  const more = split.log - old.log;
  const moreMask = (1 << more) - 1;
  for (let place = 0; place <= oldMask; place++) {
    const entry = from[place] ?? 0;
    if (entry === 0) continue;
    const home = (place - ((entry & oldDistances) - 1)) & oldMask;
    const rest = entry >>> old.distanceBits;
    let target = home | ((rest & moreMask) << old.log);
    let moved = ((rest >>> more) << split.distanceBits) | 1;
    while (to[target] !== 0) {
      target = (target + 1) & mask;
      moved = (moved + 1) | 0;
      if ((moved & tooFar) === 0) return false;
    }
    to[target] = moved;
  }
  return true;
}
