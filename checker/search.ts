/** What a search has found so far, and the one step of every search: expanding a state. */
import { type Fairness, fairnessOf } from "./fairness.ts";
import { GraphBuilder } from "./graph.ts";
import type { Property } from "./property.ts";
import { demandSound, type Reduction, settle } from "./reduction.ts";
import { Space } from "./space.ts";
import type { System } from "./system.ts";
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

export type SearchOptions = {
  readonly bounds?: Bounds;
  /** Stop at the first violation of an `always` or `step` property; counts as a cut by states. */
  readonly stopAtFirst?: boolean;
  /** Called after every 4096 expanded states. */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds from some fixed time on; used for {@link Bounds.maxMilliseconds} only. */
  readonly now?: () => number;
};

/** The moves of a state, all of them followed; or it was not, because the search has to end. */
type Expanded<Move> =
  | { readonly ends: false; readonly moves: readonly Move[] }
  | { readonly ends: true };

/** What of the states and transitions a search keeps. */
type Kept<State, Move> = {
  readonly keepsGraph?: boolean;
  readonly reduction?: Reduction<State, Move> | null;
};

const MOST_STATES = 2 ** 24;
const STATES_PER_PROGRESS = 4096;

export class Search<State, Move, Event> {
  readonly system: System<State, Move, Event>;
  readonly space: Space;
  readonly watch: Watch<State, Move, Event>;
  /** `null`: every state and every move counts. */
  readonly reduction: Reduction<State, Move> | null;
  readonly graph: GraphBuilder | null;
  readonly fairness: Fairness;
  /** Infinity: not bounded. */
  readonly maxDepth: number;
  transitions = 0;
  /** States whose moves were all followed. */
  expanded = 0;
  readonly #options: SearchOptions;
  readonly #maxStates: number;
  readonly #begin: number;

  constructor(
    system: System<State, Move, Event>,
    properties: readonly Property<State, Move, Event>[],
    options: SearchOptions,
    { keepsGraph = false, reduction = null }: Kept<State, Move> = {},
  ) {
    if (reduction !== null) demandSound(reduction, properties);
    this.system = system;
    this.reduction = reduction;
    const canonical = reduction?.symmetry?.canonical;
    this.space = new Space(system.key(canonical ? canonical(system.initial) : system.initial));
    this.watch = new Watch(properties, (state) => system.key(state));
    this.graph = keepsGraph || this.watch.needsGraph ? new GraphBuilder() : null;
    this.fairness = fairnessOf(system.fairSets);
    this.maxDepth = options.bounds?.maxDepth ?? Number.POSITIVE_INFINITY;
    this.#options = options;
    this.#maxStates = Math.min(options.bounds?.maxStates ?? MOST_STATES, MOST_STATES);
    this.#begin = options.bounds?.maxMilliseconds === undefined ? 0 : this.#now();
  }

  /** The bound, not the time that passed: the same cut twice reads the same. Null: there is time. */
  get timeIsUp(): { readonly by: "time"; readonly at: number } | null {
    const at = this.#options.bounds?.maxMilliseconds;
    return at !== undefined && this.#now() - this.#begin >= at ? { by: "time", at } : null;
  }

  get stops(): boolean {
    return this.#options.stopAtFirst === true && this.watch.violated;
  }

  /** Judges a state; then follows every move that it has. Each state is expanded at most once. */
  expand(index: number): Expanded<Move> {
    const { state, moves } = this.judge(index);
    if (this.stops) return { ends: true };
    for (const [position, move] of moves.entries())
      if (!this.#follow(index, state, move, position)) {
        this.graph?.abandon();
        return { ends: true };
      }
    this.graph?.close(index);
    this.expanded++;
    this.#tell();
    return { ends: false, moves };
  }

  /** Judges a state, and does not follow its moves. */
  judge(index: number): { readonly state: State; readonly moves: readonly Move[] } {
    const state = this.system.fromKey(this.space.keyOf(index));
    const moves = this.system.moves(state);
    this.watch.state(index, state, moves);
    return { state, moves };
  }

  /** Executes one move, and what is urgent after it; false if the search has to end with it. */
  #follow(index: number, before: State, move: Move, position: number): boolean {
    let taken = 0;
    const take = (from: State, by: Move): State | null => {
      const { next: after, events } = this.system.step(from, by);
      this.transitions++;
      taken |= this.graph === null ? 0 : this.#fairSetsOf(from, by);
      this.watch.transition(index, position, { before: from, move: by, after, events });
      return this.stops ? null : after;
    };
    const after =
      this.reduction === null ? take(before, move) : settle(this.reduction, before, move, take);
    if (after === null) return false;
    const key = this.system.key(after);
    let target = this.space.indexOf(key);
    if (target === undefined) {
      if (this.space.size >= this.#maxStates) return false;
      target = this.space.add(key, index, position);
    }
    this.graph?.edge(target, taken);
    return true;
  }

  #fairSetsOf(state: State, move: Move): number {
    const sets = this.system.fairSetsOf(state, move);
    if ((sets & ~(this.fairness.weak | this.fairness.strong)) !== 0) {
      throw new Error(`fairSetsOf names a fair set that the system does not have: bits ${sets}`);
    }
    return sets;
  }

  #tell(): void {
    if (this.expanded % STATES_PER_PROGRESS !== 0) return;
    const { size: states, depth } = this.space;
    const { transitions, expanded } = this;
    this.#options.onProgress?.({ states, transitions, depth, queue: states - expanded });
  }

  #now(): number {
    return this.#options.now?.() ?? performance.now();
  }
}
