/** A queue of states in pieces of one size: it grows without copying, and reuses what was read. */
import type { Budget } from "./memory.ts";

const WORDS_OF_CHUNK = 1 << 16;

/** The first `length` words are states. */
export type Chunk = { readonly words: Int32Array; length: number };

export class Queue {
  readonly #budget: Budget;
  readonly #size: number;
  readonly #spare: Int32Array[] = [];
  #chunks: Chunk[] = [];

  /** `batch` is the most words that are ever added at a time. */
  constructor(batch: number, budget: Budget) {
    this.#budget = budget;
    this.#size = Math.max(WORDS_OF_CHUNK, batch);
  }

  add(states: Int32Array, end: number): void {
    let last = this.#chunks.at(-1);
    if (last === undefined || last.length + end > this.#size) {
      last = { words: this.#spare.pop() ?? this.#budget.take(this.#size), length: 0 };
      this.#chunks.push(last);
    }
    const { words, length } = last;
    for (let word = 0; word < end; word++) words[length + word] = states[word] ?? 0;
    last.length += end;
  }

  /** Takes out all that has been added until now. */
  drain(): readonly Chunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }

  /** A chunk that was taken out has been read. */
  reuse(chunk: Chunk): void {
    this.#spare.push(chunk.words);
  }
}
