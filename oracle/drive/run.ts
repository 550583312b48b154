/** One run against a program: made up as it goes, or done again from its steps. */
import type { Limits, Memory } from "../../model/index.ts";
import { type Ahead, ahead, isSensible } from "./asking.ts";
import { Draw } from "./draw.ts";
import { drawLimits, Planner } from "./planner.ts";
import { givenBy, Player, type ToAsk } from "./player.ts";
import { begun, type Talk } from "./session.ts";
import { Origins, Renaming, type Step } from "./step.ts";
import { looks, type Unit } from "./units.ts";
import type { Ending, Pages, Run, RunOptions } from "./words.ts";

/** Somebody who can be asked: a program, or a test's stand-in for one. */
export type Conversation = Talk;

class Generator {
  private readonly origins = new Origins();
  private readonly player: Player;
  private readonly planner: Planner;
  private readonly window: number;
  private steps = 0;
  private units = 0;

  constructor(player: Player, planner: Planner, window: number) {
    this.player = player;
    this.planner = planner;
    this.window = window;
  }

  async generate(length: number): Promise<Ending> {
    while (this.steps < length) {
      const batch = this.batch(length);
      if (batch.length === 0) break;
      const ending = await this.play(batch);
      if (ending) return ending;
    }
    const units = looks(this.planner.possible(this.memory)).map((unit) => this.stepsOf(unit));
    for (let from = 0; from < units.length; from += this.window) {
      const ending = await this.play(units.slice(from, from + this.window).flat());
      if (ending) return ending;
    }
    return { kind: "agreed" };
  }

  /** One of the states; mostly there is no other. */
  private get memory(): Memory {
    const [memory] = this.player.frontier;
    if (!memory) throw new Error("a frontier is never empty");
    return memory;
  }

  /** Units until the outcome of one has to be known before the next can be chosen. */
  private batch(length: number): readonly ToAsk[] {
    const { player, planner } = this;
    const window = player.frontier.length > 1 || player.undone > 0 ? 1 : this.window;
    const batch: ToAsk[] = [];
    let known: Ahead | null = { memory: this.memory, sure: true };
    while (known !== null && this.steps < length) {
      const unit = planner.next(known.memory, known.sure);
      if (unit === null) break;
      batch.push(...this.stepsOf(unit));
      if (batch.length >= window) break;
      for (const { operation, wrong } of unit)
        if (known !== null && !wrong) known = ahead(player.foreseen, known, operation);
    }
    return batch;
  }

  private stepsOf(unit: Unit): readonly ToAsk[] {
    this.units += 1;
    return unit.map((asked) => {
      const number = this.steps;
      this.steps += 1;
      const step = this.origins.stepOf({ ...asked, number, unit: this.units });
      return { step, operation: asked.operation };
    });
  }

  private async play(batch: readonly ToAsk[]): Promise<Ending | null> {
    const before = this.player.told.length;
    const ending = await this.player.play(batch);
    for (const { step, operation, answer } of this.player.told.slice(before))
      this.origins.note(step.number, givenBy(operation, answer));
    return ending;
  }
}

/** Makes up a run: the same seed and number give the same one, as long as the answers are the same. */
export const generateRun = async (session: Conversation, options: RunOptions): Promise<Run> => {
  const { seed, run, length, window } = options;
  const { capabilities } = session.hello;
  const draw = new Draw(seed, run);
  const limits = drawLimits(draw, capabilities);
  const broken = await begun<Pages>(session, limits);
  if (broken) return { limits, told: [], ending: broken };
  const player = new Player(session, limits);
  const planner = new Planner(draw, limits, capabilities);
  const ending = await new Generator(player, planner, window).generate(length);
  return { limits, told: player.told, ending };
};

/** What a step asks this time; null where it makes no sense any more, since others were left out. */
const askedAgain = (player: Player, renaming: Renaming, step: Step): ToAsk | null => {
  const operation = renaming.operationOf(step);
  if (operation === null) return null;
  const { contract, frontier } = player;
  const sensible = frontier.every((memory) => isSensible(contract, memory, operation));
  return sensible === step.wrong ? null : { step, operation };
};

/** Does steps again, one at a time, in memory of this size. */
export const redo = async (
  session: Conversation,
  limits: Limits,
  steps: readonly Step[],
): Promise<Run> => {
  const broken = await begun<Pages>(session, limits);
  if (broken) return { limits, told: [], ending: broken };
  const player = new Player(session, limits);
  const renaming = new Renaming();
  let leftOut: number | null = null;
  for (const step of steps) {
    const asked = step.unit === leftOut ? null : askedAgain(player, renaming, step);
    if (asked === null) {
      /** What follows in its unit would be wrong of us. */
      leftOut = step.unit;
      continue;
    }
    const ending = await player.play([asked]);
    if (ending) return { limits, told: player.told, ending };
    const last = player.told.at(-1);
    if (last) renaming.note(step.number, givenBy(last.operation, last.answer));
  }
  return { limits, told: player.told, ending: { kind: "agreed" } };
};
