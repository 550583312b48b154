/** Every verdict there is, told in each format; `npx vitest run test/golden/scenarios -u` renews. */
import { expect, test } from "vitest";
import {
  kernels,
  readScenarios,
  resultOf,
  resultsAsJson,
  resultsAsJunit,
  resultsAsText,
} from "../../oracle/index.ts";
import { read } from "../house/tree.ts";

const file = "rows.jsonl";
const lines = readScenarios(read(`test/golden/scenarios/${file}`), file);
const results = () => lines.map((line) => resultOf(line));

test("as text", async () => {
  await expect(resultsAsText(results(), true)).toMatchFileSnapshot("scenarios/report.txt");
  const most = Math.max(
    ...resultsAsText(results(), true)
      .split("\n")
      .map(({ length }) => length),
  );
  expect(most).toBeLessThanOrEqual(100);
});

test("as JSON", async () => {
  const document = resultsAsJson(results(), kernels, 4);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("scenarios/report.json");
});

test("as JUnit XML", async () => {
  await expect(resultsAsJunit(results())).toMatchFileSnapshot("scenarios/report.xml");
});
