/** Locks and CPUs: who holds what, who is atomic, who may run at all. */
import type { Design, LockKind, LockName, Scope } from "../model/index.ts";
import { byte } from "./columns.ts";
import type { Kit } from "./kit.ts";
import type { Registers } from "./registers.ts";
import type { Units } from "./scripts/units.ts";

/** The locks that there is one of; behind them one for each file page, then one for each owner. */
const fixedLocks: readonly LockName[] = ["index", "tag-blocks"];

/** How many locks a scope has. */
export const locksOf = (scope: Scope): number => {
  const owners = 1 + Math.max(...scope.actors.map(({ owner }) => owner));
  return fixedLocks.length + scope.files * scope.pagesPerFile + owners;
};

/** A lock as an action needs it; `null` where the design has no such lock. */
export type Lock = {
  readonly kind: LockKind;
  /** Its number for this actor and what it works on. */
  readonly numberFor: (actor: Registers) => number;
};

export class Locks {
  private readonly kit: Kit;
  private readonly cpus: readonly number[];
  private readonly interrupts: readonly boolean[];
  private readonly owners: readonly number[];
  private readonly firstPageTable: number;
  private readonly units: Units;
  private readonly design: Design;
  private readonly alone: boolean;

  constructor(kit: Kit, units: Units, design: Design) {
    const { actors, files, pagesPerFile } = kit.scope;
    this.kit = kit;
    this.units = units;
    this.design = design;
    this.cpus = actors.map(({ cpu }) => cpu);
    this.interrupts = actors.map(({ kind }) => kind === "interrupt");
    this.owners = actors.map(({ owner }) => owner);
    this.firstPageTable = fixedLocks.length + files * pagesPerFile;
    this.alone = actors.length === 1;
  }

  named(name: LockName | null | undefined): Lock | null {
    const kind = name ? this.design.locks[name] : undefined;
    if (!name || !kind) return null;
    if (name === "page-table") return { kind, numberFor: ({ me }) => this.pageTableOf(me) };
    if (name === "file-page") return { kind, numberFor: ({ key }) => this.filePageOf(key) };
    const number = fixedLocks.indexOf(name);
    return { kind, numberFor: () => number };
  }

  private pageTableOf(me: number): number {
    return this.firstPageTable + (this.owners[me] ?? 0);
  }

  private filePageOf(key: number): number {
    return fixedLocks.length + this.units.folioOf(key);
  }

  isHeld(lock: Lock, actor: Registers): boolean {
    return byte(this.kit.state.locks, lock.numberFor(actor)) !== 0;
  }

  take(lock: Lock, actor: Registers): void {
    this.kit.state.locks[lock.numberFor(actor)] = actor.me + 1;
    if (lock.kind !== "sleeping") actor.spinLocks++;
    if (lock.kind === "spin-irqsave") actor.irqLocks++;
  }

  drop(lock: Lock, actor: Registers): void {
    const number = lock.numberFor(actor);
    const { locks } = this.kit.state;
    const holder = byte(locks, number);
    locks[number] = 0;
    if (holder !== actor.me + 1) return;
    if (lock.kind !== "sleeping") actor.spinLocks--;
    if (lock.kind === "spin-irqsave") actor.irqLocks--;
  }

  /**
   * May an actor run now? An interrupt runs to its end before its CPU does anything else, and does
   * not start while that CPU has interrupts off.
   */
  mayRun(actor: Registers): boolean {
    if (this.alone) return true;
    const { me } = actor;
    const starting = this.interrupts[me] === true && actor.operation === 0;
    for (const other of this.kit.actors) {
      if (other.me === me || this.cpus[other.me] !== this.cpus[me]) continue;
      const blocks = this.interrupts[other.me]
        ? other.operation !== 0
        : starting && other.irqLocks > 0;
      if (blocks) return false;
    }
    return true;
  }

  /** Does an operation that starts now interrupt another on its CPU? */
  interruptsAnother(actor: Registers): boolean {
    if (this.interrupts[actor.me] !== true) return false;
    return this.kit.actors.some(
      (other) =>
        other.me !== actor.me &&
        this.cpus[other.me] === this.cpus[actor.me] &&
        other.operation !== 0,
    );
  }
}
