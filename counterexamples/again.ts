/** From a failing run of a lockstep suite to its file, and from the file to the run again. */
import { isDeepStrictEqual } from "node:util";
import { bugNamed } from "../impl/index.ts";
import { type Attempt, at, type Design, designNamed, designs, type Job } from "../model/index.ts";
import { underWith } from "../properties/bugs/planted.ts";
import {
  type Floors,
  floorsOf,
  isPossible,
  type Mismatch,
  type Step,
  type SuiteFailure,
  themeNamed,
  themes,
} from "../properties/lockstep/index.ts";
import { scopeProblem } from "./check.ts";
import { type FoundRun, type FoundStep, foundRunSchema } from "./found.ts";
import { implementationProblem } from "./machinery.ts";
import { parseAs } from "./parse.ts";
import { type Problem, stepOf } from "./run.ts";

const longestWord = 400;

const lockstepOf = (
  { scope, lists, implementation }: Pick<FoundRun, "scope" | "lists" | "implementation">,
  design: Design,
): Floors => {
  const planted = implementation?.bugs.flatMap((id) => bugNamed(id) ?? []) ?? [];
  return floorsOf(design, scope, lists, underWith(planted));
};

const operationOf = ({ walker }: Floors, number: number): Job => {
  const operation = walker.operations[number];
  if (!operation) throw new Error(`there is no operation ${number}`);
  return operation;
};

const named = (lockstep: Floors, step: Step): FoundStep => {
  const { walker, world } = lockstep;
  const { actors } = walker.site.scope;
  if (step.kind === "refused") {
    const refused = operationOf(lockstep, step.operation);
    return { actor: at(actors, step.actor).name, refused };
  }
  if (step.kind === "waits") {
    const waits = step.operation === null ? null : operationOf(lockstep, step.operation);
    return { actor: at(actors, step.actor).name, waits };
  }
  const told = stepOf(walker, world, step.move);
  return "environment" in told ? told : { ...told, decided: step.decided };
};

const clipped = (mismatch: Mismatch): Mismatch => {
  const { actor, operation, action, part, expected, found } = mismatch;
  const clip = (text: string): string => text.slice(0, longestWord);
  return { actor, operation, action, part, expected: clip(expected), found: clip(found) };
};

export type FoundHow = {
  readonly seed: number;
  readonly run: number;
  readonly bugs: readonly string[];
};

/** The failure of a suite as data to be kept. */
export const foundRunOf = (
  { run, mismatch }: SuiteFailure,
  { seed, run: number, bugs }: FoundHow,
): FoundRun => {
  const design = designNamed(run.design);
  if (!design) throw new Error(`there is no design ${run.design}`);
  const planted = bugs.length > 0 ? { implementation: { bugs } } : {};
  const { scope, lists } = run;
  const lockstep = lockstepOf({ ...planted, scope, lists }, design);
  lockstep.reset();
  const steps = run.steps.map((step) => {
    const told = named(lockstep, step);
    lockstep.do(step);
    return told;
  });
  return {
    format: "mte-oracle/found-run",
    version: 1,
    suite: run.theme,
    design: run.design,
    ...planted,
    seed,
    run: number,
    lists,
    mismatch: clipped(mismatch),
    scope,
    steps,
  };
};

/** One for each suite and seed. */
export const foundFileOf = ({ suite, seed }: FoundRun): string => `${suite}-${seed}.json`;

/** What became of the run this time. */
export type Again =
  | { readonly kind: "parted"; readonly steps: number; readonly mismatch: Mismatch }
  | { readonly kind: "agreed"; readonly steps: number }
  | { readonly kind: "impossible"; readonly problem: Problem };

const numberOf = ({ walker }: Floors, operation: Job): number =>
  walker.operations.findIndex((each) => isDeepStrictEqual(each, operation));

/** The step in the numbers of this scope; numbers that do not exist are not possible anywhere. */
const stepFrom = (lockstep: Floors, told: FoundStep): Step => {
  if ("environment" in told) {
    const move = { kind: "environment", does: told.environment } as const;
    return { kind: "move", move, decided: "here" };
  }
  const { actors } = lockstep.walker.site.scope;
  const actor = actors.findIndex(({ name }) => name === told.actor);
  if ("refused" in told)
    return { kind: "refused", actor, operation: numberOf(lockstep, told.refused) };
  if ("waits" in told) {
    const operation = told.waits && numberOf(lockstep, told.waits);
    return { kind: "waits", actor, operation };
  }
  const { starts: asked, choice, decided } = told;
  const starts = asked ? numberOf(lockstep, asked) : null;
  return { kind: "move", move: { kind: "act", actor, starts, choice }, decided };
};

const isHere = (lockstep: Floors, told: FoundStep, step: Step): boolean => {
  const { actors } = lockstep.walker.site.scope;
  if ("actor" in told && !actors.some(({ name }) => name === told.actor)) return false;
  const asked = askedIn(step);
  if (asked !== null && !lockstep.walker.operations[asked]) return false;
  return isPossible(lockstep, step) && isDeepStrictEqual(named(lockstep, step), told);
};

/** The number of the operation that the step asks for. */
const askedIn = (step: Step): number | null => {
  if (step.kind !== "move") return step.operation;
  return step.move.kind === "act" ? step.move.starts : null;
};

/** Does the steps of a found run again, until the two part or there are no more. */
export const runAgain = (found: FoundRun): Again => {
  const lockstep = begun(found);
  for (const [index, told] of found.steps.entries()) {
    const step = stepFrom(lockstep, told);
    if (!isHere(lockstep, told, step)) {
      const path = ["steps", index];
      const expected = "a step that is possible where it stands";
      return { kind: "impossible", problem: { path, expected, found: `step ${index + 1}` } };
    }
    const mismatch = lockstep.do(step);
    if (mismatch) return { kind: "parted", steps: index + 1, mismatch };
  }
  return { kind: "agreed", steps: found.steps.length };
};

/**
 * Does those steps of a found run that are possible where they stand, and passes over the others.
 * The run that comes of it, or null where the two agree.
 */
export const runPossible = (found: FoundRun): FoundRun | null => {
  const lockstep = begun(found);
  const steps: FoundStep[] = [];
  for (const told of found.steps) {
    const step = stepFrom(lockstep, told);
    if (!isHere(lockstep, told, step)) continue;
    steps.push(told);
    const mismatch = lockstep.do(step);
    if (mismatch) return { ...found, mismatch: clipped(mismatch), steps };
  }
  return null;
};

const begun = (found: FoundRun): Floors => {
  const design = designNamed(found.design);
  if (!design) throw new Error(`there is no design ${found.design}`);
  const lockstep = lockstepOf(found, design);
  lockstep.reset();
  return lockstep;
};

const oneOf = (names: readonly { readonly name: string }[]): string =>
  names.map(({ name }) => name).join(", ");

const problemIn = (found: FoundRun): Problem | null => {
  const { suite, design: asked, implementation } = found;
  if (!themeNamed(suite))
    return { path: ["suite"], expected: `a suite (${oneOf(themes)})`, found: `"${suite}"` };
  const design = designNamed(asked);
  if (!design)
    return { path: ["design"], expected: `a design (${oneOf(designs)})`, found: `"${asked}"` };
  const wrong =
    implementationProblem(implementation?.bugs ?? [], design, ["implementation", "bugs"]) ??
    scopeProblem(found);
  if (wrong) return wrong;
  const again = runAgain(found);
  return again.kind === "impossible" ? again.problem : null;
};

/** Reads a found run and makes sure that it can be run; the first mistake is told in one line. */
export const parseFoundRun = (text: string, fileName: string): Attempt<FoundRun> =>
  parseAs(() => foundRunSchema, problemIn, text, fileName);
