/** Chance that is the same for the same seed, everywhere. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A whole number from 0 to `below` - 1. */
export type Random = (below: number) => number;

export const randomFrom = (seed: number): Random => {
  const generator = xoroshiro128plus(seed);
  return (below) => uniformInt(generator, 0, below - 1);
};
