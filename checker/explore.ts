/**
 * Explores every state of a system breadth-first and judges its properties. Clear and plain: one
 * map from keys to numbers, no symmetry, no reduction. The same run twice gives the same result.
 */
import { type Fairness, fairnessOf } from "./fairness.ts";
import { GraphBuilder } from "./graph.ts";
import type { Cut, Property, Verdict } from "./property.ts";
import { Space } from "./space.ts";
import type { System } from "./system.ts";
import { verdictsOf } from "./verdicts.ts";
import { Watch } from "./watch.ts";

/** What is left out is not bounded. */
export type Bounds = {
  /** Keep at most so many states (a Map holds 2^24 of them at most, bounded or not). */
  readonly maxStates?: number;
  /** Look at runs of at most so many moves. The states at the end of them are judged, too. */
  readonly maxDepth?: number;
  /** Search no longer than this; judging whole runs afterwards takes its own time. */
  readonly maxMilliseconds?: number;
};

export type Progress = {
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** States found and not yet expanded. */
  readonly queue: number;
};

export type Options = {
  readonly bounds?: Bounds;
  /** Stop at the first violation of an `always` or `step` property; counts as a cut by states. */
  readonly stopAtFirst?: boolean;
  /** Called after every 4096 expanded states. */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds from some fixed time on; used for {@link Bounds.maxMilliseconds} only. */
  readonly now?: () => number;
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

const MOST_STATES = 2 ** 24;
const STATES_PER_PROGRESS = 4096;

/**
 * Judges each property over the whole reachable space, or as much of it as `options.bounds` allow.
 * Violations and marks that were found stand even if the search was cut; everything else is then
 * inconclusive. A witness of an `always`, `step`, `reach` or `canAlways` property is a shortest one;
 * that of a `leadsTo` property has a shortest way to a loop, and a short loop. A loop that starts
 * behind the last move is a run that ends: its last state has no moves.
 *
 * Throws if two properties have one id, or if the system does not keep its own contract.
 */
export function explore<State, Move, Event>(
  system: System<State, Move, Event>,
  properties: readonly Property<State, Move, Event>[],
  options: Options = {},
): Exploration<Move> {
  const search = new Search(system, properties, options);
  const cut = search.run();
  const { space, watch, graph, fairness, transitions } = search;
  const states = space.size;
  const finished = { system, space, watch, graph: graph?.finish(states) ?? null, fairness, cut };
  const found = verdictsOf(finished);
  const verdicts = new Map<string, Verdict<Move>>();
  for (const { id } of properties) {
    const verdict = found.get(id);
    if (verdict !== undefined) verdicts.set(id, verdict);
  }
  return { states, transitions, depth: space.depth, cut, verdicts };
}

/** One breadth-first search: the queue is the list of states itself, for it is in that order. */
class Search<State, Move, Event> {
  readonly space: Space;
  readonly watch: Watch<State, Move, Event>;
  readonly graph: GraphBuilder | null;
  readonly fairness: Fairness;
  transitions = 0;
  readonly #system: System<State, Move, Event>;
  readonly #options: Options;
  readonly #maxStates: number;
  readonly #maxDepth: number;

  constructor(
    system: System<State, Move, Event>,
    properties: readonly Property<State, Move, Event>[],
    options: Options,
  ) {
    this.space = new Space(system.key(system.initial));
    this.watch = new Watch(properties);
    this.graph = this.watch.needsGraph ? new GraphBuilder() : null;
    this.fairness = fairnessOf(system.fairSets);
    this.#system = system;
    this.#options = options;
    this.#maxStates = Math.min(options.bounds?.maxStates ?? MOST_STATES, MOST_STATES);
    this.#maxDepth = options.bounds?.maxDepth ?? Number.POSITIVE_INFINITY;
  }

  run(): Cut | null {
    const { now = () => performance.now(), onProgress } = this.#options;
    const milliseconds = this.#options.bounds?.maxMilliseconds;
    const begin = milliseconds === undefined ? 0 : now();
    let cut: Cut | null = null;

    for (let index = 0; index < this.space.size; index++) {
      // The bound, not the time that passed: the same cut twice reads the same.
      if (milliseconds !== undefined && now() - begin >= milliseconds) {
        return { by: "time", at: milliseconds };
      }
      if (index > 0 && index % STATES_PER_PROGRESS === 0) onProgress?.(this.#progress(index));
      const state = this.#system.fromKey(this.space.keyOf(index));
      const moves = this.#system.moves(state);
      this.watch.state(index, state, moves);
      if (this.#shouldStop()) return { by: "states", at: this.space.size };
      if (moves.length > 0 && this.space.depthOf(index) >= this.#maxDepth) {
        cut = { by: "depth", at: this.#maxDepth };
        this.graph?.abandon();
        continue;
      }
      for (const [position, move] of moves.entries()) {
        if (this.#follow(index, state, move, position)) continue;
        this.graph?.abandon();
        return { by: "states", at: this.space.size };
      }
      this.graph?.close();
    }
    return cut;
  }

  /** Executes one move; false if the search has to end with it. */
  #follow(index: number, before: State, move: Move, position: number): boolean {
    const { next: after, events } = this.#system.step(before, move);
    const key = this.#system.key(after);
    this.transitions++;
    this.watch.transition(index, { move: position, key }, { before, move, after, events });
    if (this.#shouldStop()) return false;
    let target = this.space.indexOf(key);
    if (target === undefined) {
      if (this.space.size >= this.#maxStates) return false;
      target = this.space.add(key, index, position);
    }
    this.graph?.edge(target, this.#fairSetsOf(before, move));
    return true;
  }

  #fairSetsOf(state: State, move: Move): number {
    const sets = this.#system.fairSetsOf(state, move);
    if ((sets & ~(this.fairness.weak | this.fairness.strong)) !== 0) {
      throw new Error(`fairSetsOf names a fair set that the system does not have: bits ${sets}`);
    }
    return sets;
  }

  #shouldStop(): boolean {
    return this.#options.stopAtFirst === true && this.watch.violated;
  }

  #progress(expanded: number): Progress {
    const { size: states, depth } = this.space;
    return { states, transitions: this.transitions, depth, queue: states - expanded };
  }
}
