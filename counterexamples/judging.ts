/**
 * Whether a run breaks the property that it is said to break. The property itself judges: its last
 * state, its last transition, the loop it ends in, or the states that can still be reached.
 */
import { match } from "ts-pattern";
import { explore, fairnessOf, type System, starvedSets } from "../checker/index.ts";
import { at, type Event, type Machinery, type Move, type World } from "../model/index.ts";
import { type DesignProperty, rowNamed } from "../properties/index.ts";
import type { Counterexample } from "./format.ts";
import { type Run, unlessItBreaks } from "./run.ts";

export type Judged =
  | { readonly broken: true; readonly reason: string }
  | { readonly broken: false; readonly why: string };

const broken = (reason: string): Judged => ({ broken: true, reason });
const sound = (why: string): Judged => ({ broken: false, why });

/**
 * What a replay looks at most when it makes sure that a goal cannot come about any more. Fewer where
 * a state is a large one: a file that somebody else wrote may not keep a reader waiting for hours.
 */
const mostStates = 500_000;
const mostCharacters = 50_000_000;

/** The exact property of a counterexample on a machinery, or null when there is none of that id. */
export const propertyOf = (
  machinery: Machinery,
  { property, slice }: Pick<Counterexample, "property" | "slice">,
): DesignProperty | null =>
  rowNamed(property.row)
    ?.build(machinery, slice)
    .find(({ id }) => id === property.id) ?? null;

const startingFrom = (machinery: Machinery, initial: World): System<World, Move, Event> => ({
  initial,
  fairSets: machinery.fairSets,
  moves: (world) => machinery.moves(world),
  step: (world, move) => machinery.step(world, move),
  fairSetsOf: (world, move) => machinery.fairSetsOf(world, move),
  key: (world) => machinery.key(world),
  fromKey: (key) => machinery.fromKey(key),
});

/** Searches everything from the end of the run on for the goal. */
const withoutGoal = (
  { machinery, worlds, moves }: Run,
  goal: (world: World) => boolean,
): Judged => {
  const size = machinery.key(machinery.initial).length;
  const maxStates = Math.min(mostStates, Math.ceil(mostCharacters / size));
  const { states, cut, verdicts } = explore(
    startingFrom(machinery, at(worlds, moves.length)),
    [{ kind: "always", id: "goal", judge: (world) => (goal(world) ? "the goal holds" : null) }],
    { stopAtFirst: true, bounds: { maxStates } },
  );
  if (verdicts.get("goal")?.kind === "broken")
    return sound("the goal can still come about after the last step");
  if (cut !== null) return sound(`more than ${maxStates} states can follow: too many to be sure`);
  return broken(
    moves.length === 0
      ? neverReason(states)
      : `after ${count(moves.length)} the goal cannot come about any more`,
  );
};

/** Why the verdict is `never`. */
export const neverReason = (states: number): string =>
  `none of ${states} reachable states shows the goal`;

/** The first fair set that the loop neglects though its moves are possible again and again. */
const neglected = ({ machinery, worlds, moves }: Run, loopFrom: number): string | null => {
  let taken = 0;
  let ever = 0;
  let always = -1;
  for (let index = loopFrom; index < moves.length; index++) {
    const world = at(worlds, index);
    taken |= machinery.fairSetsOf(world, at(moves, index));
    let here = 0;
    for (const move of machinery.moves(world)) here |= machinery.fairSetsOf(world, move);
    ever |= here;
    always &= here;
  }
  const starved = starvedSets(fairnessOf(machinery.fairSets), { taken, always, ever });
  return machinery.fairSets.find((_, set) => (starved & (1 << set)) !== 0)?.name ?? null;
};

type LeadsTo = Extract<DesignProperty, { kind: "leadsTo" }>;

const count = (moves: number): string => (moves === 1 ? "1 move" : `${moves} moves`);

const judgeLasso = (run: Run, { from, to }: LeadsTo, loopFrom: number): Judged => {
  const { machinery, worlds, moves } = run;
  const last = at(worlds, moves.length);
  const met = worlds.findIndex((world, index) => index >= loopFrom && to(world));
  if (met >= 0) return sound(`what is waited for comes about after ${count(met)}`);
  /** Everything after this state is waiting; the wait begins with the first that asks for it. */
  const free = worlds.findLastIndex((world) => to(world));
  const begin = worlds.findIndex((world, index) => index > free && from(world));
  if (begin < 0) return sound("nobody waits for anything at the end");
  const since = `waiting since ${begin === 0 ? "the start" : `step ${begin}`}`;
  if (loopFrom === moves.length) {
    const possible = machinery.moves(last);
    if (possible.length === 0)
      return broken(`${since}: no move is possible after step ${moves.length}`);
    // Nobody who is idle has to begin anything, and no environment has to act.
    return possible.every((move) => machinery.fairSetsOf(last, move) === 0)
      ? broken(`${since}: nobody who is at work can go on after step ${moves.length}`)
      : sound("somebody who is at work can go on after the last step");
  }
  if (machinery.key(last) !== machinery.key(at(worlds, loopFrom)))
    return sound(`the last step does not come back to the state after ${count(loopFrom)}`);
  const starved = neglected(run, loopFrom);
  if (starved !== null) return sound(`the loop is not fair: ${starved} could go on and never does`);
  const steps =
    loopFrom + 1 === moves.length
      ? `step ${moves.length}`
      : `steps ${loopFrom + 1} to ${moves.length}`;
  return broken(`${since}: a fair run can repeat ${steps} for ever`);
};

/** Judges a run by the property. `run` has to come from a machinery that remembers no causes. */
export const judgeRun = (run: Run, counterexample: Counterexample): Judged =>
  unlessItBreaks(() => judgeWhole(run, counterexample)) ??
  sound("what runs the steps breaks down after the last one");

const judgeWhole = (run: Run, counterexample: Counterexample): Judged => {
  const { machinery, worlds, moves, events } = run;
  const property = propertyOf(machinery, counterexample);
  if (property === null) return sound("there is no such property");
  const last = at(worlds, moves.length);
  return match(property)
    .returnType<Judged>()
    .with({ kind: "always" }, ({ premise, judge }) => {
      const possible = machinery.moves(last);
      if (premise?.(last, possible) === false) return sound("the last state is no case of it");
      const reason = judge(last, possible);
      return reason === null ? sound("it holds in the last state") : broken(reason);
    })
    .with({ kind: "step" }, ({ premise, judge }) => {
      const move = moves.at(-1);
      const before = worlds.at(-2);
      if (move === undefined || before === undefined) return sound("there is no step to judge");
      const transition = { before, move, after: last, events: events.at(-1) ?? [] };
      if (premise?.(transition) === false) return sound("the last step is no case of it");
      const reason = judge(transition);
      return reason === null ? sound("the last step satisfies it") : broken(reason);
    })
    .with({ kind: "leadsTo" }, (leadsTo) =>
      judgeLasso(run, leadsTo, counterexample.loopFrom ?? moves.length),
    )
    .with({ kind: "canAlways" }, ({ goal }) => withoutGoal(run, goal))
    .with({ kind: "reach" }, () => sound("a mark cannot be broken"))
    .exhaustive();
};
