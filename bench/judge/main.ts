/**
 * npm run bench:judge: how fast logs of our manager are judged at the size of a phone, from their
 * text and from entries that were read before, and what the judge keeps. Every log must be
 * explained. Prints a table and writes the numbers as JSON. `--quick` does less.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import { Manager } from "../../impl/index.ts";
import { designNamed } from "../../model/index.ts";
import {
  judge,
  type LogEntry,
  type LogHead,
  LogJudge,
  LogRun,
  logLine,
} from "../../oracle/index.ts";
import { phoneScope } from "../throughput/scopes.ts";
import { type Spread, spreadOf } from "../throughput/statistics.ts";
import type { Size } from "../throughput/workload.ts";
import { headOf, tellLog } from "./log-of-manager.ts";

const quick = process.argv.includes("--quick");
const seed = 20_240_601;
const rounds = quick ? 3 : 7;
const eventsOfRound = quick ? 100_000 : 300_000;
const longEvents = quick ? 200_000 : 1_000_000;
const sizes: readonly (Size & { readonly name: string })[] = [
  { name: "1,000 pages", pages: 1_000, keys: 2_048 },
  { name: "50,000 pages", pages: 50_000, keys: 32_768 },
];
const file = "reports/bench-judge.json";

const managerAtSize = (): Manager => {
  const design = designNamed("cleancache-page");
  if (!design) throw new Error("there is no design cleancache-page");
  return new Manager(design, phoneScope(design), { lists: true, poison: false });
};

const demandExplained = (wrong: number): void => {
  if (wrong > 0) throw new Error(`${wrong} entries of the manager's own log are not explained`);
};

type Rate = { readonly byClock: number; readonly byProcessor: number };

const rateOf = (entries: number, work: () => void): Rate => {
  const before = process.cpuUsage();
  const start = performance.now();
  work();
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  return {
    byClock: (1e3 * entries) / milliseconds,
    byProcessor: (1e6 * entries) / (user + system),
  };
};

const spreads = (
  rates: readonly Rate[],
): { readonly clock: Spread; readonly processor: Spread } => ({
  clock: spreadOf(rates.map(({ byClock }) => byClock)),
  processor: spreadOf(rates.map(({ byProcessor }) => byProcessor)),
});

const judgeEntries = (head: LogHead, entries: readonly LogEntry[]): void => {
  const live = new LogJudge(head);
  let wrong = 0;
  for (const entry of entries) if (live.entry(entry).kind !== "explained") wrong++;
  demandExplained(wrong);
};

const judgeText = (lines: readonly string[]): void => {
  const { findings } = judge(lines);
  demandExplained(findings.length);
};

/** The steady part of a log is what is timed; the judge has read what comes before. */
const measured = (size: Size) => {
  const manager = managerAtSize();
  const entries: LogEntry[] = [];
  tellLog(manager, size, seed, eventsOfRound, (event) => entries.push(event));
  const head = headOf(manager);
  const lines = [head, ...entries].map(logLine);
  const fromText: Rate[] = [];
  const fromEntries: Rate[] = [];
  for (let round = 0; round < rounds; round++) {
    fromText.push(rateOf(entries.length, () => judgeText(lines)));
    fromEntries.push(rateOf(entries.length, () => judgeEntries(head, entries)));
  }
  return {
    entries: entries.length,
    bytesOfLine: lines.reduce((sum, line) => sum + line.length + 1, 0) / lines.length,
    text: spreads(fromText),
    parsed: spreads(fromEntries),
  };
};

/** Bytes of the heap that are in use once nothing else can be collected. */
const heap = (): number => {
  global.gc?.();
  return process.memoryUsage().heapUsed;
};

/** What the judge keeps after a tenth of a long log, and after all of it. */
const memoryOf = (size: Size) => {
  const manager = managerAtSize();
  const empty = heap();
  const run = new LogRun({ head: headOf(manager) });
  let told = 0;
  let early = 0;
  let wrong = 0;
  tellLog(manager, size, seed, longEvents, (event) => {
    wrong += run.line(logLine(event)).findings.length;
    if (++told === longEvents / 10) early = heap() - empty;
  });
  demandExplained(wrong);
  return { entries: run.counts.entries, afterTenth: early, afterAll: heap() - empty };
};

const thousands = ({ median, min, max }: Spread): string =>
  [median, min, max].map((rate) => (rate / 1e3).toFixed(0)).join(" / ");

const megabytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);

const main = (): void => {
  if (!global.gc) throw new Error("run with --expose-gc, as npm run bench:judge does");
  const loadBefore = os.loadavg();
  const results = sizes.map((size) => ({
    ...size,
    ...measured(size),
    memory: memoryOf(size),
  }));
  for (const { name, entries, bytesOfLine, text, parsed, memory } of results)
    process.stdout.write(
      [
        `${name}, ${entries} entries of ${bytesOfLine.toFixed(0)} bytes`,
        "  thousand entries a second: median / smallest / largest",
        `  from text, by the clock       ${thousands(text.clock)}`,
        `  from text, by processor time  ${thousands(text.processor)}`,
        `  read before, by the clock     ${thousands(parsed.clock)}`,
        `  read before, by processor     ${thousands(parsed.processor)}`,
        `  ${memory.entries} entries explained; the judge keeps ${megabytes(memory.afterTenth)} MiB` +
          ` after a tenth of them, ${megabytes(memory.afterAll)} MiB after all`,
        "",
      ].join("\n"),
    );
  const machine = {
    node: process.version,
    cpus: os.cpus().length,
    loadBefore,
    loadAfter: os.loadavg(),
  };
  mkdirSync("reports", { recursive: true });
  writeFileSync(file, `${JSON.stringify({ seed, rounds, results, machine }, null, 2)}\n`);
  process.stdout.write(`written to ${file}\n`);
};

main();
