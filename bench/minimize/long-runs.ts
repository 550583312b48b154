/**
 * Long runs that fail as a kept counterexample does: a random walk of its scope, or where no walk
 * comes upon the failure soon, its own story with random operations of everybody put into it.
 */
import type { Counterexample, CounterexampleStep } from "../../counterexamples/index.ts";
import { failureIn, failureOf } from "../../counterexamples/minimize/failure.ts";
import { type Ground, judgeOf, Trials } from "../../counterexamples/minimize/trials.ts";
import { type Run, stepOf, unlessItBreaks } from "../../counterexamples/run.ts";
import { at, type Event, type Move, type World } from "../../model/index.ts";
import { Random } from "../throughput/random.ts";

export type Noise = {
  /** Not 0. */
  readonly seed: number;
  /** How many tries. */
  readonly tries: number;
  /** Of a walk at most. */
  readonly steps: number;
};

const actorOf = (move: Move): number => (move.kind === "act" ? move.actor : -1);

/** Any move: first who, so that somebody with few alternatives acts as often as others. */
const anyMove = (random: Random, possible: readonly Move[]): Move => {
  const actors = [...new Set(possible.map(actorOf))];
  const actor = at(actors, random.below(actors.length));
  const his = possible.filter((move) => actorOf(move) === actor);
  return at(his, random.below(his.length));
};

type Walked = { readonly run: Run; readonly steps: readonly CounterexampleStep[] };

/** One walk, until it fails in the way that is asked for. */
const walk = (
  { machinery }: Ground,
  random: Random,
  length: number,
  isOver: (run: Run) => boolean,
): Walked | null => {
  const worlds: World[] = [machinery.initial];
  const moves: Move[] = [];
  const events: (readonly Event[])[] = [];
  const steps: CounterexampleStep[] = [];
  const run = { machinery, worlds, moves, events };
  for (let step = 0; step < length; step++) {
    const here = at(worlds, step);
    const possible = machinery.moves(here);
    if (possible.length === 0) return null;
    const move = anyMove(random, possible);
    steps.push(stepOf(machinery, here, move));
    const done = machinery.step(here, move);
    moves.push(move);
    events.push(done.events);
    worlds.push(done.next);
    if (isOver(run)) return { run, steps };
  }
  return null;
};

/** Walks the scope of a counterexample at random until it fails in the same way, or null. */
export const walkedInto = (
  story: Counterexample,
  { seed, tries, steps: length }: Noise,
): Counterexample | null => {
  const trials = Trials.of(story);
  const ground = trials?.groundOf(story.scope);
  const judge = ground && judgeOf(ground);
  if (!trials || !ground || !judge) return null;
  const random = new Random(seed);
  const isOver = (run: Run): boolean => {
    const reason = judge(run);
    return reason !== null && failureIn(reason) === trials.failure;
  };
  for (let count = 0; count < tries; count++) {
    const walked = unlessItBreaks(() => walk(ground, random, length, isOver));
    const { run, steps } = walked ?? { steps: [] };
    if (!run) continue;
    const made = { ...story, steps, reason: judge(run) ?? "" };
    return failureOf(run, made) ? made : null;
  }
  return null;
};

/** Of a hundred places between two steps, how many are given an operation. */
const densities = [60, 30, 15, 5] as const;

/** The story with operations of everybody put between its steps, or null where none goes in. */
export const padded = (story: Counterexample, { seed, tries }: Noise): Counterexample | null => {
  const trials = Trials.of(story);
  const ground = trials?.groundOf(story.scope);
  if (!trials || !ground) return null;
  const { machinery } = ground;
  const random = new Random(seed);
  const starts = machinery
    .moves(machinery.initial)
    .map((move) => stepOf(machinery, machinery.initial, move));
  let longest = story;
  for (const density of densities)
    for (let count = 0; count < tries; count++) {
      const steps = story.steps.flatMap((step) =>
        random.below(100) < density ? [at(starts, random.below(starts.length)), step] : [step],
      );
      const made = trials.try({ scope: story.scope, steps });
      if (made && made.steps.length > longest.steps.length) longest = made;
    }
  return longest === story ? null : longest;
};
