/**
 * The manager: it takes requests, and runs them action by action (others may come between), or
 * whole. Every action of a design's table has its packed twin; which lock an action needs and
 * whether it may sleep is read from that table.
 */
import { type Action, type Design, type Label, labels, type Scope } from "../model/index.ts";
import { end, mark, own } from "./codes.ts";
import { type Guard, guardsOf } from "./guards.ts";
import { Kit } from "./kit.ts";
import { type Lock, Locks, locksOf } from "./locks.ts";
import { kindOf, operationKinds, type PackedOperation } from "./operations.ts";
import { type Registers, resetRegisters } from "./registers.ts";
import type { Report } from "./report.ts";
import type { PackedAction, PackedScripts } from "./script.ts";
import { scriptsOf } from "./scripts/index.ts";
import { Units } from "./scripts/units.ts";
import { freshState, type PackedState } from "./state.ts";

/** What became of a request for an action. */
export const reply = {
  /** It was done. */
  ran: 0,
  /** The caller may not ask that, or not now; nothing has changed. */
  refused: 1,
  /** It waits: for a lock, for a condition, or for its CPU; nothing has changed. */
  waits: 2,
} as const;

export type ManagerOptions = {
  /** Free lists and an LRU with their real order; without them places are chosen from outside. */
  readonly lists?: boolean;
  /** Fill freed memory with junk. */
  readonly poison?: boolean;
  /** Data pages that are no memory: tag storage inside the range that it serves. */
  readonly notMemory?: readonly { readonly first: number; readonly count: number }[];
  /** Changes the scripts before they are compiled: a planted bug. */
  readonly patch?: Patch;
};

/** Gets all that an action may use, and the scripts made of it; gives the scripts to run. */
export type Patch = (parts: Parts) => PackedScripts;
export type Parts = {
  readonly kit: Kit;
  readonly units: Units;
  readonly design: Design;
  readonly scripts: PackedScripts;
};

/** An action as it runs: the packed work and what the design's table declares. */
type Compiled = {
  readonly do: PackedAction["do"];
  readonly when: PackedAction["when"] | null;
  readonly needs: Lock | null;
  readonly takes: Lock | null;
  readonly drops: Lock | null;
  readonly sleeps: boolean;
  readonly label: Label;
};

export class Manager {
  readonly design: Design;
  readonly scope: Scope;
  readonly kit: Kit;
  readonly state: PackedState;
  readonly report: Report;
  readonly locks: Locks;
  /** The scripts that run, planted bugs included. */
  readonly scripts: PackedScripts;
  private readonly units: Units;
  private readonly guards: readonly Guard[];
  /** By kind and label. */
  private readonly actions: readonly (Compiled | null)[];
  /** By kind: the code of the first label. */
  private readonly entries: readonly number[];
  /** By label. */
  private readonly claims: readonly boolean[];
  private readonly claimCap: number;

  constructor(design: Design, scope: Scope, options: ManagerOptions = {}) {
    const { lists = false, poison = true, notMemory = [], patch } = options;
    this.design = design;
    this.scope = scope;
    this.state = freshState({ scope, locks: locksOf(scope), stash: design.stash, lists });
    this.kit = new Kit(design, scope, this.state, poison);
    this.report = this.kit.report;
    this.units = new Units(this.kit);
    this.locks = new Locks(this.kit, this.units, design);
    this.guards = guardsOf(this.kit, this.units, design);
    this.kit.begin(notMemory);
    const parts = { kit: this.kit, units: this.units, design };
    const scripts = scriptsOf(parts);
    const running = patch ? patch({ ...parts, scripts }) : scripts;
    this.scripts = running;
    this.entries = operationKinds.map((kind) => {
      const script = kind === "none" ? undefined : running[kind];
      return script ? labels.indexOf(script.entry) : end;
    });
    this.actions = operationKinds.flatMap((kind) => this.compile(kind, running));
    this.claims = labels.map((label) => design.claiming.has(label));
    this.claimCap = (design.claimBound?.(scope) ?? 0) + 1;
  }

  private compile(
    kind: (typeof operationKinds)[number],
    scripts: PackedScripts,
  ): readonly (Compiled | null)[] {
    const script = kind === "none" ? undefined : scripts[kind];
    const declared = kind === "none" ? undefined : this.design.scripts[kind];
    return labels.map((label) => {
      const action = script?.actions[label];
      return action ? this.compiled(label, action, declared?.actions[label]) : null;
    });
  }

  private compiled(label: Label, packed: PackedAction, declared: Action | undefined): Compiled {
    const takes = this.locks.named(packed.takes === undefined ? declared?.takes : packed.takes);
    const within = packed.within === undefined ? declared?.within : packed.within;
    return {
      do: packed.do,
      when: packed.when ?? null,
      takes,
      needs: takes ?? this.locks.named(within),
      drops: this.locks.named(packed.drops === undefined ? declared?.drops : packed.drops),
      sleeps: packed.sleeps ?? declared?.sleeps ?? false,
      label,
    };
  }

  /** Registers of an actor; changing them is for actions alone. */
  actor(me: number): Registers {
    const actor = this.kit.actors[me];
    if (actor === undefined) throw new RangeError(`there is no actor ${me}`);
    return actor;
  }

  /** The label an actor stands at. */
  labelOf(me: number): Label {
    return labels[this.actor(me).label] ?? "access";
  }

  /**
   * An idle actor asks for an operation, which is refused or stands before its first action.
   *
   * @param number the operation's number in a catalogue, from 1; any other than 0 without one
   */
  request(me: number, number: number, operation: PackedOperation): number {
    return this.ask(this.actor(me), number, operation[0], operation[1], operation[2], operation[3]);
  }

  private ask(
    actor: Registers,
    number: number,
    kind: number,
    first: number,
    second: number,
    third: number,
  ): number {
    if (actor.operation !== 0 || (this.entries[kind] ?? end) < 0) return reply.refused;
    if (!this.locks.mayRun(actor)) return reply.waits;
    actor.kind = kind;
    actor.first = first;
    actor.second = second;
    actor.third = third;
    actor.key = this.keyOf(kind, first, second);
    if (this.guards[kind]?.(actor) !== true) {
      this.idle(actor);
      return reply.refused;
    }
    actor.operation = number;
    actor.label = this.entries[kind] ?? end;
    return reply.ran;
  }

  private keyOf(kind: number, first: number, second: number): number {
    if (kind < kindOf["read-file"]) return 0;
    const { files } = this.scope;
    if (first < 0 || first >= files || kind === kindOf.unmount || kind === kindOf.mount) return 0;
    const named = kind === kindOf.unlink || kind === kindOf.create;
    return this.units.keyOf(first, named ? 0 : second);
  }

  /** Takes back a request that has not begun. */
  withdraw(me: number): void {
    this.idle(this.actor(me));
  }

  private idle(actor: Registers): void {
    resetRegisters(this.state.actors, actor.me);
  }

  /** Could an actor that is at work go on now? Changes nothing. */
  isReady(me: number): boolean {
    const actor = this.actor(me);
    const action = this.actions[actor.kind * labels.length + actor.label];
    if (!action || actor.operation === 0 || !this.locks.mayRun(actor)) return false;
    if (action.needs !== null && this.locks.isHeld(action.needs, actor)) return false;
    return action.when === null || action.when === undefined || action.when(actor);
  }

  /** One action of an actor that is at work; `choice` may be `own`. */
  act(me: number, choice: number): number {
    this.report.begin();
    return this.advance(this.actor(me), choice);
  }

  private advance(actor: Registers, choice: number): number {
    const action = this.actions[actor.kind * labels.length + actor.label];
    if (!action || actor.operation === 0) return reply.refused;
    const { needs, takes, drops, when } = action;
    if (needs !== null && this.locks.isHeld(needs, actor)) return reply.waits;
    if (when && !when(actor)) return reply.waits;
    if (takes !== null) this.locks.take(takes, actor);
    const { report } = this;
    if ((action.sleeps || needs?.kind === "sleeping") && this.kit.isAtomic(actor))
      report.slept = true;
    const before = report.ownCommits;
    const next = action.do(actor, choice);
    actor.commits += report.ownCommits - before;
    if (drops !== null) this.locks.drop(drops, actor);
    if (next === end) {
      report.ended = true;
      report.commitsAtEnd = actor.commits;
      this.idle(actor);
      return reply.ran;
    }
    actor.label = next;
    if (this.claims[next] !== true) actor.claiming = 0;
    else this.countClaim(actor);
    return reply.ran;
  }

  private countClaim(actor: Registers): void {
    if (actor.claiming === 0) {
      this.report.claimed = true;
      this.report.claimedAtomically = this.kit.isAtomic(actor);
    }
    actor.claiming = Math.min(actor.claiming + 1, this.claimCap);
  }

  /**
   * A whole operation at once, every decision the implementation's own. Its outcome is in the report.
   * Waits only if another actor that stands in the middle of something has to go on first.
   */
  run(me: number, kind: number, first = 0, second = 0, third = 0): number {
    const actor = this.actor(me);
    this.report.begin();
    const asked = this.ask(actor, 1, kind, first, second, third);
    if (asked !== reply.ran) return asked;
    let did: number = reply.ran;
    while (did === reply.ran && actor.operation !== 0) did = this.advance(actor, own);
    return did;
  }

  /** What the world around the actors does. */
  environment(kind: "pin" | "unpin" | "write-back-data" | "write-back-tags", at: number): void {
    const { held } = this.state;
    this.report.begin();
    if (kind === "pin") held.pinned[at] = 1;
    else if (kind === "unpin") held.pinned[at] = 0;
    else {
      if (kind === "write-back-data") this.kit.arena.writeBackData(at);
      else this.kit.arena.writeBackTags(at);
      this.report.mark(mark["a-line-is-written-back"]);
    }
  }

  /** Marks that an operation that starts now interrupts another. */
  markStart(me: number): void {
    if (this.locks.interruptsAnother(this.actor(me)))
      this.report.mark(mark["interrupt-during-an-operation"]);
  }

  /** A copy of every byte of the state. */
  snapshot(): Uint8Array {
    return this.state.all.slice();
  }

  restore(bytes: Uint8Array): void {
    this.state.all.set(bytes);
  }
}
