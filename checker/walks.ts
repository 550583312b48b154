/**
 * Walks through a space that is too large to exhaust. Each begins at the initial state and goes
 * where its picker says. A state that a walk comes to is expanded as in any search, so every move
 * out of it is judged, and whole runs are judged on the part of the graph that is known.
 */
import type { Picker } from "./picker.ts";
import type { Cut } from "./property.ts";
import type { Search } from "./search.ts";

export type Walks<Move> = {
  readonly picker: Picker<Move>;
  /** How many. */
  readonly walks: number;
  /** Moves of a walk, at most. */
  readonly moves: number;
};

/** `null`: no state is left that was not expanded. */
export function walk<State, Move, Event>(
  search: Search<State, Move, Event>,
  { picker, walks, moves: most }: Walks<Move>,
): Cut | null {
  const { space, system, graph } = search;
  if (graph === null) throw new Error("a walk needs the graph of the search");
  const movesOf = (index: number): readonly Move[] | null => {
    if (graph.has(index)) return system.moves(system.fromKey(space.keyOf(index)));
    const expanded = search.expand(index);
    return expanded.ends ? null : expanded.moves;
  };

  for (let done = 0; done < walks; done++) {
    let at = 0;
    picker.begin();
    for (let step = 0; step < Math.min(most, search.maxDepth); step++) {
      const late = search.timeIsUp;
      if (late) return late;
      const moves = movesOf(at);
      if (moves === null) return { by: "states", at: space.size };
      if (moves.length === 0) break;
      at = graph.target(at, picker.pick(moves));
    }
    if (search.expanded === space.size) return null;
  }
  return { by: "walks", at: walks };
}
