/**
 * Looks for a run that breaks a leadsTo property: it comes to a state where `from` holds and `to`
 * does not, and from there on, though every fair set gets its due, `to` never holds. Such a run
 * either comes back to where it was (a lasso) or ends in a state without moves.
 */
import { type Fairness, fairComponents } from "./fairness.ts";
import type { Graph } from "./graph.ts";
import { fairLoop } from "./loop.ts";
import { byteAt, intAt } from "./numbers.ts";

/** What a leadsTo property says about each node: 1 or 0. Unknown nodes are neither. */
export type Waiting = {
  /** `from` holds and `to` does not. */
  readonly starts: Uint8Array;
  /** `to` does not hold. */
  readonly unmet: Uint8Array;
};

/** One move of a run: number `move` of the moves of a node, leading to node `to`. */
export type Stride = { readonly move: number; readonly to: number };

/** Begins at the node `start`; an empty loop means that the run ends where the stem does. */
export type Lasso = {
  readonly start: number;
  readonly stem: readonly Stride[];
  readonly loop: readonly Stride[];
};

/**
 * The counterexample whose loop (or end) is reached in the fewest moves from the initial state, or
 * `null`. `start` is a node of {@link Waiting.starts}; `depthOf` says how far it is from the initial
 * state. Sound also on a graph that was cut: it uses only nodes whose moves are all known.
 */
export function findLasso(
  graph: Graph,
  fairness: Fairness,
  waiting: Waiting,
  depthOf: (node: number) => number,
): Lasso | null {
  const search = waitFrom(graph, waiting, depthOf);
  const components = fairComponents(graph, fairness, search.nodes);
  const componentOf = new Int32Array(graph.nodes).fill(-1);
  for (const [index, component] of components.entries()) {
    for (const node of component) componentOf[node] = index;
  }
  // The nodes come nearest first.
  for (const node of search.nodes) {
    const component = components[intAt(componentOf, node)];
    if (component === undefined && byteAt(graph.terminal, node) === 0) continue;
    const { start, stem } = stemTo(graph, search, node);
    if (component === undefined) return { start, stem, loop: [] };
    return { start, stem, loop: strides(graph, node, fairLoop(graph, fairness, component, node)) };
  }
  return null;
}

type Search = {
  /** Every node in which a run may be waiting, nearest to the initial state first. */
  readonly nodes: Int32Array;
  /** The edge by which the node was reached, and where from; -1 for a node where waiting starts. */
  readonly by: Int32Array;
  readonly from: Int32Array;
};

/**
 * Breadth-first from all nodes where waiting starts, through unmet nodes only. A start counts as far
 * as it is from the initial state, so the queue and the starts (whose order is breadth-first
 * already) are merged by distance. No way through waiting is shorter than a start's own distance.
 */
function waitFrom(graph: Graph, waiting: Waiting, depthOf: (node: number) => number): Search {
  const queue = new Int32Array(graph.nodes);
  const distance = new Int32Array(graph.nodes).fill(-1);
  const by = new Int32Array(graph.nodes).fill(-1);
  const from = new Int32Array(graph.nodes).fill(-1);
  let end = 0;
  let head = 0;
  let start = waiting.starts.indexOf(1);

  while (head < end || start !== -1) {
    if (start !== -1 && (head === end || depthOf(start) <= intAt(distance, intAt(queue, head)))) {
      if (intAt(distance, start) === -1) {
        distance[start] = depthOf(start);
        queue[end++] = start;
      }
      start = waiting.starts.indexOf(1, start + 1);
      continue;
    }
    const node = intAt(queue, head++);
    const last = intAt(graph.offsets, node + 1);
    for (let edge = intAt(graph.offsets, node); edge < last; edge++) {
      const target = intAt(graph.to, edge);
      if (byteAt(waiting.unmet, target) === 0 || intAt(distance, target) !== -1) continue;
      distance[target] = intAt(distance, node) + 1;
      by[target] = edge;
      from[target] = node;
      queue[end++] = target;
    }
  }
  return { nodes: queue.slice(0, end), by, from };
}

function stemTo(
  graph: Graph,
  search: Search,
  node: number,
): { start: number; stem: readonly Stride[] } {
  const edges: number[] = [];
  let start = node;
  while (intAt(search.by, start) !== -1) {
    edges.push(intAt(search.by, start));
    start = intAt(search.from, start);
  }
  return { start, stem: strides(graph, start, edges.reverse()) };
}

function strides(graph: Graph, start: number, edges: readonly number[]): readonly Stride[] {
  let node = start;
  return edges.map((edge) => {
    const move = edge - intAt(graph.offsets, node);
    node = intAt(graph.to, edge);
    return { move, to: node };
  });
}
