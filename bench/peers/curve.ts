/**
 * npm run bench:curve: one search of an instance with more states than fit into memory, looked at
 * after every level, until memory ends. Prints seconds, states a second and bytes a state; writes
 * them as JSON and as a picture. Linear growth is a straight line of slope one.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { explorePacked, type PackedLevel } from "../../checker/packed/search.ts";
import { draw } from "./drawing.ts";
import { growing } from "./instances.ts";
import { packedTagstore } from "./tagstore/packed.ts";

type Measured = {
  readonly depth: number;
  readonly states: number;
  readonly transitions: number;
  /** Of tables and queues at the most, and of the process as the system counts it. */
  readonly bytes: number;
  readonly residentBytes: number;
  /** Of processor time since the search began, and by the clock. */
  readonly processorSeconds: number;
  readonly seconds: number;
};

const leastShown = 10_000;

const row = (cells: readonly string[]): string =>
  `${cells.map((cell) => cell.padStart(16)).join("")}\n`;

const heads = ["states", "transitions", "processor s", "thousand/s", "bytes a state"];

const cellsOf = ({ states, transitions, processorSeconds, residentBytes }: Measured) => [
  states.toLocaleString("en"),
  transitions.toLocaleString("en"),
  processorSeconds.toFixed(1),
  (states / processorSeconds / 1e3).toFixed(0),
  (residentBytes / states).toFixed(1),
];

const main = (): void => {
  const levels: Measured[] = [];
  const begin = performance.now();
  const cpu = process.cpuUsage();
  const add = (level: PackedLevel): void => {
    const { user, system } = process.cpuUsage(cpu);
    const measured = {
      ...level,
      processorSeconds: (user + system) / 1e6,
      seconds: (performance.now() - begin) / 1e3,
      residentBytes: process.memoryUsage.rss(),
    };
    if (level.states < leastShown) return;
    levels.push(measured);
    process.stdout.write(row(cellsOf(measured)));
  };
  process.stdout.write(row(heads));
  const system = packedTagstore({ ...growing, bug: "none" }, false);
  const { verdict, ...found } = explorePacked(system, { onLevel: add });
  add(found);
  const end = verdict.kind === "inconclusive" ? `cut: ${verdict.by} ended` : verdict.kind;
  process.stdout.write(`${end}\n`);
  mkdirSync("reports", { recursive: true });
  const json = JSON.stringify({ instance: growing, verdict, levels }, null, 2);
  writeFileSync("reports/bench-curve.json", `${json}\n`);
  const line = (name: string, colour: string, y: (level: Measured) => number) => ({
    name,
    colour,
    points: levels.map((level) => ({ x: level.states, y: y(level) })),
  });
  const picture = draw({
    title: "Processor seconds and memory of one search as it grows",
    across: "states found",
    upwards: "seconds, and hundreds of megabytes",
    lines: [
      line("processor seconds", "#0b6e4f", ({ processorSeconds }) => processorSeconds),
      line("memory, in 100 MB", "#b33951", ({ residentBytes }) => residentBytes / 1e8),
    ],
  });
  writeFileSync("reports/bench-curve.svg", picture);
};

main();
