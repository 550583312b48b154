/** From the text of a file to a counterexample, or to one line that says what is wrong with it. */
import type { z } from "zod";
import { type Attempt, attempt, RefusedInput, refuse } from "../model/index.ts";
import { problemIn } from "./check.ts";
import { type Counterexample, counterexampleSchema } from "./format.ts";
import { type JsonNode, lineAt, pathText, plainOf, readJson, shortened } from "./json.ts";
import type { Problem } from "./run.ts";

/** Larger files are refused unread: ten thousand steps take a tenth of it. */
export const largestFileBytes = 10 * 2 ** 20;

type Issue = z.core.$ZodIssue;

const shown = (value: unknown): string =>
  value === undefined ? "nothing" : shortened(JSON.stringify(value));

/** The value at a path, for the words about it. */
const valueAt = (node: JsonNode, path: readonly PropertyKey[]): unknown => {
  let at: JsonNode | undefined = node;
  for (const step of path) {
    if (at?.kind === "list") at = at.items[Number(step)];
    else if (at?.kind === "object") at = at.entries.get(String(step))?.node;
    else return undefined;
  }
  return at === undefined ? undefined : plainOf(at);
};

const unknownNames = (issues: readonly Issue[]): number =>
  issues.reduce(
    (sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0),
    0,
  );

/** Of a union that fits in no way, the issues of the way that was meant: it knows most names. */
const meant = (ways: readonly (readonly Issue[])[]): readonly Issue[] =>
  ways.reduce<readonly Issue[]>(
    (best, way) => (best.length > 0 && unknownNames(best) <= unknownNames(way) ? best : way),
    [],
  );

/** Issues without unions, each with its path from the root. */
const flattened = (issues: readonly Issue[], root: readonly PropertyKey[] = []): readonly Issue[] =>
  issues.flatMap((issue): readonly Issue[] => {
    const path = [...root, ...issue.path];
    return issue.code === "invalid_union" && issue.errors.length > 0
      ? flattened(meant(issue.errors), path)
      : [{ ...issue, path }];
  });

const isOneOf = (values: readonly unknown[]): string =>
  `${values.length === 1 ? "" : "one of "}${values.map((each) => JSON.stringify(each)).join(", ")}`;

const bound = (word: string, limit: number | bigint, origin: string): string => {
  if (origin === "array") return `a list of at ${word} ${limit}`;
  return origin === "string" ? `at ${word} ${limit} characters` : `at ${word} ${limit}`;
};

const typeWords: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  string: "a string",
  boolean: "true or false",
  array: "a list",
  object: "an object",
};

const expectedOf = (issue: Issue): string => {
  switch (issue.code) {
    case "invalid_type":
      return typeWords[issue.expected] ?? issue.expected;
    case "invalid_value":
      return isOneOf(issue.values);
    case "too_big":
      return bound("most", issue.maximum, issue.origin);
    case "too_small":
      return bound("least", issue.minimum, issue.origin);
    case "invalid_format":
      return issue.pattern?.includes("a-z0-9") ? "a name in kebab-case" : "one line of text";
    case "invalid_union":
      return "options" in issue && Array.isArray(issue.options)
        ? isOneOf(issue.options)
        : "a step: an actor's action, or the environment's";
    case "unrecognized_keys":
      return "no such field";
    default:
      return "something else";
  }
};

const problemOf = (root: JsonNode, issue: Issue): Problem => {
  if (issue.code !== "unrecognized_keys") {
    const { path } = issue;
    return { path, expected: expectedOf(issue), found: shown(valueAt(root, path)) };
  }
  const [key = ""] = issue.keys;
  return { path: [...issue.path, key], expected: "no such field", found: `"${shortened(key)}"` };
};

/** The first mistake in the order of the lines. */
const firstMistake = (root: JsonNode, issues: readonly Issue[]): Problem => {
  const problems = flattened(issues).map((issue) => problemOf(root, issue));
  const [first = { path: [], expected: "a counterexample", found: "something else" }] =
    problems.toSorted((a, b) => lineAt(root, a.path) - lineAt(root, b.path));
  return first;
};

/**
 * Reads a file of this program's own format.
 *
 * @param problemIn what a schema cannot say
 */
export const parseAs = <T>(
  schema: z.ZodType<T>,
  problemIn: (value: T) => Problem | null,
  text: string,
  fileName: string,
): Attempt<T> =>
  attempt(() => {
    const refuseAt = (root: JsonNode, { path, expected, found }: Problem): never =>
      refuse({ file: fileName, line: lineAt(root, path), field: pathText(path) }, expected, found);
    if (text.length > largestFileBytes) {
      const place = { file: fileName, line: 1, field: "file" };
      refuse(place, `at most ${largestFileBytes} bytes`, "more");
    }
    const read = readJson(text, fileName);
    if (!read.ok) throw new RefusedInput(read.error);
    const root = read.value;
    const parsed = schema.safeParse(plainOf(root));
    if (!parsed.success) return refuseAt(root, firstMistake(root, parsed.error.issues));
    const problem = problemIn(parsed.data);
    return problem === null ? parsed.data : refuseAt(root, problem);
  });

/**
 * Reads a counterexample and makes sure that it can be replayed: the names exist, the scope is
 * small enough, and each step is possible where it stands. Whether it still breaks its property is
 * for {@link replay} to say.
 *
 * @param fileName for messages only; nothing is opened
 */
export const parseCounterexample = (text: string, fileName: string): Attempt<Counterexample> =>
  parseAs(counterexampleSchema, problemIn, text, fileName);
