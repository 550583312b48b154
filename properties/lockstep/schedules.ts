/**
 * A set of schedules by their hashes, counted exactly. A hash has 64 bits, as two numbers of 32:
 * among millions of schedules two that differ have the same one about never. The set stores no more
 * than it is told to, so that a run of hours needs no more memory than one of minutes.
 */

/** Two numbers of 32 bits; both zero: nothing was seen. */
export type ScheduleHash = { high: number; low: number };

/** FNV-1a and the multiplication of MurmurHash3, each over the same small numbers. */
export const mixInto = (hash: ScheduleHash, number: number): void => {
  const { high, low } = hash;
  hash.low = Math.imul((low === 0 ? 0x811c9dc5 : low) ^ number, 0x01000193) >>> 0;
  const mixed = Math.imul(high ^ number ^ 0x9747b28c, 0x85ebca6b);
  hash.high = (mixed ^ (mixed >>> 13)) >>> 0;
};

const mostByItself = 5_000_000;
const fewestPlaces = 1024;
/** Of four places at most three are taken: an open table has to have free ones. */
const isCrowded = (size: number, places: number): boolean => size * 4 >= places * 3;

export class ScheduleSet {
  readonly most: number;
  size = 0;
  /** Pairs, high before low; 0 0 is a free place. */
  private table = new Uint32Array(2 * fewestPlaces);

  constructor(most = mostByItself) {
    this.most = most;
  }

  /** No more is stored: there may be more schedules than were counted. */
  get isFull(): boolean {
    return this.size >= this.most;
  }

  add(high: number, low: number): void {
    if (this.isFull) return;
    if (isCrowded(this.size + 1, this.table.length / 2)) this.grow();
    if (this.put(high, high === 0 && low === 0 ? 1 : low)) this.size++;
  }

  /** Whether it is new. */
  private put(high: number, low: number): boolean {
    const { table } = this;
    const last = table.length / 2 - 1;
    for (let place = (low ^ high) & last; ; place = (place + 1) & last) {
      const there = table[2 * place];
      const below = table[2 * place + 1];
      if (there === high && below === low) return false;
      if (there !== 0 || below !== 0) continue;
      table[2 * place] = high;
      table[2 * place + 1] = low;
      return true;
    }
  }

  private grow(): void {
    const old = this.table;
    this.table = new Uint32Array(2 * old.length);
    this.each(old, (high, low) => this.put(high, low));
  }

  private each(pairs: Uint32Array, see: (high: number, low: number) => void): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const high = pairs[at] ?? 0;
      const low = pairs[at + 1] ?? 0;
      if (high !== 0 || low !== 0) see(high, low);
    }
  }

  /** What the set holds, as pairs, to be sent to another thread. */
  hashes(): Uint32Array {
    const pairs = new Uint32Array(2 * this.size);
    let at = 0;
    this.each(this.table, (high, low) => {
      pairs[at] = high;
      pairs[at + 1] = low;
      at += 2;
    });
    return pairs;
  }

  addAll(pairs: Uint32Array): void {
    this.each(pairs, (high, low) => this.add(high, low));
  }
}
