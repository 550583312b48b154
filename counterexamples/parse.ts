/** From the text of a file to a counterexample, or to one line that says what is wrong with it. */
import type { z } from "zod";
import { type Attempt, attempt, RefusedInput, refuse } from "../model/index.ts";
import { problemIn, staticProblem } from "./check.ts";
import type { Counterexample } from "./format.ts";
import { mistakesIn } from "./issues.ts";
import { type JsonNode, lineAt, pathText, plainOf, readJson } from "./json.ts";
import type { Problem } from "./run.ts";
import { schemaFor } from "./versions.ts";

/** Larger files are refused unread: two thousand steps take a quarter of it. */
export const largestFileBytes = 2 * 2 ** 20;

/** The first mistake in the order of the lines. */
const firstMistake = (root: JsonNode, issues: readonly z.core.$ZodIssue[]): Problem => {
  const problems = mistakesIn(root, issues);
  const [first = { path: [], expected: "a counterexample", found: "something else" }] =
    problems.toSorted((a, b) => lineAt(root, a.path) - lineAt(root, b.path));
  return first;
};

/**
 * Reads a file of this program's own format.
 *
 * @param schemaOf what it has to look like, by the version that it says it has
 * @param problemIn what a schema cannot say
 */
export const parseAs = <T>(
  schemaOf: (plain: unknown) => z.ZodType<T>,
  problemIn: (value: T) => Problem | null,
  text: string,
  fileName: string,
  largestBytes = largestFileBytes,
): Attempt<T> =>
  attempt(() => {
    const refuseAt = (root: JsonNode, { path, expected, found }: Problem): never =>
      refuse({ file: fileName, line: lineAt(root, path), field: pathText(path) }, expected, found);
    if (text.length > largestBytes) {
      const place = { file: fileName, line: 1, field: "file" };
      refuse(place, `at most ${largestBytes} bytes`, "more");
    }
    const read = readJson(text, fileName);
    if (!read.ok) throw new RefusedInput(read.error);
    const root = read.value;
    const plain = plainOf(root);
    const parsed = schemaOf(plain).safeParse(plain);
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
  parseAs(schemaFor, problemIn, text, fileName);

/**
 * Reads a counterexample whose cause was mended since: its steps were possible once, and need not be
 * any more. {@link replayLeniently} does those that are.
 */
export const parseMended = (text: string, fileName: string): Attempt<Counterexample> =>
  parseAs(schemaFor, staticProblem, text, fileName);
