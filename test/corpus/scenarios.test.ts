/** The rows that the project keeps: each holds on every kernel that it speaks of. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { countsOf, kernels, readScenarios, resultOf, summaryText } from "../../oracle/index.ts";
import { read, root } from "../house/tree.ts";

const folder = "oracle/scenarios/corpus";
const files = fs.readdirSync(path.join(root, folder)).sort();
const lines = files.flatMap((file) => readScenarios(read(`${folder}/${file}`), file));

test("there is one file for each family, and nothing else", () => {
  const families = lines.map((line) => {
    if (line.kind !== "row") throw new Error(`a line of the corpus is ${line.kind}`);
    const { file, envelope } = line.row;
    return [file, `${envelope.id.split("-")[0]}.jsonl`] as const;
  });
  expect(families.filter(([file, expected]) => file !== expected)).toEqual([]);
  expect(new Set(families.map(([file]) => file))).toEqual(new Set(files));
});

test("all of them pass, on every kernel", () => {
  const results = lines.map((line) => resultOf(line));
  console.log(summaryText(results));
  expect(results.filter(({ verdict }) => verdict !== "pass").map(({ id }) => id)).toEqual([]);
  expect(countsOf(results).pass).toBe(345);
  const runs = results.flatMap(({ byKernel }) => byKernel);
  for (const kernel of kernels) {
    const mine = runs.filter((each) => each.kernel === kernel);
    const passed = mine.filter(({ verdict }) => verdict.kind === "pass").length;
    const elsewhere = mine.filter(({ verdict }) => verdict.kind === "not-applicable").length;
    expect([kernel, passed + elsewhere]).toEqual([kernel, 345]);
    expect(passed).toBeGreaterThanOrEqual(325);
  }
});
