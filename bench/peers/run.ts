/** Running programs: peers are built and run as processes, and what they took is measured. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";

/** A program to run, in a folder of its own. */
export type Command = {
  readonly program: string;
  readonly given: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/** What one run took: seconds of wall time and of processor time, and its memory at the most. */
export type Taken = {
  readonly output: string;
  readonly wall: number;
  readonly processor: number;
  readonly bytes: number;
};

/** Runs a step of a build; throws with what it said if it fails. */
export const build = (folder: string, program: string, given: readonly string[]): string => {
  const options = { cwd: folder, encoding: "utf8", maxBuffer: 2 ** 28, stdio: "pipe" } as const;
  return execFileSync(program, given, options);
};

/** The first line of what a program says of its version, or null: it is not installed. */
export const versionOf = (program: string, option: string): string | null => {
  const { error, stdout, stderr } = spawnSync(program, [option], { encoding: "utf8" });
  if (error) return null;
  return `${stdout}${stderr}`.trim().split("\n")[0] ?? "";
};

/** `measure` is the compiled `c/measure.c`. Throws if the program fails. */
export const measured = (measure: string, command: Command): Taken => {
  const { program, given, folder, environment = {} } = command;
  const took = path.join(folder, "took");
  const output = execFileSync(measure, [took, program, ...given], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  const [wall = 0, processor = 0, kilobytes = 0] = readFileSync(took, "utf8")
    .trim()
    .split(" ")
    .map(Number);
  return { output, wall, processor, bytes: kilobytes * 1024 };
};
