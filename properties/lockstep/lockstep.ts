/**
 * Lockstep: the model and the implementation do the same, action by action, and after every action
 * the implementation's abstraction is the model's state, and what both reported is the same.
 * Environment choices are imposed on both. Where the implementation decides (which place), the model
 * must know its decision as one of its alternatives, and then takes it over.
 */
import {
  abstractionOf,
  doEnvironment,
  Manager,
  own,
  packOperation,
  reply,
} from "../../impl/index.ts";
import {
  at,
  type Design,
  describeJob,
  type Event,
  type Job,
  type Scope,
  Walker,
  type World,
} from "../../model/index.ts";
import { firstDifference } from "./difference.ts";
import type { Act, Floors, Mismatch, Under } from "./floors.ts";
import type { Step } from "./run.ts";
import { toldByManager, toldByModel } from "./told.ts";

/** Asked for only when something is wrong. */
type Who = () => Pick<Mismatch, "actor" | "operation" | "action">;

/** More contract states than this are forgotten between two runs. */
const mostRemembered = 20_000;

const replies = ["ran", "refused", "waits"] as const;

export class Lockstep implements Floors {
  readonly refuses = true;
  readonly walker: Walker;
  readonly manager: Manager;
  world: World;
  /** Own words of the last action that both did. */
  events: readonly Event[] = [];
  private readonly fresh: Uint8Array;
  private readonly lists: boolean;

  constructor(design: Design, scope: Scope, lists: boolean, under: Under = {}) {
    const planted = under.design?.(design) ?? design;
    this.lists = lists;
    this.walker = new Walker(design, scope, { everyFrame: lists });
    this.manager = new Manager(planted, scope, {
      lists,
      ...(under.patch && { patch: under.patch }),
    });
    this.fresh = this.manager.snapshot();
    this.world = this.walker.begin();
  }

  /** Both begin anew. */
  reset(): void {
    if (this.walker.judge.size > mostRemembered) this.walker.judge.forget();
    this.manager.restore(this.fresh);
    this.world = this.walker.begin();
  }

  /** Does a step on both; null where they agree. */
  do(step: Step): Mismatch | null {
    try {
      return this.try(step);
    } catch (error) {
      /** An implementation that breaks down is as wrong as one that differs. */
      if (!(error instanceof RangeError)) throw error;
      const found = error.message;
      const nowhere = { actor: "somebody", operation: "an operation", action: "an action" };
      return { ...nowhere, part: "run", expected: "an end", found };
    }
  }

  private try(step: Step): Mismatch | null {
    this.events = [];
    if (step.kind === "refused") return this.refuse(step.actor, step.operation);
    if (step.kind === "waits") return this.wait(step.actor, step.operation);
    const { move } = step;
    if (move.kind === "act") return this.act(move, step.decided === "by-implementation");
    doEnvironment(this.manager, move.does);
    this.events = this.walker.advance(this.world, move);
    const { kind } = move.does;
    return this.compare(() => ({ actor: "the environment", operation: kind, action: kind }), null);
  }

  /** Is the place here the implementation's to choose? */
  isOwnChoice({ actor, starts }: Act): boolean {
    if (!this.lists) return false;
    const { walker } = this;
    const operation = starts === null ? walker.operationOf(this.world, actor) : this.asked(starts);
    if (operation === null) return false;
    const label =
      starts === null ? walker.labelOf(this.world, actor) : walker.scriptOf(operation).entry;
    const action = walker.actionAt(operation, label);
    return action.choose !== undefined && action.decidedBy === undefined;
  }

  /** The moves of a step's actor that differ from it in the choice alone; none: it cannot be done. */
  alternatives({ actor, starts }: Act): readonly Act[] {
    const { walker, world } = this;
    const moves =
      starts === null
        ? at(world.actors, actor).operation > 0
          ? walker.movesAtWork(world, actor)
          : []
        : at(world.actors, actor).operation === 0
          ? walker.startsOf(world, actor, this.asked(starts).kind)
          : [];
    return moves.filter((move): move is Act => move.kind === "act" && move.starts === starts);
  }

  private asked(number: number): Job {
    const operation = this.walker.operations[number];
    if (!operation) throw new RangeError(`no operation ${number}`);
    return operation;
  }

  private act(move: Act, ownChoice: boolean): Mismatch | null {
    const { walker, manager, world } = this;
    const { actor, starts } = move;
    const operation = starts === null ? walker.operationOf(world, actor) : this.asked(starts);
    if (operation === null) throw new Error("an idle actor cannot go on");
    const label = starts === null ? walker.labelOf(world, actor) : walker.scriptOf(operation).entry;
    const who: Who = () => ({
      actor: at(walker.site.scope.actors, actor).name,
      operation: describeJob(operation),
      action: label,
    });
    const parted = (part: string, expected: string, found: string): Mismatch => ({
      ...who(),
      part,
      expected,
      found,
    });
    if (starts !== null) {
      const packed = packOperation(operation);
      const asked = packed ? manager.request(actor, starts, packed) : reply.refused;
      if (asked !== reply.ran) return parted("request", "accepted", at(replies, asked));
    }
    if (manager.labelOf(actor) !== label) return parted("label", label, manager.labelOf(actor));
    const alternatives = ownChoice ? this.alternatives(move) : [];
    const did = manager.act(actor, ownChoice ? own : move.choice);
    if (did !== reply.ran) return parted("action", "done", at(replies, did));
    if (starts !== null) manager.markStart(actor);
    const choice = ownChoice ? manager.report.chose : move.choice;
    if (ownChoice && !alternatives.some((other) => other.choice === choice)) {
      const choices = alternatives.map((other) => other.choice);
      return parted("choice", `one of ${choices.join(" ")}`, String(choice));
    }
    this.events = walker.advance(world, { ...move, choice });
    return this.compare(who, operation);
  }

  /** The request must be refused, and nothing may have changed. */
  private refuse(actor: number, number: number): Mismatch | null {
    const operation = this.asked(number);
    const packed = packOperation(operation);
    const before = this.manager.snapshot();
    const asked = packed ? this.manager.request(actor, number, packed) : reply.refused;
    const same = Buffer.compare(before, this.manager.state.all) === 0;
    if (asked === reply.refused && same) return null;
    const found =
      asked === reply.refused ? "refused, and the state is another" : at(replies, asked);
    return {
      actor: at(this.walker.site.scope.actors, actor).name,
      operation: describeJob(operation),
      action: "request",
      part: "reply",
      expected: "refused, nothing changed",
      found,
    };
  }

  /** Neither may the actor go on (or begin), nor may asking have changed anything. */
  private wait(actor: number, number: number | null): Mismatch | null {
    const { manager, walker, world } = this;
    const before = manager.snapshot();
    const operation = number === null ? walker.operationOf(world, actor) : this.asked(number);
    const waits = number === null ? !manager.isReady(actor) : !this.couldBegin(actor, number);
    if (waits && Buffer.compare(before, manager.state.all) === 0) return null;
    return {
      actor: at(walker.site.scope.actors, actor).name,
      operation: operation ? describeJob(operation) : "nothing",
      action: number === null ? walker.labelOf(world, actor) : "request",
      part: "reply",
      expected: "waits, nothing changed",
      found: waits ? "waits, and the state is another" : "could go on",
    };
  }

  private couldBegin(actor: number, number: number): boolean {
    const packed = packOperation(this.asked(number));
    return packed !== null && this.manager.couldBegin(actor, number, packed);
  }

  private compare(who: Who, own: Job | null): Mismatch | null {
    const { manager, world } = this;
    const expected = { told: toldByModel(this.events, own), state: world };
    const state = abstractionOf(manager, world.truth);
    const difference = firstDifference(expected, { told: toldByManager(manager), state });
    return difference && { ...who(), ...difference };
  }
}
