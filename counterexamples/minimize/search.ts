/**
 * Searching a scope for the shortest run that fails in a given way: cheapest first, where an
 * operation costs more than any switch and a switch more than any action. A plan restricts it to
 * some operations; the search then finds the best schedule, choices and arguments for them, and
 * whether all of them are needed.
 */
import { at, type Job, type Machinery, type Move, type World } from "../../model/index.ts";
import { unlessItBreaks } from "../run.ts";
import { compareLengths, type Length } from "./rank.ts";
import type { Ground } from "./trials.ts";

/** By actor, the kinds of operation that it may start, in this order; some may be left out. */
export type Plan = readonly (readonly Job["kind"][])[];

export type SearchOptions = {
  /** Null: everybody may start whatever the scope allows. */
  readonly plan: Plan | null;
  /** Only runs that are shorter than this. */
  readonly shorterThan: Length;
  readonly maxStates: number;
  /** Is this a reason to stop for? */
  readonly isFailure: (reason: string) => boolean;
};

export type Found = {
  /** The moves of a shortest run, or null: there is none within the bounds. */
  readonly moves: readonly Move[] | null;
  readonly states: number;
  /** Nothing was left unlooked at: the answer is the last word on this scope and plan. */
  readonly complete: boolean;
};

/** A state on the way, how it was reached, and who may still start what. */
type Node = {
  readonly key: string;
  readonly last: number;
  /** By actor: how many entries of the plan are done with. */
  readonly planned: readonly number[];
  readonly length: Length;
  readonly from: Node | null;
  readonly move: Move | null;
  /** The move breaks the property: the run ends here. */
  readonly fails: boolean;
};

/** Nodes by their length. A move makes a run longer, so whatever is added is never taken late. */
class Queue {
  /** By operations, then switches, then actions. */
  readonly #nodes: Node[][][][] = [];

  add(node: Node): void {
    const { operations, switches, actions } = node.length;
    this.#nodes[operations] ??= [];
    const byOperations = at(this.#nodes, operations);
    byOperations[switches] ??= [];
    const bySwitches = at(byOperations, switches);
    bySwitches[actions] ??= [];
    at(bySwitches, actions).push(node);
  }

  /** The shortest first; what is added meanwhile is longer than the one that was given last. */
  *[Symbol.iterator](): Generator<Node> {
    for (let operations = 0; operations < this.#nodes.length; operations++) {
      const byOperations = this.#nodes[operations] ?? [];
      for (let switches = 0; switches < byOperations.length; switches++) {
        const bySwitches = byOperations[switches] ?? [];
        for (let actions = 0; actions < bySwitches.length; actions++) {
          yield* bySwitches[actions] ?? [];
          delete bySwitches[actions];
        }
      }
    }
  }
}

const nodesPerPause = 500;

class Search {
  readonly #machinery: Machinery;
  readonly #ground: Ground;
  readonly #options: SearchOptions;
  readonly #queue = new Queue();
  /** The shortest length by which a node was reached so far. */
  readonly #reached = new Map<string, Length>();
  states = 0;

  constructor(ground: Ground, options: SearchOptions) {
    this.#ground = ground;
    this.#machinery = ground.machinery;
    this.#options = options;
  }

  /** Pauses now and then, so that whoever drives it can stop it. */
  *run(): Generator<number, Found> {
    const { initial } = this.#machinery;
    this.#offer({
      key: this.#machinery.key(initial),
      last: -1,
      planned: initial.actors.map(() => 0),
      length: { operations: 0, switches: 0, actions: 0 },
      from: null,
      move: null,
      fails: false,
    });
    for (const node of this.#queue) {
      if (node.fails) return this.#found(node);
      if (this.#reached.get(nameOf(node)) !== node.length) continue;
      if (this.states >= this.#options.maxStates)
        return { moves: null, states: this.states, complete: false };
      this.states++;
      if (this.states % nodesPerPause === 0) yield this.states;
      /** A state that the scripts cannot go on from leads nowhere. */
      if (unlessItBreaks(() => this.#expand(node)) === true) return this.#found(node);
    }
    return { moves: null, states: this.states, complete: true };
  }

  #found(node: Node): Found {
    const moves: Move[] = [];
    for (let here: Node | null = node; here !== null; here = here.from)
      if (here.move !== null) moves.push(here.move);
    return { moves: moves.reverse(), states: this.states, complete: true };
  }

  /** True if the state itself breaks the property. */
  #expand(node: Node): boolean {
    const machinery = this.#machinery;
    const { property } = this.#ground;
    const world = machinery.fromKey(node.key);
    const moves = machinery.moves(world);
    if (property.kind === "always" && property.premise?.(world, moves) !== false) {
      const reason = property.judge(world, moves);
      if (reason !== null && this.#options.isFailure(reason)) return true;
    }
    for (const move of moves) {
      const planned = this.#plannedAfter(node, move);
      if (planned !== null) this.#follow(node, world, move, planned);
    }
    return false;
  }

  #follow(node: Node, before: World, move: Move, planned: readonly number[]): void {
    const length = lengthened(node, move);
    if (compareLengths(length, this.#options.shorterThan) >= 0) return;
    const machinery = this.#machinery;
    const { property } = this.#ground;
    const { next: after, events } = machinery.step(before, move);
    let fails = false;
    if (property.kind === "step") {
      const transition = { before, move, after, events };
      const reason = property.premise?.(transition) === false ? null : property.judge(transition);
      fails = reason !== null && this.#options.isFailure(reason);
    }
    const last = move.kind === "act" ? move.actor : node.last;
    this.#offer({ key: machinery.key(after), last, planned, length, from: node, move, fails });
  }

  #offer(node: Node): void {
    if (node.fails) {
      this.#queue.add(node);
      return;
    }
    const name = nameOf(node);
    const known = this.#reached.get(name);
    if (known !== undefined && compareLengths(known, node.length) <= 0) return;
    this.#reached.set(name, node.length);
    this.#queue.add(node);
  }

  /** Null where the plan does not have the operation that the move starts. */
  #plannedAfter({ planned }: Node, move: Move): readonly number[] | null {
    const { plan } = this.#options;
    if (plan === null || move.kind !== "act" || move.starts === null) return planned;
    const kind = this.#machinery.operations[move.starts]?.kind;
    const mine = plan[move.actor] ?? [];
    const place = mine.findIndex(
      (each, index) => index >= at(planned, move.actor) && each === kind,
    );
    if (place < 0) return null;
    return planned.map((count, actor) => (actor === move.actor ? place + 1 : count));
  }
}

const nameOf = ({ key, last, planned }: Node): string => `${last} ${planned.join(" ")} ${key}`;

const lengthened = ({ length, last }: Node, move: Move): Length => {
  const { operations, switches, actions } = length;
  if (move.kind !== "act") return { operations, switches, actions: actions + 1 };
  return {
    operations: operations + (move.starts === null ? 0 : 1),
    switches: switches + (last >= 0 && last !== move.actor ? 1 : 0),
    actions: actions + 1,
  };
};

/**
 * The shortest failing run of a scope within a plan. Only for a property of states or steps.
 * Yields the number of states looked at so far, now and then.
 */
export const searchShortest = (ground: Ground, options: SearchOptions): Generator<number, Found> =>
  new Search(ground, options).run();
