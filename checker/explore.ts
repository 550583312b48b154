/**
 * Explores the states of a system and judges its properties: all of them breadth-first, or, where
 * they are too many, those that random walks come to; all of them, or what a reduction leaves. Clear
 * and plain: one map from keys to numbers. The same run twice gives the same result.
 */
import type { Cut, Property, Verdict } from "./property.ts";
import type { Reduction } from "./reduction.ts";
import { Search, type SearchOptions } from "./search.ts";
import type { System } from "./system.ts";
import { verdictsOf } from "./verdicts.ts";
import { type Walks, walk } from "./walks.ts";

export type { Bounds, Progress } from "./search.ts";

export type Options<State, Move> = SearchOptions & {
  /** How to look at a space that is too large to exhaust; left out: breadth-first. */
  readonly walks?: Walks<Move>;
  /** Left out: every state and every order counts. Walks take none. */
  readonly reduction?: Reduction<State, Move>;
};

export type Exploration<Move> = {
  readonly states: number;
  readonly transitions: number;
  /** How many moves the deepest state found is away from the initial state. */
  readonly depth: number;
  /** `null`: the whole reachable space was explored. */
  readonly cut: Cut | null;
  /** One for each property, by its id. */
  readonly verdicts: ReadonlyMap<string, Verdict<Move>>;
};

/**
 * Judges each property over the whole reachable space, or as much of it as `options` allow.
 * Violations and marks that were found stand even if the search was cut; everything else is then
 * inconclusive. A witness of an `always`, `step`, `reach` or `canAlways` property is a shortest one;
 * that of a `leadsTo` property has a shortest way to a loop, and a short loop. A loop that starts
 * behind the last move is a run that ends: its last state has no moves. After walks a witness is
 * what they came across, and not a shortest one. With a reduction states, transitions and depth are
 * those that were looked at; symmetry alone keeps shortest ways, a reduction of the order does not.
 *
 * Throws if the reduction is unsound for one of the properties, if two properties have one id, or if the system does not keep its own contract.
 */
export function explore<State, Move, Event>(
  system: System<State, Move, Event>,
  properties: readonly Property<State, Move, Event>[],
  options: Options<State, Move> = {},
): Exploration<Move> {
  const { walks, reduction = null, ...plain } = options;
  if (walks && reduction)
    throw new Error("walks take no reduction: they look at what they come to");
  const search = new Search(system, properties, plain, {
    keepsGraph: walks !== undefined,
    reduction,
  });
  const cut = walks ? walk(search, walks) : breadthFirst(search);
  // What walks exhausted is small: this says it as if it had been asked for in the first place.
  if (walks && cut === null) return explore(system, properties, plain);
  const { space, watch, graph, fairness, transitions } = search;
  const states = space.size;
  const runs = graph?.finish(states) ?? null;
  const finished = { system, space, watch, graph: runs, fairness, cut, reduction };
  const found = verdictsOf(finished);
  const verdicts = new Map<string, Verdict<Move>>();
  for (const { id } of properties) {
    const verdict = found.get(id);
    if (verdict !== undefined) verdicts.set(id, verdict);
  }
  return { states, transitions, depth: space.depth, cut, verdicts };
}

/** The queue is the list of states itself, for it is in that order. */
function breadthFirst<State, Move, Event>(search: Search<State, Move, Event>): Cut | null {
  const { space, maxDepth } = search;
  let cut: Cut | null = null;
  for (let index = 0; index < space.size; index++) {
    const late = search.timeIsUp;
    if (late) return late;
    if (space.depthOf(index) >= maxDepth) {
      const { moves } = search.judge(index);
      if (search.stops) return { by: "states", at: space.size };
      if (moves.length > 0) cut = { by: "depth", at: maxDepth };
      else search.graph?.close(index);
      continue;
    }
    if (search.expand(index).ends) return { by: "states", at: space.size };
  }
  return cut;
}
