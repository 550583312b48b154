/** Runs the steps of a counterexample again: names become moves, or it is said why they cannot. */
import { isDeepStrictEqual } from "node:util";
import {
  at,
  describeJob,
  type Event,
  type Job,
  type Machinery,
  type Move,
  type World,
} from "../model/index.ts";
import type { Counterexample, CounterexampleStep } from "./format.ts";
import type { JsonPath } from "./json.ts";

/** A mistake at a place of the file; both phrases complete "expected ..., found ...". */
export type Problem = {
  readonly path: JsonPath;
  readonly expected: string;
  readonly found: string;
};

/** `worlds` holds the state before each move, and the last one. */
export type Run = {
  readonly machinery: Machinery;
  readonly worlds: readonly World[];
  readonly moves: readonly Move[];
  readonly events: readonly (readonly Event[])[];
};

export type RunResult =
  | { readonly ok: true; readonly run: Run }
  | { readonly ok: false; readonly step: number; readonly problem: Problem };

/**
 * What was asked for, or null where the machinery breaks down over it: with a bug planted, a run can
 * come to a state that no script was written for.
 */
export const unlessItBreaks = <T>(ask: () => T): T | null => {
  try {
    return ask();
  } catch (thrown) {
    if (thrown instanceof RangeError) return null;
    throw thrown;
  }
};

const mostListed = 8;

export const oneOfThese = (names: readonly string[]): string => {
  const unique = [...new Set(names)];
  const rest = unique.length - mostListed;
  return rest > 0 ? `${unique.slice(0, mostListed).join(", ")} or ${rest} more` : unique.join(", ");
};

/** The move as the file says it. */
export const stepOf = (machinery: Machinery, world: World, move: Move): CounterexampleStep => {
  if (move.kind === "environment") return { environment: move.does };
  const { name } = at(machinery.site.scope.actors, move.actor);
  const starts = move.starts === null ? null : (machinery.operations[move.starts] ?? null);
  if (starts === null)
    return { actor: name, action: machinery.labelOf(world, move.actor), choice: move.choice };
  return { actor: name, starts, action: machinery.scriptOf(starts).entry, choice: move.choice };
};

const inShort = (step: CounterexampleStep): string => {
  if ("environment" in step) return `the environment's ${step.environment.kind}`;
  const { actor, starts, action } = step;
  return starts ? `${actor} starting ${starts.kind} with ${action}` : `${actor} at ${action}`;
};

const startWords = (starts: Job | undefined): string =>
  starts === undefined ? "nothing started" : `"${describeJob(starts)}" started`;

/** Why no move is the one asked for, told of the first thing in it that does not fit. */
const whyNot = (
  machinery: Machinery,
  index: number,
  asked: CounterexampleStep,
  possible: readonly CounterexampleStep[] | null,
): Problem => {
  const path = ["steps", index];
  const found = `${inShort(asked)} in step ${index + 1}`;
  if (possible === null)
    return { path, expected: "a state that the scripts can go on from", found };
  const all = oneOfThese(possible.map(inShort));
  const impossible = (where: JsonPath, what: string): Problem => ({
    path: where,
    expected: what === "" ? "no step, for nothing is possible here" : `what is possible: ${what}`,
    found,
  });
  if ("environment" in asked) return impossible([...path, "environment"], all);
  const names = machinery.site.scope.actors.map(({ name }) => name);
  if (!names.includes(asked.actor))
    return {
      path: [...path, "actor"],
      expected: `an actor of the scope (${oneOfThese(names)})`,
      found: `"${asked.actor}"`,
    };
  const his = possible.flatMap((step) =>
    "actor" in step && step.actor === asked.actor ? [step] : [],
  );
  if (his.length === 0) return impossible([...path, "actor"], all);
  const here = his.filter(({ action }) => action === asked.action);
  if (here.length === 0) return impossible([...path, "action"], oneOfThese(his.map(inShort)));
  const same = here.filter(({ starts }) => isDeepStrictEqual(starts, asked.starts));
  if (same.length === 0)
    return {
      path: asked.starts ? [...path, "starts"] : path,
      expected: oneOfThese(here.map(({ starts }) => startWords(starts))),
      found: startWords(asked.starts),
    };
  return {
    path: [...path, "choice"],
    expected: `a choice of ${oneOfThese(same.map(({ choice }) => String(choice)))}`,
    found: String(asked.choice),
  };
};

/** The move that a step asks for, looked up without listing what else is possible. */
const moveFor = (
  machinery: Machinery,
  world: World,
  asked: CounterexampleStep,
): Move | undefined => {
  if ("environment" in asked)
    return machinery
      .movesOfEnvironment(world)
      .find(
        (move) => move.kind === "environment" && isDeepStrictEqual(move.does, asked.environment),
      );
  const actor = machinery.site.scope.actors.findIndex(({ name }) => name === asked.actor);
  if (actor < 0) return undefined;
  const starts = asked.starts === undefined ? null : machinery.numberOf(actor, asked.starts);
  if (asked.starts !== undefined && starts === null) return undefined;
  return machinery
    .movesBy(world, actor, starts)
    .find((move) => isDeepStrictEqual(stepOf(machinery, world, move), asked));
};

/** Runs every step; the first that is not possible where it stands ends the run. */
export const runSteps = (
  machinery: Machinery,
  { steps }: Pick<Counterexample, "steps">,
): RunResult => {
  let world = machinery.initial;
  const worlds = [world];
  const moves: Move[] = [];
  const events: (readonly Event[])[] = [];
  for (const [index, asked] of steps.entries()) {
    const here = world;
    const took = unlessItBreaks(() => {
      const move = moveFor(machinery, here, asked);
      return move ? { move, ...machinery.step(here, move) } : { move: undefined };
    });
    if (took?.move === undefined) {
      const possible = unlessItBreaks(() =>
        machinery.moves(here).map((move) => stepOf(machinery, here, move)),
      );
      return { ok: false, step: index, problem: whyNot(machinery, index, asked, possible) };
    }
    moves.push(took.move);
    events.push(took.events);
    worlds.push(took.next);
    world = took.next;
  }
  return { ok: true, run: { machinery, worlds, moves, events } };
};
