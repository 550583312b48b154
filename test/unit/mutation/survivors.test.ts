/** Which mutants of a report may live, by the list of those that nobody can tell from the original. */
import { expect, test } from "vitest";
import { type Accepted, judge, killedOnly, mutantsOf } from "../../mutation/survivors.ts";

const source = "const a = 1 + 1;\nconst b = 1 + 1;\n";

const mutant = (line: number, status: string, replacement = "1 - 1") => ({
  mutatorName: "ArithmeticOperator",
  ...{ replacement, status },
  location: { start: { line, column: 11 }, end: { line, column: 16 } },
});

const reportOf = (...mutants: readonly ReturnType<typeof mutant>[]) => ({
  files: { "impl/a.ts": { source, mutants: [...mutants] } },
});

const named = (occurrence: number) => ({
  ...{ file: "impl/a.ts", text: "1 + 1", becomes: "1 - 1", occurrence },
});

const listed = (occurrence: number): Accepted => ({ ...named(occurrence), why: "nobody can tell" });

const judged = (accepted: readonly Accepted[], ...statuses: readonly string[]) => {
  const mutants = statuses.map((status, index) => mutant(index + 1, status));
  return judge("impl", mutantsOf(reportOf(...mutants)), accepted);
};

const nothing = { unlisted: [], undecided: [], gone: [] };

test("alike places are told apart by their order, not by their lines", () => {
  const mutants = mutantsOf(reportOf(mutant(2, "Survived"), mutant(1, "Killed")));
  expect(mutants).toEqual([
    { name: named(1), end: "killed" },
    { name: named(2), end: "lived" },
  ]);
});

test.each(["Survived", "NoCoverage"])("%s: an unlisted one is named", (status) => {
  const verdict = judged([], status, "Killed");
  expect(verdict).toEqual({ ...nothing, killed: 1, listed: 0, all: 2, unlisted: [named(1)] });
});

test("a listed one may live", () => {
  expect(judged([listed(2)], "Killed", "Survived")).toEqual({
    ...{ ...nothing, killed: 1, listed: 1, all: 2 },
  });
});

test("a listed one that is killed, or is not there, is named", () => {
  const gone = [listed(1), listed(3)];
  expect(judged(gone, "Killed")).toEqual({ ...nothing, killed: 1, listed: 0, all: 1, gone });
});

test.each(["Timeout", "RuntimeError"])("%s: noticed, or undecided where it is listed", (status) => {
  expect(judged([], status)).toEqual({ ...nothing, killed: 1, listed: 0, all: 1 });
  expect(judged([listed(1)], status)).toEqual({
    ...{ ...nothing, killed: 0, listed: 0, all: 1, undecided: [listed(1)] },
  });
});

test("another folder is not judged", () => {
  const verdict = judge("impl/a", mutantsOf(reportOf(mutant(1, "Survived"))), [listed(1)]);
  expect(verdict).toEqual({ ...nothing, killed: 0, listed: 0, all: 0 });
});

test("a later run takes over what was killed, and all that is said around it", () => {
  const before = { schemaVersion: "1", ...reportOf(mutant(1, "Killed"), mutant(2, "Timeout")) };
  expect(killedOnly(before)).toEqual({ schemaVersion: "1", ...reportOf(mutant(1, "Killed")) });
});
