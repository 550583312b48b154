/**
 * npm run bench:adapter: what driving a program costs beside the program itself. The program is the
 * manager in C, which answers at once; the pipe alone is the same lines to the same program, written
 * and read without looking at them. Runs are seeded; the times are this machine's. `--quick` does
 * less.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { memory } from "../../oracle/drive/memory.ts";
import { Program } from "../../oracle/drive/program.ts";
import { generateRun } from "../../oracle/drive/run.ts";
import { type Command, Session } from "../../oracle/drive/session.ts";
import type { Run } from "../../oracle/drive/words.ts";
import { protocolName, protocolVersion } from "../../oracle/protocol/index.ts";
import { type Spread, spreadOf } from "../throughput/statistics.ts";

const quick = process.argv.includes("--quick");
const seed = 20_240_601;
const length = 400;
const runs = quick ? 50 : 200;
const rounds = quick ? 3 : 7;
const options = { timeoutMilliseconds: 60_000 };
const file = "reports/bench-adapter.json";
const widths = { name: 34, number: 10 };

/** Microseconds of one operation: by the clock, and of this process's processor time. */
type Cost = { readonly clock: number; readonly processor: number };

const build = (): Command => {
  const program = path.resolve("reports/bench-adapter-manager");
  const made = spawnSync("make", ["-s", "-C", "oracle/adapters/c", `OUT=${program}`]);
  if (made.status !== 0) throw new Error(`make and a C compiler are needed: ${made.stderr}`);
  return { program, args: [] };
};

const measured = async (work: () => Promise<number>): Promise<Cost> => {
  const processor = process.cpuUsage();
  const began = performance.now();
  const operations = await work();
  const clock = ((performance.now() - began) * 1000) / operations;
  const { user, system } = process.cpuUsage(processor);
  return { clock, processor: (user + system) / operations };
};

const driven = async (session: Session, window: number, keep?: Run[]): Promise<number> => {
  let operations = 0;
  for (let run = 0; run < runs; run++) {
    const made = await generateRun(session, { seed, run, length, window });
    if (made.ending.kind !== "agreed") throw new Error("the manager has to be right");
    operations += made.told.length;
    keep?.push(made);
  }
  return operations;
};

/** The requests of a run as they are written, one for each operation. */
const linesOf = ({ limits, told }: Run): readonly string[] =>
  [
    { type: "configure", id: 1, limits },
    ...told.map(({ operation }, index) => ({ type: "operation", id: index + 2, operation })),
  ].map((request) => `${JSON.stringify(request)}\n`);

const pipe = async (program: Program, recorded: readonly (readonly string[])[]) => {
  let operations = 0;
  for (const lines of recorded)
    for (const line of lines) {
      await program.exchange(line, 1);
      operations += 1;
    }
  return operations;
};

const roundsOf = async (work: () => Promise<number>): Promise<readonly Cost[]> => {
  await work();
  const costs: Cost[] = [];
  for (let round = 0; round < rounds; round++) costs.push(await measured(work));
  return costs;
};

type Row = { readonly name: string; readonly clock: Spread; readonly processor: Spread };

const rowOf = (name: string, costs: readonly Cost[]): Row => ({
  name,
  clock: spreadOf(costs.map(({ clock }) => clock)),
  processor: spreadOf(costs.map(({ processor }) => processor)),
});

const shown = ({ median, min, max }: Spread): string =>
  `${median.toFixed(1).padStart(widths.number)} (${min.toFixed(1)}-${max.toFixed(1)})`;

const main = async (): Promise<void> => {
  const loadBefore = os.loadavg();
  const command = build();
  const session = await Session.open(command, options, memory.dialect);
  const recorded: Run[] = [];
  await driven(session, 1, recorded);
  const alone = await roundsOf(() => driven(session, 1));
  const ahead = await roundsOf(() => driven(session, 32));
  await session.bye();
  const program = new Program(command.program, command.args, options);
  const hello = { type: "hello", protocol: protocolName, version: protocolVersion };
  await program.exchange(`${JSON.stringify(hello)}\n`, 1);
  const lines = recorded.map(linesOf);
  const nothing = await roundsOf(() => pipe(program, lines));
  await program.end();
  const rows = [
    rowOf("one at a time", alone),
    rowOf("the pipe alone, one at a time", nothing),
    rowOf("up to 32 asked ahead", ahead),
  ];
  const [one, bare] = rows;
  const overhead = (one?.clock.median ?? Number.NaN) - (bare?.clock.median ?? Number.NaN);
  const machine = { node: process.version, loadBefore, loadAfter: os.loadavg() };
  mkdirSync("reports", { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ seed, runs, length, rows, overhead, machine }, null, 2)}\n`,
  );
  const table = rows.map(
    ({ name, clock, processor }) =>
      `${name.padEnd(widths.name)}${shown(clock)}${shown(processor)}\n`,
  );
  process.stdout.write(
    `microseconds of an operation: by the clock, of the tester's processor time\n${table.join("")}` +
      `one at a time, less the pipe: ${overhead.toFixed(1)}\nwritten to ${file}\n`,
  );
};

await main();
