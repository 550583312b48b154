/**
 * Runs the scripts of a design: who can move, what a move does, and what it means to the contract.
 * The transition system that comes out is what the checker explores and what a counterexample
 * replays.
 */
import { produce } from "immer";
import type { Operation } from "../contract/memory/index.ts";
import { type Layout, type Packing, packed } from "../layout.ts";
import { type Label, labels } from "../world/labels.ts";
import type { Scope } from "../world/scope.ts";
import { at, type Site, siteOf } from "../world/site.ts";
import { freshWorld, idleActor, type World, worldLayout } from "../world/world.ts";
import { type Guard, guardOf, operationsOf, worksOf } from "./calls.ts";
import { Catalogue } from "./catalogue.ts";
import { Contexts } from "./contexts.ts";
import type { Design } from "./design.ts";
import { around, disturb } from "./environment.ts";
import type { Job } from "./job.ts";
import { Judge } from "./judge.ts";
import type { Event, Move } from "./moves.ts";
import type { Action, Next, Script, Turn } from "./script.ts";

/** An operation that an actor may start, when, and where its script begins. */
export type Asking = {
  readonly number: number;
  readonly guard: Guard;
  readonly entry: Label;
};

export type MachineryOptions = {
  /** Remember why a cache key is empty, for a replay that explains; not for a search. */
  readonly causes?: boolean;
  /** Are free frames that one storage page serves told apart? A search need not. */
  readonly everyFrame?: boolean;
};

export class Machinery {
  readonly design: Design;
  readonly site: Site;
  readonly judge: Judge;
  /** Locks, interrupts and who may run. */
  readonly contexts: Contexts;
  /** Every operation that any actor can ask, and all own work, numbered from 1; 0 is idling. */
  readonly operations: readonly (Job | null)[];
  readonly initial: World;
  readonly fairSets: readonly { readonly name: string; readonly kind: "strong" }[];
  /** By actor: what it may ask for. */
  protected readonly offers: readonly (readonly Asking[])[];
  /** The world unpacked last, and its key: a search steps from it several times. */
  private last: { readonly world: World; readonly key: string } | null = null;
  /** Written when it is first asked for: a walk needs no keys. */
  private codec: Packing<World> | null = null;
  private readonly layout: Layout<World>;
  private catalogue: Catalogue | null = null;

  constructor(design: Design, scope: Scope, options: MachineryOptions = {}) {
    this.design = design;
    this.site = siteOf(scope, design.barsCma, options.everyFrame);
    this.judge = new Judge(this.site.limits, options);
    const operations: (Job | null)[] = [null];
    this.offers = scope.actors.map((actor) => [
      ...operationsOf(this.site, actor)
        .filter((operation) => design.kernelTags || !isKernelTagged(operation))
        .map((operation) => ({
          number: operations.push(operation) - 1,
          guard: guardOf(this.site, actor, operation),
          entry: this.scriptOf(operation).entry,
        })),
      ...worksOf(design, this.site, actor).map(({ work, guard, entry }) => ({
        number: operations.push(work) - 1,
        guard,
        entry,
      })),
    ]);
    this.operations = operations;
    this.contexts = new Contexts(design, this.site);
    const { stash, extra = [] } = design;
    const needs = { locks: this.contexts.locks, stash, extra };
    this.initial = { ...freshWorld(scope, needs), truth: this.judge.initial };
    this.layout = worldLayout(scope, needs, operations.length - 1);
    /** Strong: a lock comes round, an interrupt returns, and then the actor goes on. */
    this.fairSets = [...scope.actors, ...(design.fair ?? [])].map(({ name }) => ({
      name,
      kind: "strong",
    }));
  }

  private get packing(): Packing<World> {
    this.codec ??= packed(this.layout);
    return this.codec;
  }

  key(world: World): string {
    return this.packing.pack(world);
  }

  fromKey(key: string): World {
    const world = this.packing.unpack(key);
    this.last = { world, key };
    return world;
  }

  /** The operation an actor is in, or null. */
  operationOf(world: World, actor: number): Job | null {
    return this.operations[at(world.actors, actor).operation] ?? null;
  }

  labelOf(world: World, actor: number): Label {
    return at(labels, at(world.actors, actor).label);
  }

  scriptOf(job: Job): Script {
    const script =
      job.kind === "work"
        ? this.design.works?.find(({ name }) => name === job.name)?.script
        : this.design.scripts[job.kind];
    if (!script) throw new Error(`${this.design.name} has no script for ${job.kind}`);
    return script;
  }

  actionAt(operation: Job, label: Label): Action {
    const action = this.scriptOf(operation).actions[label];
    if (!action) throw new Error(`${this.design.name}: ${operation.kind} has no label ${label}`);
    return action;
  }

  moves(world: World): readonly Move[] {
    const moves: Move[] = [];
    for (let actor = 0; actor < world.actors.length; actor++) this.movesOf(world, actor, moves);
    for (const does of around(this.design, this.site, world))
      moves.push({ kind: "environment", does });
    return moves;
  }

  /** The moves by which an actor begins one operation, or (null) goes on with the one that it is in. */
  movesBy(world: World, actor: number, starts: number | null): readonly Move[] {
    const moves: Move[] = [];
    if (!this.contexts.mayRun(world, actor)) return moves;
    const running = this.operationOf(world, actor);
    if (starts === null) {
      if (running) this.choicesOf(world, actor, running, this.labelOf(world, actor), null, moves);
      return moves;
    }
    const offer = at(this.offers, actor).find(({ number }) => number === starts);
    if (running || !offer?.guard(world, this.othersOf(world, actor))) return moves;
    this.choicesOf(world, actor, this.known(starts), offer.entry, starts, moves);
    return moves;
  }

  movesOfEnvironment(world: World): readonly Move[] {
    return around(this.design, this.site, world).map((does) => ({ kind: "environment", does }));
  }

  /** The number of an operation that an actor may ask for; null where he may not. */
  numberOf(actor: number, operation: Job): number | null {
    this.catalogue ??= new Catalogue(this.operations, this.offers);
    return this.catalogue.numberOf(actor, operation);
  }

  protected movesOf(world: World, actor: number, moves: Move[]): void {
    if (!this.contexts.mayRun(world, actor)) return;
    const running = this.operationOf(world, actor);
    if (running) {
      this.choicesOf(world, actor, running, this.labelOf(world, actor), null, moves);
      return;
    }
    const others = this.othersOf(world, actor);
    for (const { number, guard, entry } of at(this.offers, actor))
      if (guard(world, others))
        this.choicesOf(world, actor, this.known(number), entry, number, moves);
  }

  protected choicesOf(
    world: World,
    actor: number,
    operation: Job,
    label: Label,
    starts: number | null,
    moves: Move[],
  ): void {
    const action = this.actionAt(operation, label);
    if (!this.isReady(world, actor, operation, action, starts)) return;
    const choices = action.choose?.(this.turnOf(world, actor, operation)) ?? [0];
    for (const choice of choices) moves.push({ kind: "act", actor, starts, choice });
  }

  /** Could this action be done now? `starts`: the operation that would begin with it. */
  protected isReady(
    world: World,
    actor: number,
    operation: Job,
    action: Action,
    _starts: number | null,
  ): boolean {
    if (this.blockedBy(world, actor, operation, action) !== null) return false;
    return !action.when || action.when(this.turnOf(world, actor, operation));
  }

  fairSetsOf(world: World, move: Move): number {
    if (move.kind !== "act") return 0;
    if (at(world.actors, move.actor).operation === 0)
      return move.starts !== null && this.isQueued(this.known(move.starts)) ? 1 << move.actor : 0;
    const { actors } = this.site.scope;
    let sets = 1 << move.actor;
    if (!this.design.fair) return sets;
    const label = this.labelOf(world, move.actor);
    for (const [index, decision] of this.design.fair.entries())
      if (decision.at === label && decision.isFor(move.choice))
        sets |= 1 << (actors.length + index);
    return sets;
  }

  private isQueued(job: Job): boolean {
    if (job.kind !== "work") return false;
    return this.design.works?.find(({ name }) => name === job.name)?.queued ?? false;
  }

  /** One move, as an immutable step. The search uses {@link step}; a test holds the two together. */
  stepImmutably(world: World, move: Move): { next: World; events: readonly Event[] } {
    let events: readonly Event[] = [];
    const next = produce(world, (draft) => {
      events = this.change(draft, move);
    });
    return { next, events };
  }

  /** The same step on a fresh copy, without the cost of a draft. */
  step(world: World, move: Move): { next: World; events: readonly Event[] } {
    const key = this.last?.world === world ? this.last.key : this.packing.pack(world);
    const next = this.packing.unpack(key);
    const events = this.change(next, move);
    return { next, events };
  }

  protected change(world: World, move: Move): readonly Event[] {
    if (move.kind === "environment") {
      const { marks, commits } = disturb(this.design, this.site, world, move.does);
      return [
        ...marks.map((mark) => ({ kind: "marked", mark }) as const),
        ...commits.map((each) => this.judge.commit(world, each)),
      ];
    }
    const { actor: me, starts } = move;
    const actor = at(world.actors, me);
    const events: Event[] = [];
    if (starts !== null) {
      actor.operation = starts;
      actor.label = labels.indexOf(this.scriptOf(this.known(starts)).entry);
      if (this.contexts.interrupts(world, me))
        events.push({ kind: "marked", mark: "interrupt-during-an-operation" });
    }
    const operation = this.known(actor.operation);
    const label = this.labelOf(world, me);
    const action = this.actionAt(operation, label);
    const lock = action.takes;
    if (lock && this.design.locks[lock])
      world.locks[this.contexts.lockIndex(lock, operation, me)] = me + 1;
    const turn = this.turnOf(world, me, operation);
    this.watchSleep(turn, action, events);
    const next = this.perform(turn, action, move.choice);
    for (const mark of next.marks ?? []) events.push({ kind: "marked", mark });
    this.commitAll(world, me, operation, next, events);
    if (action.drops && this.design.locks[action.drops])
      world.locks[this.contexts.lockIndex(action.drops, operation, me)] = 0;
    this.arrive(world, me, operation, next.to, events);
    return events;
  }

  private perform(turn: Turn, action: Action, choice: number): Next {
    if (action.next === undefined) return action.do(turn, choice);
    return { to: action.next, ...action.do(turn, choice) };
  }

  private commitAll(
    world: World,
    me: number,
    own: Job,
    { commits = [] }: Next,
    events: Event[],
  ): void {
    for (const { operation: asked, choice, outcome } of commits) {
      const operation = asked === "own" ? own : asked;
      if (operation.kind === "work") throw new Error(`${operation.name} has nothing to commit`);
      if (asked === "own") at(world.actors, me).commits++;
      events.push(this.judge.commit(world, { operation, choice, outcome }));
    }
  }

  private arrive(
    world: World,
    me: number,
    operation: Job,
    to: Label | "end",
    events: Event[],
  ): void {
    const actor = at(world.actors, me);
    if (to === "end") {
      events.push({ kind: "ended", operation, commits: actor.commits });
      world.actors[me] = idleActor();
      return;
    }
    actor.label = labels.indexOf(to);
    if (!this.design.claiming.has(to)) {
      actor.claiming = 0;
      return;
    }
    if (actor.claiming === 0)
      events.push({
        kind: "claimed",
        by: operation.kind,
        atomic: this.contexts.isAtomic(world, me),
      });
    const cap = (this.design.claimBound?.(this.site.scope) ?? 0) + 1;
    actor.claiming = Math.min(actor.claiming + 1, cap);
  }

  protected known(number: number): Job {
    const operation = this.operations[number];
    if (!operation) throw new RangeError(`no operation ${number}`);
    return operation;
  }

  protected othersOf(world: World, me: number): readonly Job[] {
    return world.actors.flatMap((_, index) => {
      const operation = index === me ? null : this.operationOf(world, index);
      return operation ? [operation] : [];
    });
  }

  private turnOf(world: World, me: number, operation: Job): Turn {
    return {
      world,
      site: this.site,
      me,
      actor: at(world.actors, me),
      operation,
      atomic: () => this.contexts.isAtomic(world, me),
      inFlight: () => this.pagesInFlight(world, me),
    };
  }

  /** Taggable pages that are neither free nor in a caller's hand, while somebody is moving pages. */
  private pagesInFlight(world: World, me: number): number {
    if (!this.othersOf(world, me).some((job) => this.movesPages(job))) return 0;
    const { taggableFrames } = this.site;
    return world.frames.filter((frame, index) => frame.use === "busy" && index < taggableFrames)
      .length;
  }

  private movesPages(job: Job): boolean {
    const { takesPagesIn } = this.design;
    if (job.kind !== "work") return movingPages.has(job.kind) || takesPagesIn === job.kind;
    return this.design.works?.find(({ name }) => name === job.name)?.movesPages ?? false;
  }

  /** The actor that holds a lock that this action needs; itself for a lock that it takes again. */
  blockedBy(world: World, me: number, operation: Job, action: Action): number | null {
    const lock = action.takes ?? action.within;
    if (!lock || !this.design.locks[lock]) return null;
    const holder = at(world.locks, this.contexts.lockIndex(lock, operation, me));
    return holder === 0 ? null : holder - 1;
  }

  /** Does this move run where sleeping is forbidden? */
  isAtomicMove(world: World, move: Move): boolean {
    return move.kind === "act" && this.contexts.isAtomic(world, move.actor);
  }

  /** Spinning with nobody on this CPU who could let go: an interrupt waits for what it interrupted. */
  spinsForEver(world: World, me: number): boolean {
    const { actors } = this.site.scope;
    const operation = this.operationOf(world, me);
    if (!operation || at(actors, me).kind !== "interrupt") return false;
    const action = this.actionAt(operation, this.labelOf(world, me));
    const holder = this.blockedBy(world, me, operation, action);
    return holder !== null && at(actors, holder).cpu === at(actors, me).cpu;
  }

  private watchSleep({ atomic }: Turn, action: Action, events: Event[]): void {
    const lock = action.takes ?? action.within;
    const sleepingLock = lock !== undefined && this.design.locks[lock] === "sleeping";
    if ((action.sleeps || sleepingLock) && atomic())
      events.push({ kind: "slept-in-atomic", what: action.standsFor });
  }
}

const movingPages: ReadonlySet<Operation["kind"]> = new Set([
  "allocate",
  "free",
  "migrate",
  "enable-tags",
  "copy",
  "swap-out",
  "swap-in",
]);

const isKernelTagged = (operation: Operation): boolean =>
  operation.kind === "allocate" && operation.tagged && operation.context === "atomic";
