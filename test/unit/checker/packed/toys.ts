/** Packed systems small enough to count by hand, and any graph as one. */
import type { PackedSystem } from "../../../../checker/index.ts";

/** Edges by node, and which nodes are broken. Node 0 is the initial one. */
export type Graph = {
  readonly edges: readonly (readonly number[])[];
  readonly broken: ReadonlySet<number>;
};

/** How many bits each word has, and a one-to-one map from node numbers to states. */
export type Shape = {
  readonly bits: readonly number[];
  readonly stateOf: (node: number) => readonly number[];
};

/** Spreads a number over the lowest and the highest bits of each word in turn. */
export const spread = (bits: readonly number[]): Shape => {
  const places = bits.flatMap((count, word) =>
    Array.from({ length: count }, (_, index) => ({
      word,
      bit: index % 2 === 0 ? index / 2 : count - (index + 1) / 2,
    })),
  );
  return {
    bits,
    stateOf: (node) => {
      const state = bits.map(() => 0);
      for (const [index, { word, bit }] of places.slice(0, 20).entries()) {
        state[word] = (state[word] ?? 0) | (((node >>> index) & 1) << bit);
      }
      return state;
    },
  };
};

export const graphSystem = ({ edges, broken }: Graph, { bits, stateOf }: Shape): PackedSystem => {
  const numbers = new Map(edges.map((_, node) => [Int32Array.from(stateOf(node)).join(), node]));
  const nodeAt = (states: Int32Array, at: number): number =>
    numbers.get(states.subarray(at, at + bits.length).join()) ?? -1;
  return {
    bits,
    initial: Int32Array.from(stateOf(0)),
    mostSuccessors: Math.max(...edges.map(({ length }) => length)),
    successors: (from, at, to, end) => {
      const states = (edges[nodeAt(from, at)] ?? []).flatMap(stateOf);
      to.set(states, end);
      return end + states.length;
    },
    check: (states, at) => (broken.has(nodeAt(states, at)) ? 7 : 0),
    moveName: (states, at, move) => `to ${edges[nodeAt(states, at)]?.[move]}`,
  };
};

/** Counts up by one from 0 to `top`, or back to 0; `words` words, the number in the last one. */
export const counter = (top: number, words: number): PackedSystem => ({
  bits: Array.from({ length: words }, () => 24),
  initial: new Int32Array(words),
  mostSuccessors: 2,
  successors: (from, at, to, end) => {
    const value = from[at + words - 1] ?? 0;
    if (value === top) return end;
    to[end + words - 1] = value + 1;
    to[end + 2 * words - 1] = 0;
    for (let word = 0; word < words - 1; word++) {
      to[end + word] = 0;
      to[end + words + word] = 0;
    }
    return end + 2 * words;
  },
});
