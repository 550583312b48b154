/**
 * The implementation as a transition system that a search can explore and every property can judge,
 * in place of the design's own: a state is the manager's bytes and the ghost's number, a world is
 * their abstraction, and who can move is asked of the manager. So a planted bug is found by the same
 * rows and rules as a wrong design, and by a shortest run.
 */
import {
  type Action,
  at,
  type Design,
  type Environment,
  type Event,
  type Job,
  type Label,
  type LockName,
  labels,
  Machinery,
  type MachineryOptions,
  type Move,
  type Operation,
  type Scope,
  type Script,
  type World,
} from "../model/index.ts";
import { abstractionOf } from "./abstraction.ts";
import { Manager, type ManagerOptions } from "./manager.ts";
import { operationKinds, packOperation } from "./operations.ts";
import { reply } from "./reply.ts";
import type { PackedAction, PackedScript, PackedScripts } from "./script.ts";
import { commitsOfReport, marksOfReport } from "./told.ts";

/** What a planted bug puts in place of a declaration: `null` takes it away. */
const inPlaceOf = (
  planted: LockName | null | undefined,
  declared: LockName | undefined,
): LockName | undefined => (planted === undefined ? declared : (planted ?? undefined));

/** An action that only a planted bug has. */
const planted: Action = { standsFor: "a planted bug", do: () => ({ to: "end" }) };

const declaredAs = (known: Action, packed: PackedAction): Action => {
  const { takes, drops, within, ...rest } = known;
  const taking = inPlaceOf(packed.takes, takes);
  const dropping = inPlaceOf(packed.drops, drops);
  const inside = inPlaceOf(packed.within, within);
  return {
    ...rest,
    ...(taking && { takes: taking }),
    ...(dropping && { drops: dropping }),
    ...(inside && { within: inside }),
    ...(packed.sleeps && { sleeps: true }),
  };
};

const scriptAs = (declared: Script | undefined, packed: PackedScript): Script => {
  const actions: { [label in Label]?: Action } = {};
  for (const label of labels) {
    const action = packed.actions[label];
    if (action) actions[label] = declaredAs(declared?.actions[label] ?? planted, action);
  }
  return { entry: packed.entry, actions };
};

/** The design with its actions as the packed scripts declare them: the same, but for planted bugs. */
const declaredBy = (design: Design, scripts: PackedScripts): Design => {
  const running: { [kind in Operation["kind"]]?: Script } = {};
  for (const kind of operationKinds) {
    const packed = kind === "none" ? undefined : scripts[kind];
    if (kind !== "none" && packed) running[kind] = scriptAs(design.scripts[kind], packed);
  }
  return { ...design, scripts: running };
};

/** Moves that a design declares are made in the model alone: what declares them has no packed form. */
type PackedEnvironment = Exclude<Environment, { kind: "own" }>;

/** What the environment does is done to one page, storage page or frame. */
const objectOf = (does: PackedEnvironment): number => {
  switch (does.kind) {
    case "pin":
    case "unpin":
      return does.handle;
    case "write-back-data":
      return does.storage;
    case "write-back-tags":
      return does.frame;
  }
};

export const doEnvironment = (manager: Manager, does: Environment): void => {
  if (does.kind === "own") throw new Error(`no implementation knows what ${does.name} means`);
  manager.environment(does.kind, objectOf(does));
};

export class PackedMachinery extends Machinery {
  private readonly manager: Manager;
  private readonly keys = new WeakMap<World, string>();
  /** The key whose bytes the manager holds now. */
  private loaded: string | null = null;
  private readonly view: Buffer;

  constructor(
    design: Design,
    scope: Scope,
    options: MachineryOptions & Pick<ManagerOptions, "patch"> = {},
  ) {
    const { patch } = options;
    const manager = new Manager(design, scope, patch ? { patch } : {});
    super(declaredBy(design, manager.scripts), scope, options);
    this.manager = manager;
    const { all } = manager.state;
    this.view = Buffer.from(all.buffer, all.byteOffset, all.length);
    this.remember(this.initial);
  }

  /** The manager's bytes are this world's. */
  private remember(world: World): void {
    const truth = String.fromCharCode(world.truth & 0xffff, world.truth >>> 16);
    const key = truth + this.view.toString("latin1");
    this.keys.set(world, key);
    this.loaded = key;
  }

  private load(key: string): void {
    if (this.loaded === key) return;
    this.view.write(key.slice(2), "latin1");
    this.loaded = key;
  }

  override key(world: World): string {
    const key = this.keys.get(world);
    if (key === undefined) throw new Error("a world that this machinery did not make has no key");
    return key;
  }

  override fromKey(key: string): World {
    this.load(key);
    const truth = key.charCodeAt(0) + (key.charCodeAt(1) << 16);
    const world = abstractionOf(this.manager, truth);
    this.keys.set(world, key);
    return world;
  }

  protected override isReady(
    world: World,
    actor: number,
    operation: Job,
    _action: Action,
    starts: number | null,
  ): boolean {
    this.load(this.key(world));
    if (starts === null) return this.manager.isReady(actor);
    const packed = packOperation(operation);
    return packed !== null && this.manager.couldBegin(actor, starts, packed);
  }

  private request(actor: number, number: number, operation: Job): number {
    const packed = packOperation(operation);
    return packed ? this.manager.request(actor, number, packed) : reply.refused;
  }

  override step(world: World, move: Move): { next: World; events: readonly Event[] } {
    this.load(this.key(world));
    this.loaded = null;
    const events: Event[] = [];
    const truth =
      move.kind === "environment"
        ? this.disturb(world, move.does, events)
        : this.act(world, move, events);
    const next = abstractionOf(this.manager, truth);
    this.remember(next);
    return { next, events };
  }

  override stepImmutably(world: World, move: Move): { next: World; events: readonly Event[] } {
    return this.step(world, move);
  }

  private disturb(world: World, does: Environment, events: Event[]): number {
    doEnvironment(this.manager, does);
    for (const mark of marksOfReport(this.manager)) events.push({ kind: "marked", mark });
    return world.truth;
  }

  private act(world: World, move: Extract<Move, { kind: "act" }>, events: Event[]): number {
    const { manager } = this;
    const { actor, starts, choice } = move;
    if (starts !== null) {
      const asked = this.request(actor, starts, at(this.operations, starts) ?? unknown());
      if (asked !== reply.ran) throw new Error("a move that is possible was refused");
      if (manager.locks.interruptsAnother(manager.actor(actor)))
        events.push({ kind: "marked", mark: "interrupt-during-an-operation" });
    }
    const operation = at(this.operations, manager.actor(actor).operation) ?? unknown();
    const label = manager.labelOf(actor);
    if (manager.act(actor, choice) !== reply.ran) throw new Error("a move that is possible waits");
    const { report } = manager;
    if (report.slept) {
      const { standsFor } = this.actionAt(operation, label);
      events.push({ kind: "slept-in-atomic", what: standsFor });
    }
    for (const mark of marksOfReport(manager)) events.push({ kind: "marked", mark });
    const truth = this.commit(world, operation, events);
    if (report.ended) events.push({ kind: "ended", operation, commits: report.commitsAtEnd });
    if (report.claimed)
      events.push({ kind: "claimed", by: operation.kind, atomic: report.claimedAtomically });
    return truth;
  }

  private commit({ truth }: World, own: Job, events: Event[]): number {
    const ghost = { truth };
    for (const { operation: asked, choice, outcome } of commitsOfReport(this.manager)) {
      const operation = asked === "own" ? own : asked;
      if (operation.kind === "work") throw new Error(`${operation.name} has nothing to commit`);
      events.push(this.judge.commit(ghost, { operation, choice, outcome }));
    }
    return ghost.truth;
  }
}

const unknown = (): never => {
  throw new Error("an operation is in no catalogue");
};
