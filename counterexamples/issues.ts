/** What a schema says is wrong, in the words of a message about a file. */
import type { z } from "zod";
import { type JsonNode, plainOf, shortened } from "./json.ts";
import type { Problem } from "./run.ts";

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
    case "custom":
      return issue.message;
    default:
      return "something else";
  }
};

/** A name or a value out of a list that the schema does not have: another version may know it. */
const isUnknown = (issue: Issue): boolean =>
  issue.code === "unrecognized_keys" ||
  issue.code === "invalid_value" ||
  (issue.code === "invalid_union" && issue.errors.length === 0);

const problemOf = (root: JsonNode, issue: Issue): Problem => {
  if (issue.code !== "unrecognized_keys") {
    const { path } = issue;
    return { path, expected: expectedOf(issue), found: shown(valueAt(root, path)) };
  }
  const [key = ""] = issue.keys;
  return { path: [...issue.path, key], expected: "no such field", found: `"${shortened(key)}"` };
};

export type Mistake = Problem & { readonly unknown: boolean };

/** Every mistake that the schema found, unions taken apart. */
export const mistakesIn = (root: JsonNode, issues: readonly Issue[]): readonly Mistake[] =>
  flattened(issues).map((issue) => ({ ...problemOf(root, issue), unknown: isUnknown(issue) }));
