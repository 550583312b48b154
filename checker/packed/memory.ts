/**
 * What a search may keep. Its tables and queues ask here before they grow, so that memory that ends
 * is an answer and not a crash: a process that asks for too much is killed without a word.
 */

/** Thrown when an array would not fit; the search ends with what it has. */
export class OutOfMemory extends Error {}

export class Budget {
  readonly limit: number;
  /** The most bytes that were kept at one time. */
  peak = 0;
  #bytes = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  mayTake(bytes: number): boolean {
    return this.#bytes + bytes <= this.limit;
  }

  /** An array of zeroes; throws {@link OutOfMemory}. */
  take(length: number): Int32Array {
    const bytes = 4 * length;
    if (!this.mayTake(bytes)) throw new OutOfMemory(`${bytes} bytes are over the limit`);
    const array = allocate(length);
    this.#bytes += bytes;
    this.peak = Math.max(this.peak, this.#bytes);
    return array;
  }

  /** The array is not used any more. */
  give(array: Int32Array): void {
    this.#bytes -= array.byteLength;
  }
}

function allocate(length: number): Int32Array {
  try {
    return new Int32Array(length);
  } catch (fault) {
    if (fault instanceof RangeError) throw new OutOfMemory(fault.message);
    throw fault;
  }
}

/** Three quarters of what this machine or container has to give now. */
export const detectedLimit = (): number => Math.floor(0.75 * process.availableMemory());
