/** The instances that are run, and what every checker has to find on them. */
import type { Size } from "./tagstore/model.ts";

export type PeerInstance = {
  readonly name: string;
  readonly size: Size;
  readonly states: number;
  readonly transitions: number;
  /** Under our canonical form: the pages of each group are exchanged by themselves. */
  readonly orbits: number;
  /** Under what scalarsets can say: pages are exchanged in every group alike. */
  readonly scalarsetOrbits: number;
  /** Spin's bound on depth, and its hash table's first size as a power of two. */
  readonly spin: { readonly depth: number; readonly log: number };
  /** The size of the table of the C programs, which does not grow, as a power of two. */
  readonly log: number;
};

/** More states than fit into memory: how the search grows is measured on it until memory ends. */
export const growing: Size = { S: 2, G: 3, T: 2, K: 2, O: 2 };

const instances: readonly PeerInstance[] = [
  {
    name: "A",
    size: { S: 2, G: 2, T: 2, K: 2, O: 1 },
    states: 166_691,
    transitions: 1_166_998,
    orbits: 10_125,
    scalarsetOrbits: 16_782,
    spin: { depth: 500_000, log: 20 },
    log: 18,
  },
  {
    name: "B",
    size: { S: 2, G: 2, T: 2, K: 2, O: 2 },
    states: 1_707_183,
    transitions: 11_474_550,
    orbits: 46_978,
    scalarsetOrbits: 83_939,
    spin: { depth: 2_000_000, log: 23 },
    log: 22,
  },
  {
    name: "C",
    size: { S: 2, G: 3, T: 2, K: 2, O: 1 },
    states: 10_346_333,
    transitions: 78_536_898,
    orbits: 105_413,
    scalarsetOrbits: 363_912,
    spin: { depth: 10_000_000, log: 25 },
    log: 24,
  },
  {
    name: "D",
    size: { S: 3, G: 2, T: 2, K: 2, O: 1 },
    states: 39_373_361,
    transitions: 331_180_906,
    orbits: 407_948,
    scalarsetOrbits: 1_180_209,
    spin: { depth: 40_000_000, log: 26 },
    log: 26,
  },
];

/** Throws with one line for the user. */
export const instanceNamed = (name: string): PeerInstance => {
  const found = instances.find((each) => each.name === name);
  if (found) return found;
  const known = instances.map((each) => each.name).join(", ");
  throw new RangeError(`--instances: expected some of ${known}, found ${name}`);
};
