/**
 * Lists of integers that grow, and reads that cannot go past an end unnoticed. A graph of millions
 * of states lies in a handful of these; there is no object per state or per transition.
 */

function outside(index: number): never {
  throw new RangeError(`the checker read position ${index}, which is outside its list`);
}

/** The integer at `index`; throws outside the list. */
export function intAt(list: Int32Array, index: number): number {
  return list[index] ?? outside(index);
}

/** The byte at `index`; throws outside the list. */
export function byteAt(list: Uint8Array, index: number): number {
  return list[index] ?? outside(index);
}

/** The item at `index`; throws outside the list. */
export function itemAt<Item>(list: readonly Item[], index: number): Item {
  return list[index] ?? outside(index);
}

/** A list that doubles its buffer when it is full. */
class Growing<Buffer extends Int32Array | Uint8Array> {
  readonly #make: (length: number) => Buffer;
  #buffer: Buffer;
  #length = 0;

  constructor(make: (length: number) => Buffer) {
    this.#make = make;
    this.#buffer = make(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.put(this.#length, value);
  }

  /** The list grows as far as it has to; what was never put is 0. */
  put(index: number, value: number): void {
    if (index >= this.#buffer.length) {
      const larger = this.#make(Math.max(2 * this.#buffer.length, index + 1));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[index] = value;
    this.#length = Math.max(this.#length, index + 1);
  }

  at(index: number): number {
    if (index >= this.#length) outside(index);
    return this.#buffer[index] ?? outside(index);
  }

  /** Forgets everything from `length` on. */
  truncate(length: number): void {
    this.#length = Math.min(length, this.#length);
  }

  /** A copy of exactly `length` entries; those that were never pushed are `filler`. */
  finish(length: number, filler = 0): Buffer {
    const exact = this.#make(length);
    const known = Math.min(this.#length, length);
    exact.set(this.#buffer.subarray(0, known));
    exact.fill(filler, known);
    return exact;
  }
}

/** A growing list of 32-bit integers. */
export class IntList extends Growing<Int32Array> {
  constructor() {
    super((length) => new Int32Array(length));
  }
}

/** A growing list of bytes. */
export class ByteList extends Growing<Uint8Array> {
  constructor() {
    super((length) => new Uint8Array(length));
  }
}
