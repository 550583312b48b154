/**
 * Makes a failing run short by doing it again with less in it: many steps at a time left out, then
 * fewer, then one by one. What still fails in the same way is kept. Steps of any vocabulary will do.
 */
import type { Hosting } from "./host.ts";
import type { Talk } from "./session.ts";
import { type Ending, isAlike, type Run, type Words } from "./words.ts";

export type Minimized<W extends Words> = {
  readonly run: Run<W>;
  /** False: done again as it was, it did not fail like that. The run is told as it was found. */
  readonly reproduced: boolean;
  /** How often it was done again. */
  readonly attempts: number;
};

/** Does steps again, from this beginning. */
export type Redo<W extends Words> = (
  session: Talk<W>,
  setup: W["setup"],
  steps: readonly W["step"][],
) => Promise<Run<W>>;

const mostAttempts = 1500;
/** Each of these takes as long as the program may hang. */
const mostHangingAttempts = 12;

export class Shortening<W extends Words> {
  attempts = 0;
  best: Run<W>;
  /** What the best run begins with. */
  setup: W["setup"];
  private readonly host: Hosting<W>;
  private readonly redo: Redo<W>;
  private readonly wanted: Ending<W>;
  private readonly most: number;

  constructor(host: Hosting<W>, redo: Redo<W>, setup: W["setup"], run: Run<W>) {
    this.host = host;
    this.redo = redo;
    this.setup = setup;
    this.best = run;
    this.wanted = run.ending;
    const hangs = run.ending.kind === "broke" && run.ending.fault.kind === "hung";
    this.most = hangs ? mostHangingAttempts : mostAttempts;
  }

  get steps(): readonly W["step"][] {
    return this.best.told.map(({ step }) => step);
  }

  /** Does it again; what fails in the same way is the best from here on. */
  async isStill(setup: W["setup"], steps: readonly W["step"][]): Promise<boolean> {
    if (this.attempts >= this.most) return false;
    this.attempts += 1;
    const run = await this.redo(await this.host.live(), setup, steps);
    if (run.ending.kind === "broke") await this.host.drop();
    if (!isAlike(run.ending, this.wanted)) return false;
    this.best = run;
    this.setup = setup;
    return true;
  }

  /** Leaves out units: many at a time, then fewer, then one by one. */
  async leaveOut(): Promise<void> {
    let chunk = Math.ceil(this.steps.length / 2);
    while (chunk >= 1) {
      const shorter = await this.withoutChunks(chunk);
      if (chunk === 1 && !shorter) return;
      if (chunk > 1) chunk = Math.ceil(chunk / 2);
    }
  }

  /** From the end, where what does not matter is most often. */
  private async withoutChunks(chunk: number): Promise<boolean> {
    let shorter = false;
    for (let from = this.units.length - chunk; from > -chunk; from -= chunk) {
      const { units } = this;
      const left = new Set(units.slice(Math.max(0, from), from + chunk));
      const steps = this.steps.filter(({ unit }) => !left.has(unit));
      if (steps.length > 0 && (await this.isStill(this.setup, steps))) shorter = true;
    }
    return shorter;
  }

  private get units(): readonly number[] {
    return [...new Set(this.steps.map(({ unit }) => unit))];
  }

  /** Leaves out and says more plainly, in turns, until neither makes it shorter. */
  async shorten(simplify: () => Promise<void>): Promise<void> {
    await this.leaveOut();
    for (let length = 0; length !== this.best.told.length; ) {
      length = this.best.told.length;
      await simplify();
      await this.leaveOut();
    }
  }
}
