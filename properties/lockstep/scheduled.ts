/**
 * The same commands under fast-check's scheduler: a command starts an operation, whose actions each
 * wait for the scheduler, which so decides who goes on. An actor that has to wait for a lock stands
 * aside until somebody else has done something; if nobody does any more, the run is over.
 */
import * as fc from "fast-check";
import { at } from "../../model/index.ts";
import type { Arena } from "./arbitrary.ts";
import {
  anyOperation,
  anyPick,
  catalogueOf,
  Outside,
  Pair,
  Parted,
  picked,
  type Sight,
} from "./commands.ts";
import type { Floors } from "./floors.ts";
import type { Step } from "./run.ts";

/** In some designs an operation can try for ever; a run ends after so many actions at the latest. */
const mostActions = 400;

/** A pair whose actors take turns as the scheduler says. */
class Turns {
  private readonly scheduler: fc.Scheduler;
  private readonly lockstep: Floors;
  private readonly pair: Pair;
  private aside: (() => void)[] = [];
  private actions = 0;
  /** Nobody awaits an operation, so what it found is kept here. */
  parted: Parted | null = null;

  constructor(scheduler: fc.Scheduler, lockstep: Floors, watch: (step: Step) => void) {
    this.scheduler = scheduler;
    this.lockstep = lockstep;
    this.pair = new Pair(lockstep, watch);
  }

  private get isOver(): boolean {
    return this.parted !== null || this.actions >= mostActions;
  }

  do(step: Step): void {
    if (this.isOver) return;
    this.actions++;
    try {
      this.pair.do(step);
    } catch (error) {
      if (!(error instanceof Parted)) throw error;
      this.parted = error;
    }
    const waiting = this.aside;
    this.aside = [];
    for (const again of waiting) again();
  }

  /** An operation from its second action to its end. */
  async carryOn(actor: number, picks: readonly number[]): Promise<void> {
    for (let action = 0; this.isAtWork(actor) && !this.isOver; ) {
      await this.scheduler.schedule(Promise.resolve(), `actor ${actor}`);
      const pick = at(picks, action % picks.length);
      const step = picked(this.lockstep, { kind: "act", actor, starts: null, choice: 0 }, pick);
      if (step) {
        this.do(step);
        action++;
      } else
        await new Promise<void>((again) => {
          this.aside.push(again);
        });
    }
  }

  private isAtWork(actor: number): boolean {
    return at(this.lockstep.world.actors, actor).operation > 0;
  }
}

export type ScheduledCommand = fc.AsyncCommand<Sight, Turns>;

/** A whole operation; it is on its way when `run` returns. */
class Begin implements ScheduledCommand {
  readonly actor: number;
  readonly operation: number;
  /** What picks among the alternatives of its actions, over and over. */
  readonly picks: readonly number[];

  constructor(actor: number, operation: number, picks: readonly number[]) {
    this.actor = actor;
    this.operation = operation;
    this.picks = picks;
  }

  private stepIn(sight: Sight): Step | null {
    const { actor, operation: starts } = this;
    return picked(sight, { kind: "act", actor, starts, choice: 0 }, at(this.picks, 0));
  }

  check(sight: Readonly<Sight>): boolean {
    return this.stepIn(sight) !== null;
  }

  /** Asking and running are scheduled apart: others may have come between, so it asks again. */
  async run(sight: Sight, turns: Turns): Promise<void> {
    const step = this.stepIn(sight);
    if (!step) return;
    turns.do(step);
    void turns.carryOn(this.actor, [...this.picks.slice(1), at(this.picks, 0)]);
  }

  toString(): string {
    return JSON.stringify(this);
  }
}

/** The environment's moves take effect at once; the scheduler decides when. */
class OutsideAsync implements ScheduledCommand {
  private readonly outside: Outside;

  constructor(pick: number) {
    this.outside = new Outside(pick);
  }

  check(sight: Readonly<Sight>): boolean {
    return this.outside.check(sight);
  }

  async run(sight: Sight, turns: Turns): Promise<void> {
    const step = this.outside.stepIn(sight);
    if (step) turns.do(step);
  }

  toString(): string {
    return this.outside.toString();
  }
}

const picksOfOperation = fc.array(anyPick, { minLength: 1, maxLength: 6, size: "max" });
const beginning = 5;

export const scheduledCommandsOf = (
  arena: Arena,
  maxCommands: number,
): fc.Arbitrary<Iterable<ScheduledCommand>> => {
  const begin = fc
    .tuple(anyOperation(catalogueOf(arena)), picksOfOperation)
    .map(([{ actor, operation }, picks]) => new Begin(actor, operation, picks));
  const outside = anyPick.map((pick) => new OutsideAsync(pick));
  return fc.commands<Sight, Turns, false>(
    [...Array.from({ length: beginning }, () => begin), outside],
    { maxCommands, size: "max" },
  );
};

/** Both begin anew, and the commands run as the scheduler says. @throws Parted */
export const runScheduled = async (
  { lockstep }: Arena,
  scheduler: fc.Scheduler,
  commands: Iterable<ScheduledCommand>,
  watch: (step: Step) => void,
): Promise<void> => {
  lockstep.reset();
  const turns = new Turns(scheduler, lockstep, watch);
  await fc.scheduledModelRun(scheduler, () => ({ model: lockstep, real: turns }), commands);
  await scheduler.waitIdle();
  if (turns.parted) throw turns.parted;
};
