/**
 * What the runs of a suite came across, counted: operations by outcome, context and design; named
 * marks; boundaries between two actions at which somebody else came in; requests refused. A suite
 * that misses what it is there for has tested nothing, so the counts have thresholds.
 */
import { at } from "../../model/index.ts";
import type { Arena } from "./arbitrary.ts";
import type { Step } from "./run.ts";
import { mixInto, ScheduleSet } from "./schedules.ts";

/** Counts by what is counted; the names sort into a table. */
export type Counts = { readonly [what: string]: number };

const startBit = 64;

export class Reach {
  private readonly counts = new Map<string, number>();
  /** The orders in which actors took their actions, of all runs that are complete. */
  private readonly schedules: ScheduleSet;
  private readonly schedule = { high: 0, low: 0 };
  private lastActor = -1;
  operations = 0;
  actions = 0;

  constructor(schedules = new ScheduleSet()) {
    this.schedules = schedules;
  }

  /** A new run begins: the schedule of the last one is complete. */
  begin(): void {
    const { schedule } = this;
    if (schedule.low !== 0) this.schedules.add(schedule.high, schedule.low);
    schedule.high = 0;
    schedule.low = 0;
    this.lastActor = -1;
  }

  /** Different orders in which actors took their actions, among all complete runs. */
  get distinctSchedules(): number {
    return this.schedules.size;
  }

  /** After both floors did the step. */
  see(arena: Arena, step: Step): void {
    const { lockstep } = arena;
    const design = arena.design.name;
    this.actions++;
    if (step.kind === "waits") {
      const asked = step.operation === null ? "at work" : "idle";
      this.count(`${design} waits, ${asked}`);
      return;
    }
    if (step.kind === "refused") {
      const operation = lockstep.walker.operations[step.operation];
      this.count(`${design} refuses ${operation?.kind}`);
      return;
    }
    const { move } = step;
    const actor = move.kind === "act" ? move.actor : -1;
    this.follow(actor, move.kind === "act" && move.starts !== null, arena);
    for (const event of lockstep.events) {
      if (event.kind === "marked") this.count(`${design} marks ${event.mark}`);
      if (event.kind !== "committed") continue;
      const context = actor < 0 ? "-" : this.contextOf(arena, actor);
      this.count(`${design} ${event.operation.kind} ${event.outcome} ${context}`);
    }
  }

  private contextOf({ lockstep }: Arena, actor: number): string {
    return at(lockstep.walker.site.scope.actors, actor).kind === "interrupt"
      ? "atomic"
      : "sleepable";
  }

  /** Keeps the schedule, and which boundary of whose script was cut. */
  private follow(actor: number, starts: boolean, { lockstep, design: { name } }: Arena): void {
    const { walker, world } = lockstep;
    if (starts) this.operations++;
    mixInto(this.schedule, actor + 2 + (starts ? startBit : 0));
    const left = this.lastActor;
    this.lastActor = actor;
    if (actor === left || left < 0) return;
    const operation = walker.operationOf(world, left);
    if (operation)
      this.count(`${name} cut ${operation.kind} before ${walker.labelOf(world, left)}`);
  }

  private count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  /** Sorted by name, so that the same runs give the same bytes. */
  table(): Counts {
    return Object.fromEntries([...this.counts].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
