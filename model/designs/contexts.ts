/**
 * Contexts: which locks there are, who holds them, and so who is atomic and who may run. An
 * interrupt runs to its end before its own CPU does anything else, and cannot start while that CPU
 * has interrupts off; actors of different CPUs interleave freely.
 */
import type { ActorSpec } from "../world/scope.ts";
import { at, type Site } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { Design } from "./design.ts";
import type { Job } from "./job.ts";
import type { LockKind, LockName } from "./script.ts";
import { folioOf, keyOfOperation } from "./shared/keys.ts";

/**
 * The locks that there is one of; behind them one for each file page, then one for each owner, and
 * last the lock of the pool where a design has one.
 */
const fixedLocks: readonly LockName[] = ["index", "tag-blocks"];

export class Contexts {
  /** How many locks a world has. */
  readonly locks: number;
  /** The index of the lock of the pool, where there is one. */
  private readonly pool: number;
  private readonly design: Design;
  private readonly site: Site;
  private readonly actors: readonly ActorSpec[];

  constructor(design: Design, site: Site) {
    this.design = design;
    this.site = site;
    this.actors = site.scope.actors;
    const owners = 1 + Math.max(...this.actors.map(({ owner }) => owner));
    this.pool = fixedLocks.length + site.keys + owners;
    this.locks = this.pool + (design.locks.pool ? 1 : 0);
  }

  lockIndex(lock: LockName, operation: Job, actor: number): number {
    if (lock === "page-table")
      return fixedLocks.length + this.site.keys + at(this.actors, actor).owner;
    if (lock === "pool") return this.pool;
    if (lock !== "file-page") return fixedLocks.indexOf(lock);
    const key = this.keyOf(operation);
    return fixedLocks.length + folioOf(this.site, key);
  }

  private keyOf(job: Job): number {
    if (job.kind !== "work") return keyOfOperation(this.site, job);
    const work = this.design.works?.find(({ name }) => name === job.name);
    return work?.fileKey?.(job.object) ?? 0;
  }

  /** The name of the lock at an index of {@link World.locks}. */
  lockNamed(lock: number): LockName {
    const tables = fixedLocks.length + this.site.keys;
    if (lock === this.pool) return "pool";
    return fixedLocks[lock] ?? (lock < tables ? "file-page" : "page-table");
  }

  /** A lock in words: which page's, which process's. */
  describeLock(lock: number): string {
    const name = this.lockNamed(lock);
    if (name === "file-page") return `lock of file page ${lock - fixedLocks.length}`;
    if (name === "page-table")
      return `page-table lock of owner ${lock - fixedLocks.length - this.site.keys}`;
    return `lock ${name}`;
  }

  holds(world: World, me: number, ...kinds: readonly LockKind[]): boolean {
    return world.locks.some((holder, lock) => {
      const kind = this.design.locks[this.lockNamed(lock)];
      return holder === me + 1 && kind !== undefined && kinds.includes(kind);
    });
  }

  isAtomic(world: World, me: number): boolean {
    return (
      at(this.actors, me).kind === "interrupt" || this.holds(world, me, "spin", "spin-irqsave")
    );
  }

  mayRun(world: World, me: number): boolean {
    const { actors } = this;
    const { kind, cpu } = at(actors, me);
    const starting = kind === "interrupt" && at(world.actors, me).operation === 0;
    return actors.every((other, index) => {
      if (index === me || other.cpu !== cpu) return true;
      if (other.kind === "interrupt") return at(world.actors, index).operation === 0;
      return !starting || !this.holds(world, index, "spin-irqsave");
    });
  }

  interrupts(world: World, me: number): boolean {
    const { actors } = this;
    const { kind, cpu } = at(actors, me);
    return (
      kind === "interrupt" &&
      actors.some(
        (other, index) =>
          index !== me && other.cpu === cpu && at(world.actors, index).operation > 0,
      )
    );
  }
}
