/**
 * A counterexample as an ITF trace, for viewers and for tools that test by traces. A state is the
 * portrait that a replay shows; the action that led to it, and everything that was decided in it,
 * stand in the two variables of Quint's extension for model-based testing. What is no part of the
 * run (design, property, scope) lies in the meta data, so that the trace can be read back.
 */
import type { Explanation } from "../explain/explanation.ts";
import type { Counterexample, CounterexampleStep } from "../format.ts";
import { labelOf } from "../labels.ts";
import type { Part, SubjectKind } from "../portrait.ts";
import { type ItfValue, itfOf, none, type Plain, some } from "./values.ts";

/** One variable for each kind of subject, in the order of a portrait. */
const variables: Readonly<Record<SubjectKind, string>> = {
  page: "pages",
  frame: "frames",
  "storage-page": "tag_storage",
  block: "blocks",
  slot: "slots",
  "file-page": "file_pages",
  file: "files",
  "file-system": "file_systems",
  lock: "locks",
};

export const actionTaken = "mbt::actionTaken";
export const nondetPicks = "mbt::nondetPicks";

const fieldOf = (part: Part): string => labelOf(part).replace(/[^A-Za-z0-9]+/g, "_");

/** A map from subjects to records for each variable. All values are text: one type for a field. */
export const itfState = (portrait: readonly Part[]): Readonly<Record<string, ItfValue>> => {
  const state: Record<string, ItfValue> = {};
  for (const [kind, variable] of Object.entries(variables)) {
    const records = new Map<string, Record<string, ItfValue>>();
    for (const part of portrait) {
      if (part.kind !== kind) continue;
      const record = records.get(part.subject) ?? {};
      record[fieldOf(part)] = part.value;
      records.set(part.subject, record);
    }
    state[variable] = { "#map": [...records] };
  }
  return state;
};

/** Before the first step nothing has been taken. */
const initialPicks = { actor: none, starts: none, choice: none, environment: none };

/** Data whose fields are there or not, as far as ITF has an image of them. */
const plainOf = (value: unknown): Plain => {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (Array.isArray(value)) return value.map(plainOf);
  if (typeof value !== "object" || value === null) throw new TypeError("no data of a step");
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, plainOf(inner)]));
};

const picksOf = (step: CounterexampleStep): Readonly<Record<string, ItfValue>> => {
  if (!("actor" in step))
    return { ...initialPicks, environment: some(itfOf(plainOf(step.environment))) };
  const { actor, starts, choice } = step;
  return {
    actor: some(actor),
    starts: starts === undefined ? none : some(itfOf(plainOf(starts))),
    choice: some(itfOf(choice)),
    environment: none,
  };
};

const actionOf = (step: CounterexampleStep): string =>
  "actor" in step ? step.action : step.environment.kind;

/**
 * The state from which the trace goes on behind its last one. Ours comes back to the state that the
 * loop began with, so the next is the one behind that; a run that is stuck stays where it is.
 */
export const itfLoop = ({ loopFrom, steps }: Counterexample): number | null =>
  loopFrom === undefined ? null : Math.min(loopFrom + 1, steps.length);

const stateOf = (
  { portraits, counterexample, steps }: Explanation,
  index: number,
): Readonly<Record<string, unknown>> => {
  const step = counterexample.steps[index - 1];
  const told = steps[index - 1];
  return {
    "#meta": {
      index,
      ...(told && { sentence: told.sentence, events: told.events }),
    },
    ...itfState(portraits[index] ?? []),
    [actionTaken]: step ? actionOf(step) : "init",
    [nondetPicks]: step ? picksOf(step) : initialPicks,
  };
};

/** The bytes of the file, which ends in `.itf.json`; null where the run cannot be replayed. */
export const writeItf = (explanation: Explanation): string | null => {
  const { counterexample, portraits } = explanation;
  if (portraits.length !== counterexample.steps.length + 1) return null;
  const { steps: _, ...rest } = counterexample;
  const loop = itfLoop(counterexample);
  const head = {
    "#meta": {
      format: "ITF",
      "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
      description: `${counterexample.design}: ${counterexample.property.id}`,
      status: "violation",
      counterexample: rest,
    },
    vars: [...Object.values(variables), actionTaken, nondetPicks],
    ...(loop !== null && { loop }),
  };
  const states = portraits.map((_, index) => JSON.stringify(stateOf(explanation, index)));
  // One line for each state: a long trace stays small and can be searched.
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "states": [\n${states.join(",\n")}\n  ]\n}\n`;
};
