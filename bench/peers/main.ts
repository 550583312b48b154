/**
 * npm run bench:peers: one small model in Spin, rumur, C, TLC if its jar is named, and ours, all in
 * one run on one machine. Times are printed only if every count agrees. Writes the numbers as JSON
 * and a plot as SVG.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { contenders } from "./contenders.ts";
import { type InstanceResults, measureInstance } from "./measure.ts";
import { type Options, optionsFrom } from "./options.ts";
import { plotOf } from "./plot.ts";
import { ratiosOf } from "./ratios.ts";
import { build, versionOf } from "./run.ts";
import { tableOf } from "./table.ts";

const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

const versions = (): Readonly<Record<string, string | null>> => ({
  node: process.version,
  gcc: versionOf("gcc", "--version"),
  spin: versionOf("spin", "-V"),
  rumur: versionOf("rumur", "--version"),
  java: versionOf("java", "-version"),
});

const measureAll = (options: Options, folder: string): readonly InstanceResults[] => {
  const found = versions();
  const all = contenders(options.tlc);
  const missing = (needs: readonly string[]) => needs.filter((name) => found[name] === null);
  for (const { name, needs } of all.filter((each) => missing(each.needs).length > 0)) {
    say(`left out: ${name} needs ${missing(needs).join(" and ")}`);
  }
  if (options.tlc === null) say("left out: TLC, because --tlc names no tla2tools.jar");
  const able = all.filter(({ needs }) => missing(needs).length === 0);
  const source = path.resolve("bench/peers/c/measure.c");
  build(folder, "gcc", ["-O2", "-o", "measure", source]);
  return options.instances.map((instance) =>
    measureInstance(instance, able, options.runs, folder, say),
  );
};

const main = (): void => {
  const options = optionsFrom(process.argv.slice(2));
  const loadBefore = os.loadavg();
  const folder = mkdtempSync(path.join(os.tmpdir(), "mte-oracle-peers-"));
  try {
    const measured = measureAll(options, folder);
    const machine = {
      versions: versions(),
      processor: os.cpus()[0]?.model ?? "unknown",
      cpus: os.cpus().length,
      loadBefore,
      loadAfter: os.loadavg(),
    };
    const ratios = measured.map((each) => ({
      instance: each.instance.name,
      ratios: ratiosOf(each),
    }));
    mkdirSync("reports", { recursive: true });
    const json = JSON.stringify({ machine, ratios, measured }, null, 2);
    writeFileSync("reports/bench-peers.json", `${json}\n`);
    writeFileSync("reports/bench-peers.svg", plotOf(measured));
    const about = Object.entries(machine.versions).map(
      ([name, version]) => `${name}: ${version ?? "not installed"}`,
    );
    const load = [...loadBefore, ...os.loadavg()].map((each) => each.toFixed(1)).join(" ");
    process.stdout.write(
      `${tableOf(measured)}\n${about.join("\n")}\n` +
        `${machine.cpus} x ${machine.processor}; load before and after: ${load}\n` +
        "written to reports/bench-peers.json and reports/bench-peers.svg\n",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

try {
  main();
} catch (fault) {
  say(`bench:peers: ${fault instanceof Error ? fault.message : String(fault)}`);
  process.exitCode = 1;
}
