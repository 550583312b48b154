/** Locks and CPUs: who holds what, who is atomic, who may run at all. */
import type { Design, LockKind, LockName, Scope } from "../model/index.ts";
import { byte, word } from "./columns.ts";
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

/** A lock as an action needs it. */
export type Lock = {
  readonly kind: LockKind;
  readonly spins: boolean;
  readonly stopsInterrupts: boolean;
  /** Its number, by actor; of a lock for each file page, that of the first one. */
  readonly numbers: Int32Array;
  /** Is there one for each file page (or folio)? */
  readonly ofPages: boolean;
};

export class Locks {
  private readonly kit: Kit;
  private readonly cpus: readonly number[];
  private readonly interrupts: readonly boolean[];
  private readonly owners: readonly number[];
  private readonly firstPageTable: number;
  private readonly units: Units;
  private readonly design: Design;
  /** Is there one actor only? */
  readonly alone: boolean;

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

  /** The lock of a name; `null` where the design has no such lock. */
  named(name: LockName | null | undefined): Lock | null {
    const kind = name ? this.design.locks[name] : undefined;
    if (!name || !kind) return null;
    return {
      kind,
      spins: kind !== "sleeping",
      stopsInterrupts: kind === "spin-irqsave",
      numbers: Int32Array.from(this.owners, (owner) => this.firstOf(name, owner)),
      ofPages: name === "file-page",
    };
  }

  private firstOf(name: LockName, owner: number): number {
    if (name === "page-table") return this.firstPageTable + owner;
    return name === "file-page" ? fixedLocks.length : fixedLocks.indexOf(name);
  }

  /** The number of a lock for this actor and what it works on. */
  private numberOf(lock: Lock, actor: Registers): number {
    const number = word(lock.numbers, actor.me);
    return lock.ofPages ? number + this.units.folioOf(actor.key) : number;
  }

  isHeld(lock: Lock, actor: Registers): boolean {
    return byte(this.kit.state.locks, this.numberOf(lock, actor)) !== 0;
  }

  take(lock: Lock, actor: Registers): void {
    this.kit.state.locks[this.numberOf(lock, actor)] = actor.me + 1;
    if (lock.spins) actor.spinLocks++;
    if (lock.stopsInterrupts) actor.irqLocks++;
  }

  drop(lock: Lock, actor: Registers): void {
    const number = this.numberOf(lock, actor);
    const { locks } = this.kit.state;
    const holder = byte(locks, number);
    locks[number] = 0;
    if (holder !== actor.me + 1) return;
    if (lock.spins) actor.spinLocks--;
    if (lock.stopsInterrupts) actor.irqLocks--;
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
