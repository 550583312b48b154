/** One story: a long run into its failure, what minimizing makes of that, and the shortest there is. */
import { type Counterexample, minimize } from "../../counterexamples/index.ts";
import { failureIn } from "../../counterexamples/minimize/failure.ts";
import { type Length, lengthOfSteps } from "../../counterexamples/minimize/rank.ts";
import { searchShortest } from "../../counterexamples/minimize/search.ts";
import { Trials } from "../../counterexamples/minimize/trials.ts";
import { lengthOf } from "../../properties/length.ts";
import { padded, walkedInto } from "./long-runs.ts";

/** What the reference search looks at before it gives up. */
const mostStates = 300_000;
const endless: Length = { operations: 1e4, switches: 0, actions: 0 };

export type Measured = {
  readonly name: string;
  /** Where the long run comes from. */
  readonly by: "walk" | "padding";
  readonly long: Length;
  /** By leaving out, and by searching the schedule of what is left; the scope is not searched. */
  readonly reduced: Length;
  /** With the search of the scope. */
  readonly minimal: Length;
  readonly milliseconds: number;
  /** A shortest run of the story's scope, searched from nothing; null where the scope is too large. */
  readonly shortest: Length | null;
};

const shortestIn = (story: Counterexample): Length | null => {
  const trials = Trials.of(story);
  const ground = trials?.groundOf(story.scope);
  if (!trials || !ground) return null;
  const search = searchShortest(ground, {
    plan: null,
    shorterThan: endless,
    maxStates: mostStates,
    isFailure: (reason) => failureIn(reason) === trials.failure,
  });
  let step = search.next();
  while (step.done !== true) step = search.next();
  return step.value.moves && lengthOf(step.value.moves);
};

/** Null for a property over whole runs: no length is searched for there. */
export const measured = (name: string, story: Counterexample, seed: number): Measured | null => {
  if (story.kind === "lasso" || story.verdict === "never") return null;
  const noise = { seed, tries: 300, steps: 200 };
  const walked = walkedInto(story, noise);
  const long = walked ?? padded(story, noise) ?? story;
  const begun = performance.now();
  const full = minimize(long);
  const milliseconds = Math.round(performance.now() - begun);
  const reduced = minimize(long, { scopeStates: 0 });
  if (!full || !reduced) throw new Error(`${name}: the long run does not fail`);
  return {
    name,
    by: walked ? "walk" : "padding",
    long: lengthOfSteps(long.steps),
    reduced: reduced.to,
    minimal: full.to,
    milliseconds,
    shortest: shortestIn(story),
  };
};
