/**
 * Model and implementation in one search. A random suite compares them on the runs that it happens
 * to draw; here every transition that the implementation has in a scope is compared, so that "the
 * implementation is the model" is a statement complete in that scope. In every state
 * - everybody who can go on in the one can in the other, and may begin the same operations;
 * - asking for what may not begin is refused, and changes nothing;
 * - each move leads both to one state, and both report the same of it.
 *
 * A state is the implementation's bytes beside a state of the model. Several of the first may be one
 * of the second: what the model does there is worked out once and remembered.
 */
import { abstractionOf, doEnvironment, Manager, packOperation, reply } from "../../impl/index.ts";
import {
  at,
  type Design,
  describeJob,
  type Event,
  type Job,
  type Move,
  type Scope,
  Walker,
} from "../../model/index.ts";
import { firstDifference } from "./difference.ts";
import type { Mismatch, Under } from "./floors.ts";
import { type End, type Known, ModelSteps } from "./model-steps.ts";
import { toldByManager, toldByModel } from "./told.ts";

export type Completed = {
  /** Of the implementation. */
  readonly states: number;
  /** Of the implementation, each compared with the model's. */
  readonly transitions: number;
  /** Distinct steps that the model was asked for. */
  readonly modelSteps: number;
  /** Were there more states than the bound? Those that were kept have all been looked at. */
  readonly cut: boolean;
  /** Where the two part first, and the moves that lead there: as few as can be. */
  readonly parting: { readonly moves: readonly Move[]; readonly mismatch: Mismatch } | null;
};

/** A state of the implementation, and how it was reached. */
type Found = {
  readonly bytes: string;
  /** Of the model. */
  readonly key: string;
  readonly from: Found | null;
  readonly by: Move | null;
};

type Parting = NonNullable<Completed["parting"]>;

export type CompleteOptions = {
  readonly maxStates?: number;
  readonly under?: Under;
};

/** Compares the two in all of a scope, breadth-first, up to the first difference. */
export const compareInScope = (
  design: Design,
  scope: Scope,
  options: CompleteOptions = {},
): Completed => new Complete(design, scope, options).compare();

class Complete {
  private readonly walker: Walker;
  private readonly manager: Manager;
  private readonly view: Buffer;
  private readonly maxStates: number;
  private readonly steps: ModelSteps;
  private readonly states = new Map<string, Found>();
  private transitions = 0;
  private cut = false;

  constructor(design: Design, scope: Scope, options: CompleteOptions) {
    const { maxStates = Number.POSITIVE_INFINITY, under = {} } = options;
    this.maxStates = maxStates;
    this.walker = new Walker(design, scope);
    this.steps = new ModelSteps(this.walker);
    const { patch } = under;
    this.manager = new Manager(under.design?.(design) ?? design, scope, patch ? { patch } : {});
    const { all } = this.manager.state;
    this.view = Buffer.from(all.buffer, all.byteOffset, all.length);
  }

  compare(): Completed {
    const { walker } = this;
    const queue: Found[] = [];
    const { initial } = walker;
    const begin = { key: walker.key(initial), truth: initial.truth, events: [] };
    const first = this.meet(null, null, begin, queue);
    let parting: Parting | null = first && { moves: [], mismatch: first };
    for (let index = 0; parting === null && index < queue.length; index++) {
      parting = this.compareState(at(queue, index), queue);
    }
    const { transitions, cut } = this;
    const modelSteps = this.steps.count;
    return { states: this.states.size, transitions, modelSteps, cut, parting };
  }

  private compareState(state: Found, queue: Found[]): Parting | null {
    const known = this.steps.at(state.key);
    const idle = this.compareRequests(state, known);
    if (idle) return { moves: wayTo(state), mismatch: idle };
    for (const [index, move] of known.moves.entries()) {
      const mismatch = this.compareMove(state, move, at(known.ends, index), queue);
      if (mismatch) return { moves: [...wayTo(state), move], mismatch };
    }
    return null;
  }

  /** Who can go on, and who may begin what; nothing is changed by asking. */
  private compareRequests(state: Found, { moves }: Known): Mismatch | null {
    const { manager, walker } = this;
    const possible = new Set(
      moves.flatMap((move) => (move.kind === "act" ? [nameOf(move.actor, move.starts)] : [])),
    );
    this.load(state.bytes);
    const parted = (actor: number, number: number | null, found: boolean): Mismatch => ({
      ...this.who(state, { kind: "act", actor, starts: number, choice: 0 }),
      part: number === null ? "going on" : "request",
      expected: found ? "has to wait, or is refused" : "possible",
      found: found ? "possible" : "has to wait, or is refused",
    });
    for (const actor of walker.site.scope.actors.keys()) {
      if (manager.actor(actor).operation > 0) {
        const ready = manager.isReady(actor);
        if (ready !== possible.has(nameOf(actor, null))) return parted(actor, null, ready);
        continue;
      }
      for (const number of walker.numbersOf(actor)) {
        const packed = packOperation(this.operation(number));
        const ready = packed !== null && manager.couldBegin(actor, number, packed);
        if (ready !== possible.has(nameOf(actor, number))) return parted(actor, number, ready);
      }
    }
    if (this.view.toString("latin1") === state.bytes) return null;
    const change = { part: "state", expected: "nothing changed by asking", found: "a change" };
    return { actor: "somebody", operation: "any", action: "request", ...change };
  }

  private compareMove(state: Found, move: Move, end: End, queue: Found[]): Mismatch | null {
    this.load(state.bytes);
    this.transitions++;
    try {
      const own = this.operationOf(move);
      const refused = this.execute(move);
      if (refused !== null) return { ...this.who(state, move), ...refused };
      const difference = this.differenceInReport(end.events, own);
      if (difference) return { ...this.who(state, move), ...difference };
      const mismatch = this.meet(state, move, end, queue);
      return mismatch && { ...mismatch, ...this.who(state, move) };
    } catch (error) {
      /** An implementation that breaks down is as wrong as one that differs. */
      if (!(error instanceof RangeError)) throw error;
      return { ...this.who(state, move), part: "run", expected: "an end", found: error.message };
    }
  }

  /** The move on the implementation; what it replied where that is wrong. */
  private execute(move: Move): Pick<Mismatch, "part" | "expected" | "found"> | null {
    const { manager } = this;
    if (move.kind === "environment") {
      doEnvironment(manager, move.does);
      return null;
    }
    const { actor, starts, choice } = move;
    if (starts !== null) {
      const packed = packOperation(this.operation(starts));
      if (packed === null || manager.request(actor, starts, packed) !== reply.ran)
        return { part: "request", expected: "accepted", found: "refused" };
    }
    if (manager.act(actor, choice) !== reply.ran)
      return { part: "action", expected: "done", found: "has to wait" };
    if (starts !== null) manager.markStart(actor);
    return null;
  }

  private differenceInReport(events: readonly Event[], own: Job | null) {
    const { report } = this.manager;
    const isQuiet =
      report.commits === 0 &&
      report.marks === 0 &&
      !report.slept &&
      !report.claimed &&
      !report.ended;
    if (isQuiet && events.length === 0) return null;
    return firstDifference(toldByModel(events, own), toldByManager(this.manager));
  }

  /** What the implementation holds now has to be this state of the model, now and ever. */
  private meet(from: Found | null, by: Move | null, end: End, queue: Found[]): Mismatch | null {
    const { key, truth } = end;
    const bytes = this.view.toString("latin1");
    const name = `${truth} ${bytes}`;
    if (this.states.get(name)?.key === key) return null;
    const state = abstractionOf(this.manager, truth);
    const difference = firstDifference(this.walker.fromKey(key), state);
    const nobody = { actor: "nobody", operation: "nothing", action: "nothing" };
    if (difference) return { ...nobody, ...difference };
    if (this.states.size >= this.maxStates) {
      this.cut = true;
      return null;
    }
    const fresh = { bytes, key, from, by };
    this.states.set(name, fresh);
    queue.push(fresh);
    return null;
  }

  private load(bytes: string): void {
    this.view.write(bytes, "latin1");
  }

  private operation(number: number): Job {
    const operation = this.walker.operations[number];
    if (!operation) throw new RangeError(`no operation ${number}`);
    return operation;
  }

  /** Of the actor that moves in the state that was loaded. */
  private operationOf(move: Move): Job | null {
    if (move.kind === "environment") return null;
    return this.operation(move.starts ?? this.manager.actor(move.actor).operation);
  }

  private who(state: Found, move: Move): Pick<Mismatch, "actor" | "operation" | "action"> {
    if (move.kind === "environment") {
      const { kind } = move.does;
      return { actor: "the environment", operation: kind, action: kind };
    }
    const { walker } = this;
    const world = walker.fromKey(state.key);
    const { starts } = move;
    const operation =
      starts === null ? walker.operationOf(world, move.actor) : this.operation(starts);
    const label =
      starts === null
        ? walker.labelOf(world, move.actor)
        : walker.scriptOf(this.operation(starts)).entry;
    return {
      actor: at(walker.site.scope.actors, move.actor).name,
      operation: operation ? describeJob(operation) : "nothing",
      action: label,
    };
  }
}

const nameOf = (actor: number, starts: number | null): string => `${actor} ${starts}`;

const wayTo = (state: Found): readonly Move[] => {
  const moves: Move[] = [];
  for (let now: Found | null = state; now !== null; now = now.from)
    if (now.by !== null) moves.push(now.by);
  return moves.reverse();
};
