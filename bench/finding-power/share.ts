/**
 * How much of the time of our runs is the runner's own: generating, counting, fast-check around it;
 * all that is neither the model, nor the implementation, nor comparing them.
 *
 * Timing each call would cost more than many of the calls. So a suite is run once while two things
 * are written down: the steps, and what the generator asked the model before each of them (its
 * questions go to the walker, and are the model's time). Then the suite is timed as it is, and after
 * it the same steps and questions without anybody who thinks them up. The difference is the runner.
 */
import * as fc from "fast-check";
import { at } from "../../model/index.ts";
import { arenasOf } from "../../properties/lockstep/arenas.ts";
import {
  type Arena,
  defaultLength,
  type Floors,
  fixedSeed,
  Reach,
  RunArbitrary,
  type Step,
  type Theme,
} from "../../properties/lockstep/index.ts";
import { quantile } from "../throughput/statistics.ts";

export type Share = {
  readonly actions: number;
  readonly millisecondsOfRuns: number;
  readonly millisecondsOfCalls: number;
  /** Of 1: the runner's own. */
  readonly own: number;
};

type Question = (lockstep: Floors) => unknown;

/** What the generator asked, and the step that came of it. */
type Turn = { readonly questions: readonly Question[]; readonly step: Step };
type Recorded = { readonly lockstep: Floors; readonly turns: readonly Turn[] };

/** Writes down what is asked of a walker while nobody does a step. */
class Listener {
  private asked: Question[] = [];
  private isDoing = false;

  constructor(lockstep: Floors, onBegin: () => void) {
    const { walker, reset, do: doStep } = lockstep;
    const { movesAtWork, startsOf, refusedOf, movesOfEnvironment } = walker;
    walker.movesAtWork = (now, actor) => {
      this.note(({ walker: asked, world }) => asked.movesAtWork(world, actor));
      return movesAtWork.call(walker, now, actor);
    };
    walker.startsOf = (now, actor, kind) => {
      this.note(({ walker: asked, world }) => asked.startsOf(world, actor, kind));
      return startsOf.call(walker, now, actor, kind);
    };
    walker.refusedOf = (now, actor, kind) => {
      this.note(({ walker: asked, world }) => asked.refusedOf(world, actor, kind));
      return refusedOf.call(walker, now, actor, kind);
    };
    walker.movesOfEnvironment = (now) => {
      this.note(({ walker: asked, world }) => asked.movesOfEnvironment(world));
      return movesOfEnvironment.call(walker, now);
    };
    lockstep.reset = () => {
      onBegin();
      reset.call(lockstep);
    };
    lockstep.do = (step) => {
      this.isDoing = true;
      const mismatch = doStep.call(lockstep, step);
      this.isDoing = false;
      return mismatch;
    };
  }

  private note(question: Question): void {
    if (!this.isDoing) this.asked.push(question);
  }

  take(): readonly Question[] {
    const { asked } = this;
    this.asked = [];
    return asked;
  }
}

/** A suite as it is run: fast-check, generator, counting. */
const runAll = (
  arenas: readonly Arena[],
  runs: number,
  watch: (arena: Arena, step: Step) => void,
): void => {
  const arbitrary = new RunArbitrary(arenas, defaultLength, watch);
  const property = fc.property(arbitrary, (run) => arbitrary.outcomeOf(run).mismatch === null);
  fc.assert(property, { seed: fixedSeed, numRuns: runs });
};

/**
 * Runs once more, in arenas of their own that are listened to: who was asked what, step by step.
 *
 * @param timed the same arenas, in which it will be repeated with nobody listening
 */
const recordedRuns = (theme: Theme, timed: readonly Arena[], runs: number): readonly Recorded[] => {
  const recorded: Recorded[] = [];
  let turns: Turn[] = [];
  const arenas = arenasOf(theme);
  const listeners = new Map(
    arenas.map((arena, index) => {
      const onBegin = () => {
        turns = [];
        recorded.push({ lockstep: at(timed, index).lockstep, turns });
      };
      return [arena, new Listener(arena.lockstep, onBegin)];
    }),
  );
  runAll(arenas, runs, (arena, step) => {
    turns.push({ questions: listeners.get(arena)?.take() ?? [], step });
  });
  return recorded;
};

/** The questions and the steps, and nothing that thinks them up. */
const repeatCalls = (recorded: readonly Recorded[]): void => {
  for (const { lockstep, turns } of recorded) {
    lockstep.reset();
    for (const { questions, step } of turns) {
      for (const question of questions) question(lockstep);
      if (lockstep.do(step)) throw new Error("the same steps do not agree again");
    }
  }
};

const millisecondsOf = (work: () => void): number => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};

/** Both are timed by turns; the middle one of each counts. */
export const shareOf = (theme: Theme, runs: number, rounds: number): Share => {
  const arenas = arenasOf(theme);
  for (const arena of arenas) arena.lockstep.reset();
  const recorded = recordedRuns(theme, arenas, runs);
  let actions = 0;
  const ofRuns: number[] = [];
  const ofCalls: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const reach = new Reach();
    ofRuns.push(
      millisecondsOf(() => runAll(arenas, runs, (arena, step) => reach.see(arena, step))),
    );
    ofCalls.push(millisecondsOf(() => repeatCalls(recorded)));
    actions = reach.actions;
  }
  const millisecondsOfRuns = quantile(ofRuns, 0.5);
  const millisecondsOfCalls = quantile(ofCalls, 0.5);
  const own = 1 - millisecondsOfCalls / millisecondsOfRuns;
  return { actions, millisecondsOfRuns, millisecondsOfCalls, own };
};
