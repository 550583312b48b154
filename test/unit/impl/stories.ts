/**
 * The shortest story of each planted bug, in lockstep and with nothing planted: the least runs in
 * which one wrong thing would show. What the bug alone made possible is left out; in the end everybody
 * goes on until nobody can.
 */
import * as fs from "node:fs";
import { isDeepStrictEqual } from "node:util";
import {
  type Counterexample,
  type CounterexampleStep,
  parseCounterexample,
} from "../../../counterexamples/index.ts";
import { designNamed } from "../../../model/index.ts";
import {
  isPossible,
  Lockstep,
  type Mismatch,
  type Step,
} from "../../../properties/lockstep/index.ts";

const folder = new URL("../../../counterexamples/bugs/", import.meta.url);

/** Of all designs. */
export const stories: readonly string[] = fs.readdirSync(folder).sort();

/** The stories of a design; those of others are not even parsed. */
export const storiesOf = (design: string): readonly string[] =>
  stories.filter((name) => textOf(name).includes(`"design": "${design}"`));

const textOf = (name: string): string => fs.readFileSync(new URL(name, folder), "utf8");

export const storyIn = (name: string): Counterexample => {
  const parsed = parseCounterexample(textOf(name), name);
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error.message}`);
  return parsed.value;
};

/** The step in the numbers of the model; null where nobody may ever ask for it. */
const meant = ({ walker }: Lockstep, step: CounterexampleStep): Step | null => {
  if ("environment" in step)
    return { kind: "move", move: { kind: "environment", does: step.environment }, decided: "here" };
  const actor = walker.site.scope.actors.findIndex(({ name }) => name === step.actor);
  const { starts: asked, choice } = step;
  const number =
    asked &&
    walker.numbersOf(actor).find((each) => isDeepStrictEqual(walker.operations[each], asked));
  if (number === undefined && asked !== undefined) return null;
  const move = { kind: "act", actor, starts: number ?? null, choice } as const;
  return { kind: "move", move, decided: "here" };
};

/** The first actor that is at work and can go on does, with its first alternative. */
const goingOn = ({ walker, world }: Lockstep): Step | null => {
  for (const actor of world.actors.keys()) {
    const [move] = walker.movesAtWork(world, actor);
    if (move) return { kind: "move", move, decided: "here" };
  }
  return null;
};

/** Some operations try for ever where nobody else moves. */
const mostToEnd = 30;

export const told = ({ design: name, scope, steps }: Counterexample): Mismatch | null => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  const lockstep = new Lockstep(design, scope, false);
  for (const each of steps) {
    const step = meant(lockstep, each);
    const mismatch = step && isPossible(lockstep, step) ? lockstep.do(step) : null;
    if (mismatch) return mismatch;
  }
  for (let more = 0; more < mostToEnd; more++) {
    const step = goingOn(lockstep);
    const mismatch = step && lockstep.do(step);
    if (mismatch) return mismatch;
  }
  return null;
};
