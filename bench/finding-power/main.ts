/**
 * npm run bench:finding: how long it takes to find each planted bug, by our generator and by
 * fast-check's commands, and how much of our time is the runner's own. `--cap SECONDS` for each try,
 * `--seeds N`, `--against plain|tuned`, `--only ID`. Prints a table and writes the numbers as JSON.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { bugs, packedDesigns } from "../../impl/index.ts";
import { fixedSeed, themeNamed } from "../../properties/lockstep/index.ts";
import { measured, type Row, warmUp } from "./measure.ts";
import { optionsFrom } from "./options.ts";
import { shareOf } from "./share.ts";
import { lineFor, summaryOf, tableOf } from "./table.ts";

const file = "reports/bench-finding-power.json";
const millisecondsOfWarmUp = 5_000;
const runsOfShare = 300;
const roundsOfShare = 5;

const main = (): void => {
  const { cap, seeds, against, only } = optionsFrom(process.argv.slice(2));
  const theme = themeNamed("everything");
  if (!theme) throw new Error("there is no suite everything");
  const planted = bugs.filter(
    ({ id, harmless, designs }) =>
      !harmless &&
      packedDesigns.some(({ name }) => designs.includes(name)) &&
      (only === null || only === id),
  );
  if (planted.length === 0) throw new RangeError(`there is no bug ${only}`);
  const loadBefore = os.loadavg();
  warmUp(theme, against, millisecondsOfWarmUp);
  const rows: Row[] = [];
  for (const bug of planted) {
    const row = measured(bug, theme, { against, seeds, cap });
    rows.push(row);
    /** Hours may pass before the table: each line is shown when it is known. */
    process.stderr.write(`${rows.length}/${planted.length} ${lineFor(row, bug.id.length)}\n`);
  }
  const share = only === null ? shareOf(theme, runsOfShare, roundsOfShare) : null;
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    loadBefore,
    loadAfter: os.loadavg(),
  };
  const summary = summaryOf(rows, cap);
  const results = {
    seed: fixedSeed,
    seeds,
    cap,
    against,
    theme: theme.name,
    rows,
    summary,
    share,
    machine,
  };
  mkdirSync("reports", { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${tableOf(rows, { against, cap }, share)}\nwritten to ${file}\n`);
};

main();
