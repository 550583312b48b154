/**
 * An ITF trace read back: the meta data and what was decided make a counterexample, and the states
 * have to be those that its run goes through. A trace that another tool has changed or made is
 * taken, as long as it tells its run in the same variables.
 */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Attempt } from "../../model/index.ts";
import { problemIn } from "../check.ts";
import { explain } from "../explain/explain.ts";
import type { Counterexample } from "../format.ts";
import { mistakesIn } from "../issues.ts";
import { type JsonPath, readJson } from "../json.ts";
import { parseAs } from "../parse.ts";
import type { Problem } from "../run.ts";
import { schemaFor } from "../versions.ts";
import { optionalInteger, optionalPlain, optionalText } from "./values.ts";
import { actionTaken, itfLoop, itfState, nondetPicks } from "./write.ts";

const picksSchema = z
  .object({
    actor: optionalText,
    starts: optionalPlain,
    choice: optionalInteger,
    environment: optionalPlain,
  })
  .readonly();

const stateSchema = z
  .looseObject({ [actionTaken]: z.string(), [nondetPicks]: picksSchema })
  .readonly();

const traceSchema = z
  .looseObject({
    "#meta": z.looseObject({ counterexample: z.looseObject({}) }).readonly(),
    states: z.array(stateSchema).min(1).readonly(),
    loop: z.int().min(0).exactOptional(),
  })
  .readonly();

type Trace = z.infer<typeof traceSchema>;

/** The first state is the one before the first step: nothing was decided on the way to it. */
const stepsIn = ({ states }: Trace): readonly unknown[] =>
  states.slice(1).map((state) => {
    const { actor, starts, choice, environment } = state[nondetPicks];
    if (environment !== null) return { environment };
    return { actor, ...(starts !== null && { starts }), action: state[actionTaken], choice };
  });

/** Where in the trace a place of the counterexample comes from. */
const placeOf = ([first, index, ...rest]: JsonPath): JsonPath => {
  if (first !== "steps") return ["#meta", "counterexample", ...pathOf(first, index), ...rest];
  return typeof index === "number" ? ["states", index + 1, nondetPicks] : ["states"];
};

const pathOf = (...parts: readonly (PropertyKey | undefined)[]): JsonPath =>
  parts.flatMap((part) => (part === undefined ? [] : [part]));

const moved = ({ path, ...rest }: Problem): Problem => ({ ...rest, path: placeOf(path) });

type Rebuilt =
  | { readonly ok: true; readonly counterexample: Counterexample }
  | { readonly ok: false; readonly problem: Problem };

const rebuilt = (trace: Trace): Rebuilt => {
  const raw = { ...trace["#meta"].counterexample, steps: stepsIn(trace) };
  const parsed = schemaFor(raw).safeParse(raw);
  if (parsed.success) return { ok: true, counterexample: parsed.data };
  const root = readJson(JSON.stringify(raw), "");
  const [first] = root.ok ? mistakesIn(root.value, parsed.error.issues) : [];
  const unknown = { path: [], expected: "a counterexample", found: "something else" };
  return { ok: false, problem: moved(first ?? unknown) };
};

/** Maps have no order in ITF: brought into that of their keys. */
const inOrder = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(inOrder);
  const entries = Object.entries(value).map(([field, inner]) => [field, inOrder(inner)] as const);
  return Object.fromEntries(
    entries.map(([field, inner]) => [
      field,
      field === "#map" && Array.isArray(inner) ? inner.toSorted(byKey) : inner,
    ]),
  );
};

const byKey = (one: unknown, other: unknown): number =>
  JSON.stringify(one) < JSON.stringify(other) ? -1 : 1;

/** The first state that is not the one to which the run leads. */
const stateProblem = ({ states, loop }: Trace, counterexample: Counterexample): Problem | null => {
  const { portraits } = explain(counterexample);
  for (const [index, state] of states.entries())
    for (const [variable, value] of Object.entries(itfState(portraits[index] ?? [])))
      if (!isDeepStrictEqual(inOrder(state[variable]), inOrder(value)))
        return {
          path: ["states", index, variable],
          expected: index === 0 ? "the state of the start" : `the state after step ${index}`,
          found: state[variable] === undefined ? "nothing" : "another one",
        };
  const wanted = itfLoop(counterexample) ?? undefined;
  if (loop === wanted) return null;
  return { path: ["loop"], expected: String(wanted ?? "none"), found: String(loop ?? "none") };
};

const problemInTrace = (trace: Trace): Problem | null => {
  const made = rebuilt(trace);
  if (!made.ok) return made.problem;
  const problem = problemIn(made.counterexample);
  return problem ? moved(problem) : stateProblem(trace, made.counterexample);
};

/** A trace has every state in full: ten times a counterexample of the most steps. */
export const largestTraceBytes = 32 * 2 ** 20;

/**
 * Reads a trace as {@link writeItf} writes it and makes sure that it can be replayed.
 *
 * @param fileName for messages only; nothing is opened
 */
export const parseItf = (text: string, fileName: string): Attempt<Counterexample> => {
  const read = parseAs(() => traceSchema, problemInTrace, text, fileName, largestTraceBytes);
  if (!read.ok) return read;
  const made = rebuilt(read.value);
  if (!made.ok) throw new Error("a trace that was read has become another one");
  return { ok: true, value: made.counterexample };
};
