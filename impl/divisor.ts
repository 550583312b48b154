/**
 * Whole division of numbers that are not negative by one fixed number: a shift where that number is a
 * power of two, as it is on every real machine. The maps from pages to storage pages, blocks and file
 * pages are such divisions, and each operation makes many of them.
 */
export class Divisor {
  readonly divisor: number;
  /** How many bits to shift; -1 where only dividing will do. */
  private readonly shift: number;

  /** @param divisor a whole number from 1 */
  constructor(divisor: number) {
    this.divisor = divisor;
    const shift = 31 - Math.clz32(divisor);
    this.shift = 2 ** shift === divisor ? shift : -1;
  }

  quotient(number: number): number {
    return this.shift >= 0 ? number >> this.shift : (number / this.divisor) | 0;
  }

  remainder(number: number): number {
    return number - this.quotient(number) * this.divisor;
  }
}
