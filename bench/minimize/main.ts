/**
 * npm run bench:minimize: long random runs into every planted bug and every broken cell, minimized,
 * beside a shortest run of the same scope as an independent search finds it. `--only NAME` for one,
 * `--seed N` for other runs. Prints a table and writes the numbers as JSON.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { type Counterexample, parseCounterexample } from "../../counterexamples/index.ts";
import { type Measured, measured } from "./measure.ts";
import { summaryOf, tableOf } from "./table.ts";

const file = "reports/bench-minimize.json";
const folders = ["counterexamples/bugs", "counterexamples/corpus"];

const storyIn = (place: string): Counterexample => {
  const parsed = parseCounterexample(fs.readFileSync(place, "utf8"), place);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
};

const main = (): void => {
  const { values } = parseArgs({
    options: { only: { type: "string" }, seed: { type: "string", default: "1" } },
  });
  const seed = Number(values.seed);
  const stories = folders.flatMap((folder) =>
    fs
      .readdirSync(folder)
      .sort()
      .map((name) => ({ name: path.basename(name, ".json"), place: path.join(folder, name) })),
  );
  const asked = stories.filter(({ name }) => values.only === undefined || name === values.only);
  const rows: Measured[] = [];
  for (const { name, place } of asked) {
    const row = measured(name, storyIn(place), seed);
    if (row) rows.push(row);
    process.stderr.write(`${rows.length} of at most ${asked.length}: ${name}\n`);
  }
  const summary = summaryOf(rows);
  fs.mkdirSync("reports", { recursive: true });
  fs.writeFileSync(file, `${JSON.stringify({ seed, summary, rows }, null, 2)}\n`);
  process.stdout.write(`${tableOf(rows, summary)}written to ${file}\n`);
};

main();
