/**
 * The manager: it takes requests, and runs them action by action (others may come between), or
 * whole. Every action of a design's table has its packed twin; which lock an action needs and
 * whether it may sleep is read from that table.
 */
import { type Design, type Label, labels, type Scope } from "../model/index.ts";
import { end, mark } from "./codes.ts";
import { type Compiled, type CompiledScript, compiledScripts } from "./compiled.ts";
import { guardsOf } from "./guards.ts";
import { Kit } from "./kit.ts";
import { Locks, locksOf } from "./locks.ts";
import { kindOf, type PackedOperation } from "./operations.ts";
import type { RegisterFile, Registers } from "./registers.ts";
import { reply } from "./reply.ts";
import type { Report } from "./report.ts";
import type { PackedScripts } from "./script.ts";
import { scriptsOf } from "./scripts/index.ts";
import { Units } from "./scripts/units.ts";
import { freshState, type PackedState } from "./state.ts";
import { type Host, type WholeOperation, wholeOperation } from "./whole.ts";

/** There is no such operation. */
const refuse: WholeOperation = (actor) => {
  actor.reset();
  return reply.refused;
};

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
  /** By the code of the operation's kind. */
  private readonly compiled: readonly CompiledScript[];
  private readonly wholes: readonly WholeOperation[];
  /** By the code of a label: is an actor that stands there claiming tag storage? */
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
    this.kit.begin(notMemory);
    const guards = guardsOf(this.kit, this.units, design);
    const parts = { kit: this.kit, units: this.units, design };
    const scripts = scriptsOf(parts);
    this.scripts = patch ? patch({ ...parts, scripts }) : scripts;
    this.compiled = compiledScripts(this.locks, design, this.scripts, guards);
    this.claims = labels.map((label) => design.claiming.has(label));
    this.claimCap = (design.claimBound?.(scope) ?? 0) + 1;
    const host = this.hostOfWholes();
    this.wholes = this.compiled.map((script) =>
      script.entry === end ? refuse : wholeOperation(host, script),
    );
  }

  /** Registers of an actor; changing them is for actions alone. */
  actor(me: number): RegisterFile {
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
    const actor = this.actor(me);
    const [kind, first, second, third] = operation;
    const turn = this.turnOf(actor);
    if (turn !== reply.ran) return turn;
    this.writeDown(actor, kind, first, second, third);
    const script = this.compiled[kind];
    if (script === undefined || script.entry === end || !script.guard(actor)) {
      actor.reset();
      return reply.refused;
    }
    actor.operation = number;
    actor.label = script.entry;
    return reply.ran;
  }

  /** Is it his turn to ask for something? */
  private turnOf(actor: Registers): number {
    if (actor.operation !== 0) return reply.refused;
    return this.locks.alone || this.locks.mayRun(actor) ? reply.ran : reply.waits;
  }

  private writeDown(
    actor: Registers,
    kind: number,
    first: number,
    second: number,
    third: number,
  ): void {
    actor.kind = kind;
    actor.first = first;
    actor.second = second;
    actor.third = third;
    actor.key = this.keyOf(kind, first, second);
  }

  /** The file page that is meant; of a file that there is not, one that the guards refuse. */
  private keyOf(kind: number, first: number, second: number): number {
    if (kind < kindOf["read-file"]) return 0;
    const named = kind === kindOf.unlink || kind === kindOf.create;
    return this.units.keyOf(first, named ? 0 : second);
  }

  /** Could an idle actor begin this operation now, its first action included? Changes nothing. */
  couldBegin(me: number, number: number, operation: PackedOperation): boolean {
    if (this.request(me, number, operation) !== reply.ran) return false;
    const ready = this.isReady(me);
    this.actor(me).reset();
    return ready;
  }

  /** Could an actor that is at work go on now? Changes nothing. */
  isReady(me: number): boolean {
    const actor = this.actor(me);
    const action = this.actionOf(actor);
    return action !== null && this.locks.mayRun(actor) && !this.mustWait(action, actor);
  }

  /** An idle actor is of no kind, which has no actions. */
  private actionOf(actor: Registers): Compiled | null {
    return this.compiled[actor.kind]?.actions[actor.label] ?? null;
  }

  private mustWait({ needs, when }: Compiled, actor: Registers): boolean {
    return (needs !== null && this.locks.isHeld(needs, actor)) || (when !== null && !when(actor));
  }

  /** An action that need not wait: its work under its locks. Gives the code of the next label. */
  private perform(action: Compiled, actor: Registers, choice: number): number {
    const { takes, drops } = action;
    if (takes !== null) this.locks.take(takes, actor);
    if (action.sleeps && this.kit.isAtomic(actor)) this.report.slept = true;
    const next = action.do(actor, choice);
    if (drops !== null) this.locks.drop(drops, actor);
    return next;
  }

  /** One action of an actor that is at work; `choice` may be `own`. */
  act(me: number, choice: number): number {
    const { report } = this;
    report.begin();
    const actor = this.actor(me);
    const action = this.actionOf(actor);
    if (action === null) return reply.refused;
    if (this.mustWait(action, actor)) return reply.waits;
    const next = this.perform(action, actor, choice);
    actor.commits += report.ownCommits;
    if (next === end) return this.finish(actor, actor.commits);
    actor.label = next;
    actor.claiming = this.claims[next] === true ? this.countClaim(actor, actor.claiming) : 0;
    return reply.ran;
  }

  /**
   * A whole operation at once, every decision the implementation's own. Its outcome is in the report.
   * Waits only if another actor that stands in the middle of something has to go on first.
   *
   * Between two of its actions nobody looks: where it stands is written down only if it stops there.
   */
  run(me: number, kind: number, first = 0, second = 0, third = 0): number {
    this.report.begin();
    const actor = this.actor(me);
    const turn = this.turnOf(actor);
    if (turn !== reply.ran) return turn;
    this.writeDown(actor, kind, first, second, third);
    return (this.wholes[kind] ?? refuse)(actor);
  }

  private hostOfWholes(): Host {
    const { locks, report, claims, kit } = this;
    return {
      locks,
      report,
      claims,
      isAtomic: (actor) => kit.isAtomic(actor),
      countClaim: (actor, before) => this.countClaim(actor, before),
      waitAt: (actor, label, claiming) => {
        this.stopAt(actor, label, claiming);
        return reply.waits;
      },
      loseAt: (actor, label, claiming) => {
        this.stopAt(actor, label, claiming);
        return reply.refused;
      },
    };
  }

  /** A whole operation stops on its way. */
  private stopAt(actor: Registers, label: number, claiming: number): void {
    actor.label = label;
    actor.commits = this.report.ownCommits;
    actor.claiming = claiming;
  }

  private finish(actor: RegisterFile, commits: number): number {
    this.report.ended = true;
    this.report.commitsAtEnd = commits;
    actor.reset();
    return reply.ran;
  }

  /** One more action of a claim; the first one is reported. */
  private countClaim(actor: Registers, before: number): number {
    if (before === 0) {
      this.report.claimed = true;
      this.report.claimedAtomically = this.kit.isAtomic(actor);
    }
    return Math.min(before + 1, this.claimCap);
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
