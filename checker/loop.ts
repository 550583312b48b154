/**
 * A short fair loop within a fair component, for people to read: a shortest one if it is found with
 * moderate effort, otherwise one that goes, step by step, to the nearest edge that is still needed.
 */
import { type Fairness, isFairLoop } from "./fairness.ts";
import type { Graph } from "./graph.ts";
import { byteAt, intAt } from "./numbers.ts";

/** How many pairs of a node and what is still needed the search for a shortest loop may look at. */
const DEFAULT_EFFORT = 100_000;

/**
 * The edges of a fair loop from `start` through `component`, which is one that `fairComponents`
 * found and which therefore has one.
 */
export function fairLoop(
  graph: Graph,
  fairness: Fairness,
  component: Int32Array,
  start: number,
  effort = DEFAULT_EFFORT,
): readonly number[] {
  const inside = new Uint8Array(graph.nodes);
  for (const node of component) inside[node] = 1;
  const place: Place = { graph, fairness, inside, start };
  const loop = shortestLoop(place, effort) ?? loopByDetours(place);
  if (!isFairLoop(graph, fairness, start, loop)) {
    throw new Error("the checker built a loop that is not fair: a fault of the checker itself");
  }
  return loop;
}

type Place = {
  readonly graph: Graph;
  readonly fairness: Fairness;
  /** 1: the node belongs to the component. */
  readonly inside: Uint8Array;
  readonly start: number;
};

/** How far a walk through the component has satisfied the fair sets, in bits of them. */
type Dues = {
  /** Taken on the way, or (weak) closed in some state of it. */
  readonly satisfied: number;
  /** Strong, open in some state of the way, and not taken. A loop around such states is free. */
  readonly owed: number;
};

function arrive({ graph, fairness }: Place, node: number, { satisfied, owed }: Dues): Dues {
  const enabled = intAt(graph.enabled, node);
  const now = satisfied | (fairness.weak & ~enabled);
  return { satisfied: now, owed: (owed | (fairness.strong & enabled)) & ~now };
}

function walk(place: Place, edge: number, { satisfied, owed }: Dues): Dues {
  const taken = intAt(place.graph.taken, edge);
  return arrive(place, intAt(place.graph.to, edge), { satisfied: satisfied | taken, owed });
}

/** The sets that a walk must still satisfy before it may end. */
function openDues({ fairness }: Place, { satisfied, owed }: Dues): number {
  return (fairness.weak & ~satisfied) | owed;
}

/** One end of the search for a shortest loop: where a walk is and how it came there. */
type End = {
  readonly node: number;
  readonly dues: Dues;
  readonly edge: number;
  readonly before: End | null;
};

/** Breadth-first through nodes and dues; `null` if the effort does not suffice. */
function shortestLoop(place: Place, effort: number): readonly number[] | null {
  const { graph, inside, start } = place;
  const first: End = {
    node: start,
    dues: arrive(place, start, { satisfied: 0, owed: 0 }),
    edge: -1,
    before: null,
  };
  const queue = [first];
  const seen = new Set<string>();
  for (const end of queue) {
    const last = intAt(graph.offsets, end.node + 1);
    for (let edge = intAt(graph.offsets, end.node); edge < last; edge++) {
      const node = intAt(graph.to, edge);
      if (byteAt(inside, node) === 0) continue;
      const dues = walk(place, edge, end.dues);
      const next: End = { node, dues, edge, before: end };
      if (node === start && openDues(place, dues) === 0) return edgesTo(next);
      const name = `${node} ${dues.satisfied} ${dues.owed}`;
      if (seen.has(name)) continue;
      if (seen.size >= effort) return null;
      seen.add(name);
      queue.push(next);
    }
  }
  return null;
}

function edgesTo(end: End): readonly number[] {
  const edges: number[] = [];
  for (let at = end; at.before !== null; at = at.before) edges.push(at.edge);
  return edges.reverse();
}

/**
 * To the nearest edge that satisfies a set still needed, and so on, then home. The way home may
 * bring a new due, but at most once for each set, for what was satisfied stays so.
 */
function loopByDetours(place: Place): readonly number[] {
  const { graph, start } = place;
  const loop: number[] = [];
  let node = start;
  let dues = arrive(place, start, { satisfied: 0, owed: 0 });
  do {
    const open = openDues(place, dues);
    const here = dues;
    const wanted = (edge: number): boolean =>
      open === 0
        ? intAt(graph.to, edge) === start
        : (walk(place, edge, here).satisfied & open) !== 0;
    for (const edge of shortestWay(place, node, wanted)) {
      loop.push(edge);
      node = intAt(graph.to, edge);
      dues = walk(place, edge, dues);
    }
  } while (node !== start || openDues(place, dues) !== 0);
  return loop;
}

/** The fewest edges (at least one) from `from` up to and including an edge that is wanted. */
function shortestWay(
  { graph, inside }: Place,
  from: number,
  wanted: (edge: number) => boolean,
): readonly number[] {
  // By which edge a node was first reached, and where from; -1: not reached.
  const reachedBy = new Int32Array(graph.nodes).fill(-1);
  const reachedFrom = new Int32Array(graph.nodes).fill(-1);
  const queue = [from];
  for (const node of queue) {
    const last = intAt(graph.offsets, node + 1);
    for (let edge = intAt(graph.offsets, node); edge < last; edge++) {
      const target = intAt(graph.to, edge);
      if (byteAt(inside, target) === 0) continue;
      if (wanted(edge)) {
        const way = [edge];
        for (let at = node; at !== from; at = intAt(reachedFrom, at)) {
          way.push(intAt(reachedBy, at));
        }
        return way.reverse();
      }
      if (intAt(reachedBy, target) !== -1) continue;
      reachedBy[target] = edge;
      reachedFrom[target] = node;
      queue.push(target);
    }
  }
  throw new Error("a fair component offers no way to be fair in it: a fault of the checker itself");
}
