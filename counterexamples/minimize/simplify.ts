/**
 * Smaller in other ways than by leaving out: an actor goes on for longer, a value or a choice is a
 * lower one. Each function lists what is worth trying for a run; somebody else tries it.
 */
import type { Job } from "../../model/index.ts";
import { type Counterexample, type CounterexampleStep, jobSchema } from "../format.ts";
import { simplifiedFields } from "./rank.ts";
import type { Draft } from "./trials.ts";

const actorOf = (step: object): string | null =>
  "actor" in step && typeof step.actor === "string" ? step.actor : null;

type Segment = { readonly actor: string | null; readonly begin: number; readonly end: number };

/** Stretches in which one actor goes on without a switch. */
const segmentsOf = (steps: readonly object[]): readonly Segment[] => {
  const segments: { actor: string | null; begin: number; end: number }[] = [];
  for (const [index, step] of steps.entries()) {
    const last = segments.at(-1);
    if (last?.actor === actorOf(step)) last.end = index + 1;
    else segments.push({ actor: actorOf(step), begin: index, end: index + 1 });
  }
  return segments;
};

/** The steps with those from `begin` to `end` put before the step that is number `to` now. */
const moved = <Step>(
  steps: readonly Step[],
  { begin, end }: Segment,
  to: number,
): readonly Step[] => {
  const rest = (from: number, until: number) =>
    steps.slice(from, until).filter((_, index) => from + index < begin || from + index >= end);
  return [...rest(0, to), ...steps.slice(begin, end), ...rest(to, steps.length)];
};

/** Each stretch of an actor joined to his last one before it, or to his next one after it. */
export const joined = function* <Step extends object>(
  steps: readonly Step[],
): Generator<readonly Step[]> {
  const segments = segmentsOf(steps);
  for (const [index, segment] of segments.entries()) {
    const before = segments.slice(0, index).findLast(({ actor }) => actor === segment.actor);
    const after = segments.slice(index + 1).find(({ actor }) => actor === segment.actor);
    for (const to of [before?.end, after?.begin])
      if (to !== undefined) yield moved(steps, segment, to);
  }
};

/** The schedules of a run that may need fewer switches. */
export const fewerSwitches = function* ({
  scope,
  steps,
  loopFrom,
}: Counterexample): Generator<Draft> {
  for (const reordered of joined(steps))
    yield { scope, steps: reordered, ...(loopFrom !== undefined && { loopFrom }) };
};

/** The operation with one field at another value; null where it is none then. */
const withField = (operation: Job, name: string, value: number): Job | null => {
  const parsed = jobSchema.safeParse({ ...operation, [name]: value });
  return parsed.success ? parsed.data : null;
};

const lowerOperations = function* (operation: Job): Generator<Job> {
  const fields = new Map<string, unknown>(Object.entries(operation));
  for (const name of simplifiedFields) {
    const value = fields.get(name);
    if (typeof value !== "number") continue;
    for (let lower = 0; lower < value; lower++) {
      const changed = withField(operation, name, lower);
      if (changed) yield changed;
    }
  }
};

const replaced = (
  { scope, steps, loopFrom }: Counterexample,
  index: number,
  step: CounterexampleStep,
): Draft => ({
  scope,
  steps: steps.with(index, step),
  ...(loopFrom !== undefined && { loopFrom }),
});

/** Each operation with a lower number in it, then each choice a lower one. */
export const lowerValues = function* (best: Counterexample): Generator<Draft> {
  for (const [index, step] of best.steps.entries()) {
    if (!("actor" in step)) continue;
    if (step.starts !== undefined)
      for (const starts of lowerOperations(step.starts))
        yield replaced(best, index, { ...step, starts });
    for (let choice = 0; choice < Math.min(step.choice, mostChoices); choice++)
      yield replaced(best, index, { ...step, choice });
  }
};

/** Choices are few; a number above them is one that a person wrote. */
const mostChoices = 16;
