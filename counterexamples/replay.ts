/**
 * Runs a counterexample again. Two machineries go side by side: one like the search's, by which the
 * property judges, and one that remembers why a cache key is empty, which tells the exact reason.
 */
import { at, type Design, describeJob, designNamed, type Move } from "../model/index.ts";
import { staticProblem } from "./check.ts";
import type { Counterexample } from "./format.ts";
import { judgeRun } from "./judging.ts";
import { machineryOf } from "./machinery.ts";
import { changesBetween, changeText, type Part, portraitOf } from "./portrait.ts";
import { type Run, runSteps } from "./run.ts";
import { describeEnvironment, describeEvent } from "./words.ts";

/** One step as it happened, in words. What belongs to an actor is null for the environment. */
export type ReplayedStep = {
  readonly number: number;
  readonly who: string;
  /** "task on CPU 0, may sleep" */
  readonly context: string | null;
  /** What the actor is doing, and whether it begins with this step. */
  readonly operation: string;
  readonly starts: boolean;
  readonly action: string | null;
  /** The function of the kernel or of the posted series. */
  readonly standsFor: string | null;
  /** What was decided, of what could be; null where nothing could. */
  readonly choice: { readonly taken: number; readonly of: readonly number[] } | null;
  readonly events: readonly string[];
  readonly changes: readonly string[];
};

export type ReplayVerdict =
  | { readonly kind: "reproduced"; readonly reason: string }
  | { readonly kind: "not-reproduced"; readonly why: string };

export type Replay = {
  readonly counterexample: Counterexample;
  readonly steps: readonly ReplayedStep[];
  readonly verdict: ReplayVerdict;
};

const choiceOf = (run: Run, index: number, move: Move): ReplayedStep["choice"] => {
  if (move.kind === "environment") return null;
  const of = run.machinery
    .movesBy(at(run.worlds, index), move.actor, move.starts)
    .flatMap((other) => (other.kind === "act" ? [other.choice] : []));
  return of.length > 1 ? { taken: move.choice, of } : null;
};

type Portraits = readonly (readonly Part[])[];

const tell = (run: Run, portraits: Portraits, index: number): ReplayedStep => {
  const { machinery } = run;
  const before = at(run.worlds, index);
  const move = at(run.moves, index);
  const told = {
    number: index + 1,
    events: at(run.events, index).flatMap(describeEvent),
    changes: changesBetween(at(portraits, index), at(portraits, index + 1)).map(changeText),
    choice: choiceOf(run, index, move),
  };
  if (move.kind === "environment")
    return {
      ...told,
      who: "the environment",
      context: null,
      operation: describeEnvironment(move.does),
      starts: false,
      action: null,
      standsFor: null,
    };
  const { name, kind, cpu } = at(machinery.site.scope.actors, move.actor);
  const starting = move.starts === null ? null : at(machinery.operations, move.starts);
  const operation = starting ?? machinery.operationOf(before, move.actor);
  if (operation === null) throw new Error(`${name} acts and is in no operation`);
  const action = starting
    ? machinery.scriptOf(starting).entry
    : machinery.labelOf(before, move.actor);
  const sleeping = machinery.isAtomicMove(before, move) ? "atomic" : "may sleep";
  return {
    ...told,
    who: name,
    context: `${kind} on CPU ${cpu}, ${sleeping}`,
    operation: describeJob(operation),
    starts: starting !== null,
    action,
    standsFor: machinery.actionAt(operation, action).standsFor,
  };
};

const portraitsOf = ({ machinery, worlds }: Run): Portraits =>
  worlds.map((world) => portraitOf(machinery, world));

/** Every step of a run, as it happened. */
export const tellRun = (
  run: Run,
  portraits: Portraits = portraitsOf(run),
): readonly ReplayedStep[] => run.moves.map((_, index) => tell(run, portraits, index));

const notReproduced = (counterexample: Counterexample, why: string): Replayed => ({
  replayed: { counterexample, steps: [], verdict: { kind: "not-reproduced", why } },
  run: null,
  portraits: [],
});

/** A replay, and the run that it told with its states; null where the steps are not possible. */
export type Replayed = {
  readonly replayed: Replay;
  readonly run: Run | null;
  /** One more than there are steps. */
  readonly portraits: Portraits;
};

export type ReplayOptions = {
  /** Runs the steps on this design instead of the one that is named. */
  readonly design?: Design;
};

/** Replays a counterexample and says whether its property fails in the way it is said to. */
export const replay = (counterexample: Counterexample, options: ReplayOptions = {}): Replay =>
  replayWithRun(counterexample, options).replayed;

/** {@link replay}, for whoever has more to say of the run than its steps. */
export const replayWithRun = (
  counterexample: Counterexample,
  options: ReplayOptions = {},
): Replayed => {
  const wrong = staticProblem(counterexample);
  const design = options.design ?? designNamed(counterexample.design);
  if (wrong !== null || design === undefined)
    return notReproduced(counterexample, `expected ${wrong?.expected}, found ${wrong?.found}`);
  const searched = runSteps(machineryOf(counterexample, design), counterexample);
  const causes = machineryOf(counterexample, design, { causes: true });
  const explained = runSteps(causes, counterexample);
  if (!searched.ok || !explained.ok) {
    const { expected = "", found = "" } = searched.ok ? {} : searched.problem;
    return notReproduced(counterexample, `expected ${expected}, found ${found}`);
  }
  const { run } = explained;
  const portraits = portraitsOf(run);
  const steps = tellRun(run, portraits);
  const told = (verdict: ReplayVerdict): Replayed => ({
    replayed: { counterexample, steps, verdict },
    run,
    portraits,
  });
  const judged = judgeRun(searched.run, counterexample);
  if (!judged.broken) return told({ kind: "not-reproduced", why: judged.why });
  return told({ kind: "reproduced", reason: exactReason(run, counterexample) ?? judged.reason });
};

/**
 * The reason as a replay gives it, found without a search: with its causes where the contract has
 * some to tell, with its steps where a loop is told of. Null where a replay adds nothing.
 */
export const exactReasonOf = (counterexample: Counterexample): string | null => {
  const design = designNamed(counterexample.design);
  if (design === undefined) return null;
  const isLasso = counterexample.kind === "lasso";
  const machinery = machineryOf(counterexample, design, { causes: !isLasso });
  const result = runSteps(machinery, counterexample);
  if (!result.ok) return null;
  if (!isLasso) return exactReason(result.run, counterexample);
  const judged = judgeRun(result.run, counterexample);
  return judged.broken ? judged.reason : null;
};

/** Only a reason that cites the contract becomes more exact; the others ask about whole runs. */
const exactReason = (run: Run, counterexample: Counterexample): string | null => {
  if (counterexample.kind === "lasso") return null;
  const last = run.events.at(-1) ?? [];
  if (!last.some((event) => event.kind === "committed" && event.refusals.length > 0)) return null;
  const judged = judgeRun(run, counterexample);
  return judged.broken ? judged.reason : null;
};
