/** Loops within fair components: fair, whichever way they are found, and shortest if looked for. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Fairness, fairComponents, isFairLoop } from "../../../checker/fairness.ts";
import { type Graph, GraphBuilder } from "../../../checker/graph.ts";
import { fairLoop } from "../../../checker/loop.ts";
import { has } from "./oracle.ts";
import type { Edge } from "./table.ts";

const NODES = 6;
const FAIRNESS: Fairness = { weak: 0b0011, strong: 0b1100 };

function graphOf(edges: readonly Edge[]): Graph {
  const builder = new GraphBuilder();
  for (let node = 0; node < NODES; node++) {
    for (const edge of edges) if (edge.from === node) builder.edge(edge.to, edge.sets);
    builder.close(node);
  }
  return builder.finish(NODES);
}

const node = fc.integer({ min: 0, max: NODES - 1 });
const bits = fc.integer({ min: 0, max: 15 });
const edge = fc.record({
  from: node,
  to: node,
  sets: fc.tuple(bits, bits).map(([one, other]) => one & other),
});
const graphs = fc.array(edge, { minLength: NODES, maxLength: 18, size: "max" }).map(graphOf);

/** The fewest edges of a fair loop from `start` with at most `limit` of them, by trying all. */
function fewest(graph: Graph, start: number, limit: number): number {
  for (let length = 1; length <= limit; length++) {
    const extend = (at: number, loop: readonly number[]): boolean => {
      if (loop.length === length) return isFairLoop(graph, FAIRNESS, start, loop);
      const [first = 0, last = 0] = graph.offsets.subarray(at, at + 2);
      for (let next = first; next < last; next++) {
        if (extend(graph.to[next] ?? 0, [...loop, next])) return true;
      }
      return false;
    };
    if (extend(start, [])) return length;
  }
  return Number.POSITIVE_INFINITY;
}

test("loops are fair; those that are looked for are shortest, detours are longer at most", () => {
  let detoursThatAreLonger = 0;
  let owing = 0;
  fc.assert(
    fc.property(graphs, (graph) => {
      const everything = Int32Array.from({ length: NODES }, (_, index) => index);
      for (const component of fairComponents(graph, FAIRNESS, everything)) {
        const start = component[0] ?? 0;
        const shortest = fairLoop(graph, FAIRNESS, component, start);
        const detours = fairLoop(graph, FAIRNESS, component, start, 0);
        expect(isFairLoop(graph, FAIRNESS, start, shortest)).toBe(true);
        expect(isFairLoop(graph, FAIRNESS, start, detours)).toBe(true);
        expect(fewest(graph, start, Math.min(shortest.length, 6))).toBe(
          shortest.length <= 6 ? shortest.length : Number.POSITIVE_INFINITY,
        );
        expect(detours.length).toBeGreaterThanOrEqual(shortest.length);
        if (detours.length > shortest.length) detoursThatAreLonger++;
        if (shortest.some((taken) => has(graph.taken[taken] ?? 0, 2))) owing++;
      }
    }),
    { seed: 20_240_602, numRuns: 400 },
  );
  // Otherwise the two would not have been told apart.
  expect(detoursThatAreLonger).toBeGreaterThan(10);
  expect(owing).toBeGreaterThan(10);
});
