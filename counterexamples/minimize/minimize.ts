/**
 * Minimizing a counterexample: less of everything while the same property fails for the same reason.
 * Parts are left out; a search then finds the best schedule for the operations that are left; actors,
 * offers, pages and values go; and this over and over until nothing more goes. At the end the scope
 * itself is searched for anything shorter, so that it can be said whether the run is a shortest one.
 *
 * It is a generator that pauses often: whoever drives it may stop at any pause, and has the best so
 * far. It looks at no clock, so that the same counterexample gives the same result.
 */
import type { Length } from "../../properties/length.ts";
import type { Counterexample } from "../format.ts";
import { stepOf } from "../run.ts";
import { smallerConfigurations } from "./configuration.ts";
import { failureIn } from "./failure.ts";
import { leaveOut, unitKinds, without } from "./leave-out.ts";
import { isSmaller, lengthOfSteps } from "./rank.ts";
import { type Plan, searchShortest } from "./search.ts";
import { fewerSwitches, lowerValues } from "./simplify.ts";
import { type Draft, Trials } from "./trials.ts";

export type MinimizeOptions = {
  /** States that one search for the schedule of some operations may look at. */
  readonly planStates?: number;
  /** States that the search of a whole scope may look at; 0: it is not searched. */
  readonly scopeStates?: number;
};

/** Is there a run of a scope that fails in the same way and is shorter than `length`? */
export type Shortest =
  /** Every shorter run was looked at: none fails so. */
  | { readonly kind: "yes"; readonly length: Length; readonly states: number }
  /** The search was cut; none of those that it came to fails so. */
  | { readonly kind: "not-decided"; readonly length: Length; readonly states: number }
  /** A property over whole runs: length is not searched for. */
  | { readonly kind: "not-asked" };

export type Minimized = {
  readonly counterexample: Counterexample;
  readonly from: Length;
  readonly to: Length;
  /** Nothing can be left out, joined, lowered or narrowed by itself any more; else it was stopped. */
  readonly oneMinimal: boolean;
  /** Within the scope that the counterexample came with, before that was made smaller. */
  readonly asGiven: Shortest;
  /** Within the scope that it has now. */
  readonly shortest: Shortest;
  /** Runs that were tried. */
  readonly tried: number;
};

/** At a pause: the best so far. */
export type MinimizeProgress = {
  readonly best: Counterexample;
  readonly tried: number;
  readonly states: number;
};

const defaultPlanStates = 20_000;
const defaultScopeStates = 100_000;

const planOf = ({ scope, steps }: Pick<Counterexample, "scope" | "steps">): Plan =>
  scope.actors.map(({ name }) =>
    steps.flatMap((step) =>
      "actor" in step && step.actor === name && step.starts ? [step.starts.kind] : [],
    ),
  );

class Minimizer {
  best: Counterexample;
  readonly trials: Trials;
  readonly #planStates: number;
  readonly #scopeStates: number;
  #states = 0;

  constructor(trials: Trials, { planStates, scopeStates }: MinimizeOptions) {
    this.trials = trials;
    this.best = trials.original;
    this.#planStates = planStates ?? defaultPlanStates;
    this.#scopeStates = scopeStates ?? defaultScopeStates;
  }

  get progress(): MinimizeProgress {
    return { best: this.best, tried: this.trials.tried, states: this.#states };
  }

  /** Tries a draft; the new best if it is smaller, else null. */
  readonly #offer = (draft: Draft): Counterexample | null => {
    const made = this.trials.try(draft);
    if (made === null || !isSmaller(made, this.best)) return null;
    this.best = made;
    return made;
  };

  *run(): Generator<MinimizeProgress, { asGiven: Shortest; shortest: Shortest }> {
    const asGiven = yield* this.#settle(false);
    return { asGiven, shortest: yield* this.#settle(true) };
  }

  /** Reduces and searches in turn: a shorter run has other things to leave out. */
  *#settle(narrows: boolean): Generator<MinimizeProgress, Shortest> {
    for (;;) {
      for (let before: Counterexample | null = null; before !== this.best; ) {
        before = this.best;
        yield* this.#leaveOut();
        yield* this.#searchPlan(this.best, lengthOfSteps(this.best.steps));
        yield* this.#all(fewerSwitches);
        yield* this.#all(lowerValues);
        if (narrows) yield* this.#narrow();
      }
      const shortest = yield* this.#searchScope();
      if (shortest !== "found-shorter") return shortest;
    }
  }

  *#leaveOut(): Generator<MinimizeProgress, void> {
    for (const kind of unitKinds) {
      const pass = leaveOut(this.best, kind, (now, left) => this.#offer(without(now, left)));
      for (let step = pass.next(); step.done !== true; step = pass.next()) yield this.progress;
    }
  }

  /** Tries every draft of a list; begins with a fresh list after each that was accepted. */
  *#all(list: (best: Counterexample) => Generator<Draft>): Generator<MinimizeProgress, void> {
    for (let before: Counterexample | null = null; before !== this.best; ) {
      before = this.best;
      for (const draft of list(before)) {
        const accepted = this.#offer(draft);
        yield this.progress;
        if (accepted) break;
      }
    }
  }

  /** Places have other numbers in another scope: where the steps do not fit, their plan is searched. */
  *#narrow(): Generator<MinimizeProgress, void> {
    for (let before: Counterexample | null = null; before !== this.best; ) {
      before = this.best;
      for (const { draft, retold } of smallerConfigurations(before)) {
        const accepted = this.#offer(draft);
        yield this.progress;
        if (!accepted && !retold) continue;
        const { operations, switches, actions } = lengthOfSteps(before.steps);
        const notLonger = { operations, switches, actions: actions + 1 };
        if (accepted || (yield* this.#searchPlan(draft, notLonger))) break;
      }
    }
  }

  /** Searches the operations of a draft for a shorter run; true if one became the best. */
  *#searchPlan(draft: Draft, shorterThan: Length): Generator<MinimizeProgress, boolean> {
    const found = yield* this.#search(draft, planOf(draft), shorterThan, this.#planStates);
    return found?.improved === true;
  }

  *#searchScope(): Generator<MinimizeProgress, Shortest | "found-shorter"> {
    if (this.#scopeStates === 0) return { kind: "not-asked" };
    const length = lengthOfSteps(this.best.steps);
    const found = yield* this.#search(this.best, null, length, this.#scopeStates);
    if (found === null) return { kind: "not-asked" };
    if (found.improved) return "found-shorter";
    return { kind: found.complete ? "yes" : "not-decided", length, states: found.states };
  }

  /** Null where the property is over whole runs. */
  *#search(
    { scope }: Pick<Draft, "scope">,
    plan: Plan | null,
    shorterThan: Length,
    maxStates: number,
  ): Generator<MinimizeProgress, { improved: boolean; complete: boolean; states: number } | null> {
    const ground = this.trials.groundOf(scope);
    if (ground === null) return null;
    const { machinery, property } = ground;
    if (property.kind !== "always" && property.kind !== "step") return null;
    const search = searchShortest(ground, {
      plan,
      shorterThan,
      maxStates,
      isFailure: (reason) => failureIn(reason) === this.trials.failure,
    });
    let paused = search.next();
    for (; paused.done !== true; paused = search.next()) yield this.progress;
    const { moves, states, complete } = paused.value;
    this.#states += states;
    if (moves === null) return { improved: false, complete, states };
    let world = machinery.initial;
    const steps = moves.map((move) => {
      const step = stepOf(machinery, world, move);
      world = machinery.step(world, move).next;
      return step;
    });
    return { improved: this.#offer({ scope, steps }) !== null, complete, states };
  }
}

/**
 * Minimizes a counterexample; null if it does not fail as it says. Pauses with the best so far.
 *
 * @param original any that can be replayed
 */
export const minimizing = function* (
  original: Counterexample,
  options: MinimizeOptions = {},
): Generator<MinimizeProgress, Minimized | null> {
  const trials = Trials.of(original);
  if (trials === null) return null;
  const minimizer = new Minimizer(trials, options);
  const known = yield* minimizer.run();
  return minimizedTo(minimizer.progress, original, known, true);
};

/** What a stopped run came to: the best so far, and no claim. */
export const stoppedAt = (progress: MinimizeProgress, original: Counterexample): Minimized =>
  minimizedTo(progress, original, nothingKnown, false);

const nothingKnown = { asGiven: { kind: "not-asked" }, shortest: { kind: "not-asked" } } as const;

const minimizedTo = (
  { best, tried }: MinimizeProgress,
  original: Counterexample,
  { asGiven, shortest }: Pick<Minimized, "asGiven" | "shortest">,
  oneMinimal: boolean,
): Minimized => {
  const from = lengthOfSteps(original.steps);
  const sense = shortest.kind === "yes" ? "shortest" : "one-minimal";
  const minimal = oneMinimal && original.verdict === "broken" ? sense : original.minimal;
  return {
    counterexample: { ...best, found: foundHow(original, from), minimal },
    from,
    to: lengthOfSteps(best.steps),
    oneMinimal,
    asGiven,
    shortest,
    tried,
  };
};

const mark = "; minimized from ";
const longestFound = 400;

/** How it was found stays as it was told; what is minimized again is so from its first length. */
const foundHow = ({ found, verdict }: Counterexample, from: Length): string => {
  if (found.includes(mark) || verdict === "never") return found;
  const { operations, switches, actions } = from;
  const told = `${mark}${operations} operations, ${switches} switches, ${actions} actions`;
  return found.slice(0, longestFound - told.length) + told;
};

/** {@link minimizing} to its end, without a pause. */
export const minimize = (
  original: Counterexample,
  options: MinimizeOptions = {},
): Minimized | null => {
  const run = minimizing(original, options);
  let step = run.next();
  while (step.done !== true) step = run.next();
  return step.value;
};
