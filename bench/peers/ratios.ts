/** The comparisons that the project makes claims about: like with like, the fastest of each. */
import type { InstanceResults, Result } from "./measure.ts";

export type Ratio = {
  readonly what: string;
  /** What the project aims at. */
  readonly aim: number;
  /** By wall time, and by processor time, which other work on the machine disturbs less. */
  readonly wall: number;
  readonly processor: number;
};

const fastest = (results: readonly Result[], isMeant: (result: Result) => boolean) =>
  results
    .filter(isMeant)
    .reduce<Result | null>(
      (best, each) => (best === null || each.search.median < best.search.median ? each : best),
      null,
    );

/** How many times as long the search of `other` takes. Same states, so rates compare the same. */
const search = (what: string, aim: number, one: Result, other: Result): Ratio => ({
  what,
  aim,
  wall: other.search.median / one.search.median,
  processor: other.processor.median / one.processor.median,
});

/** How many times as long the whole process of `other` takes to its verdict. */
const verdict = (what: string, aim: number, one: Result, other: Result): Ratio => ({
  what,
  aim,
  wall: other.wall.median / one.wall.median,
  processor: other.processor.median / one.processor.median,
});

export const ratiosOf = ({ results }: InstanceResults): readonly Ratio[] => {
  const named = (name: string) => fastest(results, (each) => each.name === name);
  const ours = named("ours");
  const symmetric = fastest(results, ({ group }) => group === "ours, symmetry");
  const spin = fastest(results, ({ group }) => group === "spin");
  const rumur = fastest(results, ({ group }) => group === "rumur, symmetry");
  const sameInC = named("C, same search");
  const limit = named("C, table alone");
  const ratios: Ratio[] = [];
  if (ours && spin) {
    ratios.push(search("states/s, ours : fastest exact Spin", 4, ours, spin));
    const memory = ours.bytes / spin.bytes;
    ratios.push({ what: "memory, ours : Spin", aim: 0.25, wall: memory, processor: memory });
  }
  if (ours && sameInC) {
    ratios.push(search("states/s, ours : same search in C", 0.4, ours, sameInC));
  }
  if (ours && limit) {
    ratios.push(search("states/s, ours : table alone in C", 0.4, ours, limit));
  }
  if (symmetric && spin) {
    ratios.push(verdict("time to the verdict, Spin : ours, symmetry", 100, symmetric, spin));
  }
  if (symmetric && rumur) {
    const what = "time to the verdict, rumur, symmetry : ours, symmetry";
    ratios.push(verdict(what, 20, symmetric, rumur));
  }
  return ratios;
};
