/** What the tables of the packed search have in common. */

export interface Table {
  /** How many states it holds. */
  readonly size: number;
  /**
   * Takes in the states of `states` up to word `end`. Those that it did not have are moved to the
   * front, in their order; returns where they end. Throws `OutOfMemory` if it is full and may not
   * grow; it holds then what it has taken in until then.
   */
  insert(states: Int32Array, end: number): number;
}

/** Grow when so many of the places are taken. */
export const FULL = 0.75;
/** The same for a table that may not grow any more. */
export const BRIMFUL = 0.9;

export function demandNoStrays(strays: number): void {
  if (strays === 0) return;
  const found = (strays >>> 0).toString(2);
  throw new Error(`a state uses bits that the system did not declare: ${found}`);
}
