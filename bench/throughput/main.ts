/**
 * npm run bench:throughput: how fast the manager is, what it keeps for a page, whether it leaves
 * garbage, and how much faster it is than the model. Work is seeded, so every run does the same;
 * the times are this machine's. Prints a table and writes the numbers as JSON. `--quick` does less.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { type Design, designNamed } from "../../model/index.ts";
import { compared, recorded } from "./against-model.ts";
import { type Effort, measured, steady } from "./at-size.ts";
import { collectionsOf, litter } from "./garbage.ts";
import { tableOf } from "./table.ts";

const quick = process.argv.includes("--quick");
const seed = 20_240_601;
const hot = { pages: 1_000, keys: 2_048 };
const spread = { pages: 1_000_000, keys: 262_144 };
const effort: Effort = quick
  ? { seed, rounds: 3, operationsOfRound: 100_000, warmUp: 200_000, samples: 20_000 }
  : { seed, rounds: 7, operationsOfRound: 1_000_000, warmUp: 1_000_000, samples: 200_000 };
const steadyOperations = quick ? 1_000_000 : 10_000_000;
const comparison = quick
  ? { operations: 200, rounds: 3, repeats: 50 }
  : { operations: 1_000, rounds: 5, repeats: 200 };
const file = "reports/bench-throughput.json";

const known = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  return design;
};

const say = (text: string): boolean => process.stderr.write(`${text}\n`);

const judgeGarbage = async () => {
  const seen = await collectionsOf(litter);
  if (seen.scavenges === 0) throw new Error("the collector is not seen even when it must run");
  const { work } = steady(known("cleancache-page"), hot, effort);
  const collections = await collectionsOf(() => {
    for (let operation = 0; operation < steadyOperations; operation++) work.next();
  });
  return { operations: steadyOperations, ...collections, scavengesOfLitter: seen.scavenges };
};

const judgeDesign = (name: string) => {
  const design = known(name);
  say(`${name}: against the model`);
  const { operations, rounds, repeats } = comparison;
  const model = compared(design, recorded(design, operations, seed), rounds, repeats);
  say(`${name}: hot`);
  const atHot = measured(design, hot, effort);
  say(`${name}: spread`);
  const atSpread = measured(design, spread, effort);
  return { name, model, hot: atHot, spread: atSpread };
};

const main = async (): Promise<void> => {
  const loadBefore = os.loadavg();
  const designs = ["carveout", "cma", "cleancache-page", "cleancache-folio"].map(judgeDesign);
  say("garbage");
  const garbage = await judgeGarbage();
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    loadBefore,
    loadAfter: os.loadavg(),
  };
  const results = { seed, hot, spread, effort, garbage, designs, machine };
  mkdirSync("reports", { recursive: true });
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  process.stdout.write(`${tableOf(results)}\nwritten to ${file}\n`);
};

await main();
