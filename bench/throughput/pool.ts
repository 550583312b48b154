/** A bag of numbers of fixed capacity: put one in, take any one out, allocating nothing. */
export class Pool {
  private readonly numbers: Int32Array;
  size = 0;

  constructor(capacity: number) {
    this.numbers = new Int32Array(capacity);
  }

  get capacity(): number {
    return this.numbers.length;
  }

  get isFull(): boolean {
    return this.size === this.numbers.length;
  }

  at(index: number): number {
    return this.numbers[index] ?? -1;
  }

  add(number: number): void {
    if (this.isFull) throw new RangeError("the pool is full");
    this.numbers[this.size++] = number;
  }

  /** Takes the number at a place out; the last one moves there. */
  take(index: number): number {
    const taken = this.at(index);
    this.size--;
    this.numbers[index] = this.at(this.size);
    return taken;
  }
}
