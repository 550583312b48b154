/**
 * The graph of an exploration, for properties that look at whole runs: compressed rows, one row per
 * state in the order in which states were found. The edges of a state stand in the order of its moves, one per move,
 * so `edge - offsets[state]` is the index of the move that the edge takes.
 */
import { ByteList, byteAt, IntList, intAt } from "./numbers.ts";

export type Graph = {
  readonly nodes: number;
  /** The edges of node n are `offsets[n]` up to, not including, `offsets[n + 1]`. */
  readonly offsets: Int32Array;
  readonly to: Int32Array;
  /** The fair sets that an edge belongs to. */
  readonly taken: Int32Array;
  /** The fair sets that any move of a node belongs to, wherever the move leads. */
  readonly enabled: Int32Array;
  /** 1: no move is possible. A node that was never expanded has no edges but is not terminal. */
  readonly terminal: Uint8Array;
};

/** Takes the nodes in any order: the edges of one node, then {@link GraphBuilder.close}. */
export class GraphBuilder {
  /** By row, in the order in which nodes were closed. */
  readonly #nodes = new IntList();
  readonly #ends = new IntList();
  readonly #to = new IntList();
  readonly #taken = new IntList();
  /** By node. The row of a node plus 1; 0: it was not closed. */
  readonly #rows = new IntList();
  readonly #enabled = new IntList();
  readonly #terminal = new ByteList();
  #enabledHere = 0;

  edge(to: number, fairSets: number): void {
    this.#to.push(to);
    this.#taken.push(fairSets);
    this.#enabledHere |= fairSets;
  }

  /** Every move of the node has been given: without an edge it is terminal. */
  close(node: number): void {
    const begin = this.#begin();
    this.#nodes.push(node);
    this.#ends.push(this.#to.length);
    this.#rows.put(node, this.#nodes.length);
    this.#enabled.put(node, this.#enabledHere);
    this.#terminal.put(node, this.#to.length === begin ? 1 : 0);
    this.#enabledHere = 0;
  }

  /** Not every move of the node was followed: it keeps no edges, for half of them would mislead. */
  abandon(): void {
    const begin = this.#begin();
    this.#to.truncate(begin);
    this.#taken.truncate(begin);
    this.#enabledHere = 0;
  }

  has(node: number): boolean {
    return node < this.#rows.length && this.#rows.at(node) > 0;
  }

  /** Where move number `move` of a node that was closed leads. */
  target(node: number, move: number): number {
    const row = this.#rows.at(node) - 1;
    return this.#to.at((row === 0 ? 0 : this.#ends.at(row - 1)) + move);
  }

  /** `nodes` counts the states that were found but never expanded, too. */
  finish(nodes: number): Graph {
    const offsets = new Int32Array(nodes + 1);
    const to = new Int32Array(this.#to.length);
    const taken = new Int32Array(this.#to.length);
    let end = 0;
    for (let node = 0; node < nodes; node++) {
      if (this.has(node)) {
        const row = this.#rows.at(node) - 1;
        const last = this.#ends.at(row);
        for (let edge = row === 0 ? 0 : this.#ends.at(row - 1); edge < last; edge++, end++) {
          to[end] = this.#to.at(edge);
          taken[end] = this.#taken.at(edge);
        }
      }
      offsets[node + 1] = end;
    }
    const enabled = this.#enabled.finish(nodes);
    return { nodes, offsets, to, taken, enabled, terminal: this.#terminal.finish(nodes) };
  }

  #begin(): number {
    const rows = this.#ends.length;
    return rows === 0 ? 0 : this.#ends.at(rows - 1);
  }
}

/** Marks (1) every node from which some node of `goals` (1) can be reached, the goals included. */
export function canReach(graph: Graph, goals: Uint8Array): Uint8Array {
  const { offsets, sources } = backwards(graph);
  const marked = new Uint8Array(graph.nodes);
  const queue = new Int32Array(graph.nodes);
  let end = 0;
  const mark = (node: number): void => {
    if (marked[node] === 1) return;
    marked[node] = 1;
    queue[end++] = node;
  };
  for (let node = 0; node < graph.nodes; node++) {
    if (byteAt(goals, node) === 1) mark(node);
  }
  for (let head = 0; head < end; head++) {
    const node = intAt(queue, head);
    const last = intAt(offsets, node + 1);
    for (let edge = intAt(offsets, node); edge < last; edge++) mark(intAt(sources, edge));
  }
  return marked;
}

/** The same edges by their targets: row n lists the nodes that have an edge to n. */
function backwards(graph: Graph): { offsets: Int32Array; sources: Int32Array } {
  const offsets = new Int32Array(graph.nodes + 1);
  for (const node of graph.to) offsets[node + 1] = intAt(offsets, node + 1) + 1;
  for (let node = 0; node < graph.nodes; node++) {
    offsets[node + 1] = intAt(offsets, node + 1) + intAt(offsets, node);
  }
  const free = offsets.slice();
  const sources = new Int32Array(graph.to.length);
  for (let source = 0; source < graph.nodes; source++) {
    const last = intAt(graph.offsets, source + 1);
    for (let edge = intAt(graph.offsets, source); edge < last; edge++) {
      const node = intAt(graph.to, edge);
      const place = intAt(free, node);
      sources[place] = source;
      free[node] = place + 1;
    }
  }
  return { offsets, sources };
}
