/** Systems given as a graph, for cases drawn by hand or at random. */
import type { FairSet, System } from "../../../checker/index.ts";

/** One edge of a {@link table}: its fair sets in bits. */
export type Edge = { readonly from: number; readonly to: number; readonly sets: number };

/** A system that is a given graph: states are node numbers from 0 on, moves are edge numbers. */
export function table(
  edges: readonly Edge[],
  fairSets: readonly FairSet[] = [],
): System<number, number, string> {
  const edgeAt = (move: number): Edge => {
    const edge = edges[move];
    if (edge === undefined) throw new Error(`no edge ${move}`);
    return edge;
  };
  return {
    initial: 0,
    fairSets,
    moves: (node) => [...edges.keys()].filter((move) => edgeAt(move).from === node),
    step: (_node, move) => ({ next: edgeAt(move).to, events: [] }),
    fairSetsOf: (_node, move) => edgeAt(move).sets,
    key: (node) => String(node),
    fromKey: (key) => Number(key),
  };
}
