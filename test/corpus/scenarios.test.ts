/** The rows that the project keeps: each holds on every kernel that it speaks of. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { countsOf, kernels, readScenarios, resultOf, summaryText } from "../../oracle/index.ts";
import { read, root } from "../house/tree.ts";

/** Rows drawn from suites and runs of others, and rows that this project wrote from sources. */
const folders = [
  ["oracle/scenarios/corpus", 345, 325],
  ["oracle/scenarios/corpus/own", 451, 430],
] as const;

const filesIn = (folder: string): readonly string[] =>
  fs
    .readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith(".jsonl"))
    .sort();
const linesIn = (folder: string) =>
  filesIn(folder).flatMap((file) => readScenarios(read(`${folder}/${file}`), file));

test.each(folders)("there is one file for each family in %s, and nothing else", (folder) => {
  const files = filesIn(folder);
  const families = linesIn(folder).map((line) => {
    if (line.kind !== "row") throw new Error(`a line of the corpus is ${line.kind}`);
    const { file, envelope } = line.row;
    return [file, `${envelope.id.split("-")[0]}.jsonl`] as const;
  });
  expect(families.filter(([file, expected]) => file !== expected)).toEqual([]);
  expect(new Set(families.map(([file]) => file))).toEqual(new Set(files));
});

test.each(folders)("all of %s pass, on every kernel", (folder, rows, least) => {
  const results = linesIn(folder).map((line) => resultOf(line));
  console.log(summaryText(results));
  expect(results.filter(({ verdict }) => verdict !== "pass").map(({ id }) => id)).toEqual([]);
  expect(countsOf(results).pass).toBe(rows);
  const runs = results.flatMap(({ byKernel }) => byKernel);
  for (const kernel of kernels) {
    const mine = runs.filter((each) => each.kernel === kernel);
    const passed = mine.filter(({ verdict }) => verdict.kind === "pass").length;
    const elsewhere = mine.filter(({ verdict }) => verdict.kind === "not-applicable").length;
    expect([kernel, passed + elsewhere]).toEqual([kernel, rows]);
    expect(passed).toBeGreaterThanOrEqual(least);
  }
});
