/**
 * Strongly connected components of a part of a graph: Tarjan's algorithm without recursion, because
 * a path through a state space is longer than any call stack.
 */
import type { Graph } from "./graph.ts";
import { intAt } from "./numbers.ts";

/** Finds the components of the part `nodes`, whose members all have `region[node] === id`. */
export type ComponentFinder = (
  nodes: Int32Array,
  region: Int32Array,
  id: number,
) => readonly Int32Array[];

/** The component is complete: no edge to it lowers anything any more. */
const FINISHED = 0x7fffffff;

/**
 * A finder that shares its working memory between calls, so that a call costs what its part is
 * large and not what the whole graph is. A component that no edge stays within (one node without
 * an edge to itself) is left out: no run remains in it.
 */
export function componentFinder(graph: Graph): ComponentFinder {
  const { offsets, to } = graph;
  const order = new Int32Array(graph.nodes);
  const low = new Int32Array(graph.nodes);
  const nextEdge = new Int32Array(graph.nodes);
  const open = new Int32Array(graph.nodes);
  const path = new Int32Array(graph.nodes);

  return (nodes, region, id) => {
    const found: Int32Array[] = [];
    let counter = 0;
    let openCount = 0;
    let pathLength = 0;

    const enter = (node: number): void => {
      counter++;
      order[node] = counter;
      low[node] = counter;
      nextEdge[node] = intAt(offsets, node);
      open[openCount++] = node;
      path[pathLength++] = node;
    };
    const lower = (node: number, bound: number): void => {
      if (bound < intAt(low, node)) low[node] = bound;
    };
    /** `node` is the first of its component to have been entered; the others lie above it. */
    const finish = (node: number): void => {
      let start = openCount;
      do {
        start--;
        order[intAt(open, start)] = FINISHED;
      } while (intAt(open, start) !== node);
      if (openCount - start > 1 || hasEdgeToItself(graph, node)) {
        found.push(open.slice(start, openCount));
      }
      openCount = start;
    };

    for (const node of nodes) order[node] = 0;
    for (const root of nodes) {
      if (intAt(order, root) !== 0) continue;
      enter(root);
      while (pathLength > 0) {
        const node = intAt(path, pathLength - 1);
        const edge = intAt(nextEdge, node);
        if (edge < intAt(offsets, node + 1)) {
          nextEdge[node] = edge + 1;
          const target = intAt(to, edge);
          if (intAt(region, target) !== id) continue;
          if (intAt(order, target) === 0) enter(target);
          else lower(node, intAt(order, target));
        } else {
          pathLength--;
          if (pathLength > 0) lower(intAt(path, pathLength - 1), intAt(low, node));
          if (intAt(low, node) === intAt(order, node)) finish(node);
        }
      }
    }
    return found;
  };
}

function hasEdgeToItself(graph: Graph, node: number): boolean {
  const last = intAt(graph.offsets, node + 1);
  for (let edge = intAt(graph.offsets, node); edge < last; edge++) {
    if (intAt(graph.to, edge) === node) return true;
  }
  return false;
}
