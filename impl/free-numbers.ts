/**
 * A set of numbers that gives its smallest in a few steps: bits in words, above each 32 words a word
 * that says which of them are not empty, and so on. Handles and swap slots are given out by it.
 */
import { type Cutter, word } from "./columns.ts";

const bitsOfWord = 32;
const shift = 5;
const within = 31;

export class FreeNumbers {
  private readonly size: number;
  /** The lowest level holds the numbers; the highest is one word. */
  private readonly levels: readonly Int32Array[];

  constructor(size: number, cut: Cutter) {
    this.size = size;
    const levels: Int32Array[] = [];
    let length = size;
    do {
      length = Math.ceil(length / bitsOfWord);
      levels.push(cut.words(length));
    } while (length > 1);
    this.levels = levels;
  }

  /** Every number is free. */
  fill(): void {
    for (let number = 0; number < this.size; number++) this.add(number);
  }

  /** The smallest, or -1. */
  smallest(): number {
    let found = 0;
    for (let level = this.levels.length - 1; level >= 0; level--) {
      const bits = word(this.levels[level] ?? nowhere, found);
      if (bits === 0) return -1;
      found = (found << shift) | (bitsOfWord - 1 - Math.clz32(bits & -bits));
    }
    return found;
  }

  add(number: number): void {
    let at = number;
    for (let level = 0; level < this.levels.length; level++) {
      const bits = this.levels[level] ?? nowhere;
      const before = word(bits, at >> shift);
      bits[at >> shift] = before | (1 << (at & within));
      if (before !== 0) return;
      at >>= shift;
    }
  }

  remove(number: number): void {
    let at = number;
    for (let level = 0; level < this.levels.length; level++) {
      const bits = this.levels[level] ?? nowhere;
      const left = word(bits, at >> shift) & ~(1 << (at & within));
      bits[at >> shift] = left;
      if (left !== 0) return;
      at >>= shift;
    }
  }
}

const nowhere = new Int32Array(0);
