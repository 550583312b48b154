/** Decides by trying everything what the checker decides by searching. For a handful of nodes. */
import type { FairSet, Witness } from "../../../checker/index.ts";
import type { Edge } from "./table.ts";

export type Instance = {
  readonly nodes: number;
  readonly edges: readonly Edge[];
  readonly fairSets: readonly FairSet[];
  /** Bit n: the predicate holds in node n. */
  readonly from: number;
  readonly to: number;
};

export function has(bits: number, index: number): boolean {
  return ((bits >> index) & 1) === 1;
}

/** The nodes, as bits, that can be reached from `start` by edges that stay within `within`. */
export function closure(edges: readonly Edge[], start: number, within: number): number {
  let reached = start & within;
  for (let before = -1; before !== reached; ) {
    before = reached;
    for (const edge of edges) {
      if (has(reached, edge.from) && has(within, edge.to)) reached |= 1 << edge.to;
    }
  }
  return reached;
}

export function allNodes({ nodes }: Instance): number {
  return (1 << nodes) - 1;
}

export function reachable(instance: Instance): number {
  return closure(instance.edges, 1, allNodes(instance));
}

/** Whether a run that visits exactly the nodes `visited` and takes exactly `taken` is fair. */
function isFair(instance: Instance, visited: number, taken: readonly Edge[]): boolean {
  return instance.fairSets.every((set, index) => {
    if (taken.some((edge) => has(edge.sets, index))) return true;
    const enabledIn = (node: number): boolean =>
      instance.edges.some((edge) => edge.from === node && has(edge.sets, index));
    const nodes = [...Array(instance.nodes).keys()].filter((node) => has(visited, node));
    return set.kind === "weak" ? !nodes.every(enabledIn) : !nodes.some(enabledIn);
  });
}

/** Whether the loop of a witness over a table neglects no fair set (an end is no loop: fair). */
export function hasFairLoop(instance: Instance, witness: Witness<number>): boolean {
  const loop = witness.moves.slice(witness.loopFrom ?? 0).flatMap((move) => {
    const edge = instance.edges[move];
    return edge === undefined ? [] : [edge];
  });
  const visited = loop.reduce((bits, edge) => bits | (1 << edge.from), 0);
  return isFair(instance, visited, loop);
}

/**
 * The nodes, as bits, where a fair run that waits for ever can be caught: it ends there, or the node
 * belongs to a set of nodes that such a run visits again and again. Which of the edges between those
 * it takes makes no difference to try: taking all is possible, and fair if taking fewer is.
 */
function traps(instance: Instance): number {
  const { edges, from, to } = instance;
  const starts = reachable(instance) & from & ~to;
  const waiting = closure(edges, starts, allNodes(instance) & ~to);
  let found = 0;
  for (let node = 0; node < instance.nodes; node++) {
    const ends = !edges.some((edge) => edge.from === node);
    if (has(waiting, node) && ends) found |= 1 << node;
  }
  for (let support = 1; support <= waiting; support++) {
    if ((support & ~waiting) !== 0) continue;
    const inner = edges.filter((edge) => has(support, edge.from) && has(support, edge.to));
    const connected = [...Array(instance.nodes).keys()].every(
      (node) => !has(support, node) || closure(inner, 1 << node, support) === support,
    );
    if (inner.length > 0 && connected && isFair(instance, support, inner)) found |= support;
  }
  return found;
}

/** Whether `from` leads to `to` in every fair run. */
export function leadsTo(instance: Instance): boolean {
  return traps(instance) === 0;
}

/** The fewest moves after which a run that breaks the property can be where it is caught. */
export function shortestStem(instance: Instance): number {
  const { edges, from, to } = instance;
  const caught = traps(instance);
  let running = 1;
  let waiting = 0;
  for (let moves = 0; moves <= 2 * instance.nodes; moves++) {
    waiting = (waiting | (running & from)) & ~to;
    if ((waiting & caught) !== 0) return moves;
    const after = (bits: number): number =>
      edges.reduce((next, edge) => (has(bits, edge.from) ? next | (1 << edge.to) : next), 0);
    [running, waiting] = [after(running), after(waiting)];
  }
  return Number.POSITIVE_INFINITY;
}

/** `never`: no reachable goal; otherwise whether each reachable node can reach one. */
export function canAlways(instance: Instance): "holds" | "broken" | "never" {
  const all = reachable(instance);
  if ((all & instance.to) === 0) return "never";
  for (let node = 0; node < instance.nodes; node++) {
    if (!has(all, node)) continue;
    const next = closure(instance.edges, 1 << node, allNodes(instance));
    if ((next & instance.to) === 0) return "broken";
  }
  return "holds";
}

/** The fewest moves to a node from which no goal can be reached. */
export function shortestLoss({ nodes, edges, to }: Instance): number {
  const all = (1 << nodes) - 1;
  let reached = 1;
  for (let moves = 0; moves < nodes; moves++) {
    for (let node = 0; node < nodes; node++) {
      if (has(reached, node) && (closure(edges, 1 << node, all) & to) === 0) return moves;
    }
    for (const edge of edges.filter(({ from }) => has(reached, from))) reached |= 1 << edge.to;
  }
  return Number.POSITIVE_INFINITY;
}
