/**
 * Breadth-first search over a packed system. It keeps which states it has seen and those that it
 * has to expand, and neither parents nor depths: a counterexample is worked out by a second search
 * (`path.ts`).
 */
import { CompactTable } from "./compact-table.ts";
import { fresh } from "./fresh.ts";
import { Budget, detectedLimit, OutOfMemory } from "./memory.ts";
import { canMix } from "./mixing.ts";
import { NumberedTable } from "./numbered-table.ts";
import { type PackedPath, shortestPath } from "./path.ts";
import { Queue } from "./queue.ts";
import { demandWellFormed, type PackedSystem } from "./system.ts";
import type { Table } from "./table.ts";

export type PackedOptions = {
  /** Bytes that tables and queues may take; left out: most of what the machine has to give. */
  readonly maxBytes?: number;
  /** Look at runs of at most so many moves. The states at the end of them are checked, too. */
  readonly maxDepth?: number;
  /** Called when all states less than `depth` moves away have been expanded. */
  readonly onLevel?: (level: PackedLevel) => void;
};

/** How far a search has come. */
export type PackedLevel = {
  readonly depth: number;
  readonly states: number;
  readonly transitions: number;
  /** What tables and queues have taken at the most. */
  readonly bytes: number;
};

export type PackedVerdict =
  /** Every reachable state was found, and none breaks an invariant. */
  | { readonly kind: "holds" }
  /** `path` is `null` if memory did not suffice to work it out. */
  | { readonly kind: "broken"; readonly code: number; readonly path: PackedPath | null }
  /** No state found is broken; those less than `expanded` moves away have all been expanded. */
  | { readonly kind: "inconclusive"; readonly by: "memory" | "depth"; readonly expanded: number };

export type PackedExploration = {
  readonly states: number;
  /** Successors written, those found before included. */
  readonly transitions: number;
  /** How many moves the deepest state found is away from an initial one. */
  readonly depth: number;
  readonly verdict: PackedVerdict;
  /** The most that tables and queues took at a time. */
  readonly bytes: number;
};

/** Successors are collected until there are so many of them, and looked up together. */
const BATCH = 256;

/**
 * Explores every reachable state, or up to the first that breaks an invariant, or until memory
 * ends. The counterexample is a shortest one. Throws if the system does not keep its contract.
 */
export function explorePacked(
  system: PackedSystem,
  options: PackedOptions = {},
): PackedExploration {
  demandWellFormed(system);
  const { maxBytes = detectedLimit() } = options;
  const { end, code, expanded, ...found } = searched(system, maxBytes, options);
  if (end === "done") return { ...found, verdict: { kind: "holds" } };
  if (end !== "broken") return { ...found, verdict: { kind: "inconclusive", by: end, expanded } };
  return { ...found, verdict: { kind: "broken", code, path: shortestPath(system, maxBytes) } };
}

/** What it kept is garbage when it returns: the way to a broken state needs the memory. */
function searched(system: PackedSystem, maxBytes: number, options: PackedOptions) {
  const { maxDepth = Number.POSITIVE_INFINITY, onLevel = () => {} } = options;
  const budget = new Budget(maxBytes);
  const search = begun(system, budget);
  const told = ({ expanded: depth, states, transitions }: Search): void =>
    onLevel({ depth, states, transitions, bytes: budget.peak });
  const end = search?.run(maxDepth, told) ?? "memory";
  const { code = 0, expanded = 0, states = 0, transitions = 0, depth = 0 } = search ?? {};
  return { end, code, expanded, states, transitions, depth, bytes: budget.peak };
}

/** Null: there is not even memory for empty tables. */
function begun(system: PackedSystem, budget: Budget): Search | null {
  try {
    return new Search(system, budget);
  } catch (fault) {
    if (fault instanceof OutOfMemory) return null;
    throw fault;
  }
}

/** Why a search ended. */
type End = "done" | "broken" | "memory" | "depth";

class Search {
  /** Those that were found and checked. */
  states = 0;
  transitions = 0;
  /** All states less than so many moves away have been expanded. */
  expanded = 0;
  /** The invariant that the first broken state breaks, or 0. */
  code = 0;
  /** How many there were when the level that is expanded was begun. */
  #before = 0;
  readonly #words: number;
  readonly #initial: Int32Array;
  readonly #buffer: Int32Array;
  readonly #table: Table;
  readonly #queue: Queue;
  readonly #expand: Expand;
  readonly #canonical: EachState;
  readonly #check: FirstBroken;

  constructor(system: PackedSystem, budget: Budget) {
    const { bits, initial, mostSuccessors, successors } = system;
    const words = bits.length;
    const batch = Math.max(BATCH + mostSuccessors, initial.length / words);
    this.#words = words;
    this.#initial = initial;
    this.#buffer = new Int32Array(batch * words);
    this.#table = canMix(bits)
      ? new CompactTable(bits, batch, budget)
      : new NumberedTable(bits, batch, budget);
    this.#queue = new Queue(batch * words, budget);
    const sizes = { words, full: BATCH * words, most: mostSuccessors * words };
    this.#expand = fresh(expander)(successors, sizes, this.#buffer, this.#takeIn);
    this.#canonical = fresh(eachState)(system.canonical ?? null, words);
    this.#check = fresh(firstBroken)(system.check ?? null, words);
  }

  /** Of the deepest state found. */
  get depth(): number {
    return this.states > this.#before ? this.expanded + 1 : this.expanded;
  }

  run(maxDepth: number, onLevel: (search: Search) => void): End {
    try {
      return this.#levels(maxDepth, onLevel);
    } catch (fault) {
      if (fault instanceof OutOfMemory) return "memory";
      throw fault;
    }
  }

  #levels(maxDepth: number, onLevel: (search: Search) => void): End {
    this.#buffer.set(this.#initial);
    const isFine = this.#takeIn(this.#initial.length);
    this.transitions = 0;
    this.#before = this.states;
    if (!isFine) return "broken";
    for (let level = this.#queue.drain(); level.length > 0; level = this.#queue.drain()) {
      if (this.expanded >= maxDepth) return "depth";
      for (const chunk of level) {
        if (!this.#expand(chunk.words, chunk.length)) return "broken";
        this.#queue.reuse(chunk);
      }
      if (this.states === this.#before) break;
      this.#before = this.states;
      this.expanded++;
      onLevel(this);
    }
    return "done";
  }

  /** Looks up the states in the buffer up to `end`; false if a new one breaks an invariant. */
  readonly #takeIn = (end: number): boolean => {
    this.transitions += end / this.#words;
    this.#canonical(this.#buffer, end);
    const kept = this.#table.insert(this.#buffer, end);
    this.code = this.#check(this.#buffer, kept);
    this.states += kept / this.#words;
    if (this.code !== 0) return false;
    this.#queue.add(this.#buffer, kept);
    return true;
  };
}

type Expand = (states: Int32Array, length: number) => boolean;

/** Expands the states of a chunk; false if `takeIn` said so. Nothing is left in the buffer. */
function expander(
  successors: PackedSystem["successors"],
  sizes: { readonly words: number; readonly full: number; readonly most: number },
  buffer: Int32Array,
  takeIn: (end: number) => boolean,
): Expand {
  const { words, full, most } = sizes;
  return (states, length) => {
    let end = 0;
    for (let at = 0; at < length; at += words) {
      const next = successors(states, at, buffer, end);
      // What is written past the end of the buffer is lost without a word.
      if (next - end > most) throw new RangeError("mostSuccessors: a state has more than that");
      end = next;
      if (end < full) continue;
      if (!takeIn(end)) return false;
      end = 0;
    }
    return takeIn(end);
  };
}

type EachState = (states: Int32Array, end: number) => void;

function eachState(visit: EachState | null, words: number): EachState {
  if (visit === null) return () => {};
  return (states, end) => {
    for (let at = 0; at < end; at += words) visit(states, at);
  };
}

type FirstBroken = (states: Int32Array, end: number) => number;

function firstBroken(check: FirstBroken | null, words: number): FirstBroken {
  if (check === null) return () => 0;
  return (states, end) => {
    for (let at = 0; at < end; at += words) {
      const code = check(states, at);
      if (code !== 0) return code;
    }
    return 0;
  };
}
