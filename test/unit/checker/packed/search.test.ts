/** The packed search: counts, depths, shortest counterexamples, and ends that are not the whole. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explorePacked, type PackedSystem, symmetryFault } from "../../../../checker/index.ts";
import { counter, type Graph, graphSystem, spread } from "./toys.ts";

const SEED = 20_240_601;

const graphs: fc.Arbitrary<Graph> = fc.integer({ min: 1, max: 12 }).chain((nodes) => {
  const node = fc.integer({ min: 0, max: nodes - 1 });
  const row = fc.array(node, { maxLength: 4 });
  return fc.record({
    edges: fc.array(row, { minLength: nodes, maxLength: nodes }),
    broken: fc.oneof(
      fc.constant(new Set<number>()),
      fc.array(node, { maxLength: 2 }).map((list) => new Set(list)),
    ),
  });
});

/** What is to be found, by a search that could not be plainer. */
const expectedOf = ({ edges, broken }: Graph) => {
  const distances = new Map([[0, 0]]);
  let transitions = 0;
  for (const [node, distance] of distances) {
    for (const next of edges[node] ?? []) {
      transitions++;
      if (!distances.has(next)) distances.set(next, distance + 1);
    }
  }
  const bad = [...distances].filter(([node]) => broken.has(node)).map(([, distance]) => distance);
  const depth = Math.max(...distances.values());
  return { states: distances.size, transitions, depth, shortest: Math.min(...bad) };
};

describe("on any small graph", () => {
  const shapes = [[20], [32], [32, 8], [32, 32], [7, 7, 7]].map((bits) => ({ bits }));

  test.each(shapes)("in words of $bits bits, verdict and numbers are right", ({ bits }) => {
    const shape = spread(bits);
    const property = fc.property(graphs, (graph) => {
      const expected = expectedOf(graph);
      const { verdict, bytes, ...found } = explorePacked(graphSystem(graph, shape));
      expect(bytes).toBeGreaterThan(0);
      if (expected.shortest === Number.POSITIVE_INFINITY) {
        const { states, transitions, depth } = expected;
        expect({ ...found, verdict }).toEqual({
          ...{ states, transitions, depth },
          verdict: { kind: "holds" },
        });
        return;
      }
      if (verdict.kind !== "broken") throw new Error(`${verdict.kind} is not broken`);
      const { code, path } = verdict;
      expect(code).toBe(7);
      expect(found.depth).toBe(expected.shortest);
      expect(path?.moves.length).toBe(expected.shortest);
      expect(followed(graph, path?.moves.map(({ number }) => number) ?? [])).toBe(true);
    });
    fc.assert(property, { seed: SEED, numRuns: 100 });
  });

  /** Whether the numbers of successors lead from node 0 to a broken node. */
  const followed = ({ edges, broken }: Graph, moves: readonly number[]): boolean => {
    const last = moves.reduce((node, move) => edges[node]?.[move] ?? -1, 0);
    return broken.has(last);
  };
});

describe("a complete search", () => {
  test.each([1, 2, 3])("of a counter of %i words has every number", (words) => {
    const { bytes: _, ...found } = explorePacked(counter(70_000, words));
    expect(found).toEqual({
      states: 70_001,
      transitions: 140_000,
      depth: 70_000,
      verdict: { kind: "holds" },
    });
  });

  test("is the same twice", () => {
    expect(explorePacked(counter(1000, 2))).toEqual(explorePacked(counter(1000, 2)));
  });

  test("begins in each initial state", () => {
    const system: PackedSystem = { ...counter(1000, 1), initial: Int32Array.of(990, 0, 995, 990) };
    const { states, depth } = explorePacked(system);
    expect({ states, depth }).toEqual({ states: 1001, depth: 989 });
  });

  test("has more states in one level than a piece of the queue holds", () => {
    // 300 ways to choose the first word, then 300 for the second.
    const wide: PackedSystem = {
      bits: [16, 16],
      initial: new Int32Array(2),
      mostSuccessors: 300,
      successors: (from, at, to, end) => {
        const first = from[at] ?? 0;
        const second = from[at + 1] ?? 0;
        if (second > 0) return end;
        let next = end;
        for (let value = 1; value <= 300; value++) {
          to[next++] = first === 0 ? value : first;
          to[next++] = first === 0 ? 0 : value;
        }
        return next;
      },
    };
    const { states, transitions, depth } = explorePacked(wide);
    expect({ states, transitions, depth }).toEqual({
      states: 1 + 300 + 90_000,
      transitions: 300 + 90_000,
      depth: 2,
    });
  });
});

describe("a counterexample", () => {
  test("names its moves, and shows each state", () => {
    const graph = { edges: [[1, 2], [3], [], [2, 4], []], broken: new Set([4]) };
    const { verdict } = explorePacked(graphSystem(graph, spread([20])));
    const path = verdict.kind === "broken" ? verdict.path : null;
    expect(path?.moves).toEqual([
      { number: 0, name: "to 1" },
      { number: 0, name: "to 3" },
      { number: 1, name: "to 4" },
    ]);
    expect(path?.states.map((state) => [...state])).toEqual(
      [0, 1, 3, 4].map((node) => spread([20]).stateOf(node)),
    );
  });

  test("is empty if an initial state is broken", () => {
    const system: PackedSystem = { ...counter(9, 1), check: () => 3 };
    const { states, transitions, depth, verdict } = explorePacked(system);
    expect({ states, transitions, depth }).toEqual({ states: 1, transitions: 0, depth: 0 });
    expect(verdict).toEqual({
      kind: "broken",
      code: 3,
      path: { states: [Int32Array.of(0)], moves: [] },
    });
  });

  test("is left out when memory does not suffice to find the way", () => {
    const top = 45_000;
    const system: PackedSystem = {
      ...counter(top, 1),
      check: (states, at) => (states[at] === top ? 1 : 0),
    };
    const { verdict } = explorePacked(system, { maxBytes: 800_000 });
    expect(verdict).toEqual({ kind: "broken", code: 1, path: null });
  });
});

describe("a search that is cut", () => {
  test("by memory is inconclusive, and says what was covered", () => {
    const { states, depth, bytes, verdict } = explorePacked(counter(2 ** 20, 1), {
      maxBytes: 2 ** 20,
    });
    expect(verdict).toEqual({ kind: "inconclusive", by: "memory", expanded: states - 1 });
    expect(states).toBeGreaterThan(50_000);
    expect(depth).toBe(states - 1);
    expect(bytes).toBeLessThanOrEqual(2 ** 20);
  });

  test("by memory that does not suffice to begin is inconclusive, too", () => {
    const { states, verdict } = explorePacked(counter(9, 3), { maxBytes: 1000 });
    expect({ states, verdict }).toEqual({
      states: 0,
      verdict: { kind: "inconclusive", by: "memory", expanded: 0 },
    });
  });

  test("by depth is inconclusive, and has checked what lies at that depth", () => {
    const { states, depth, verdict } = explorePacked(counter(100, 1), { maxDepth: 10 });
    expect({ states, depth }).toEqual({ states: 11, depth: 10 });
    expect(verdict).toEqual({ kind: "inconclusive", by: "depth", expanded: 10 });
    const system: PackedSystem = { ...counter(100, 1), check: (of, at) => (of[at] === 10 ? 1 : 0) };
    expect(explorePacked(system, { maxDepth: 10 }).verdict.kind).toBe("broken");
    expect(explorePacked(system, { maxDepth: 9 }).verdict.kind).toBe("inconclusive");
  });
});

describe("a system that does not keep its contract", () => {
  test.each([
    { change: { bits: [] }, message: "bits: expected 1 to 32 for each word, found []" },
    { change: { bits: [33] }, message: "bits: expected 1 to 32 for each word, found [33]" },
    { change: { bits: [1.5] }, message: "bits: expected 1 to 32 for each word, found [1.5]" },
    {
      change: { initial: new Int32Array(0) },
      message: "initial: expected one or more states of 1 words, found 0 words",
    },
    { change: { mostSuccessors: -1 }, message: "mostSuccessors: expected a count, found -1" },
  ])("is refused: $message", ({ change, message }) => {
    expect(() => explorePacked({ ...counter(9, 1), ...change })).toThrow(message);
  });

  test("by a state with more successors than it says is found out", () => {
    const few: PackedSystem = { ...counter(1000, 1), mostSuccessors: 1 };
    expect(() => explorePacked(few)).toThrow("mostSuccessors: a state has more than that");
    expect(() => symmetryFault(few, 2000)).toThrow("mostSuccessors: a state has more than that");
  });

  test("by a state with bits that were not declared is found out", () => {
    const narrow: PackedSystem = { ...counter(1000, 1), bits: [9] };
    expect(() => explorePacked(narrow)).toThrow("did not declare: 1000000000");
  });
});
