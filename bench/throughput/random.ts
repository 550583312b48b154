/** Numbers that look random and come back with their seed: xorshift with 32 bits, no allocation. */
export class Random {
  private state: number;

  /** @param seed any whole number but 0 */
  constructor(seed: number) {
    this.state = seed | 0;
    if (this.state === 0) throw new RangeError("a seed must not be 0");
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    let next = this.state;
    next ^= next << 13;
    next ^= next >>> 17;
    next ^= next << 5;
    this.state = next;
    return Math.floor((next >>> 0) * 2 ** -32 * bound);
  }
}
