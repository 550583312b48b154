/** Runs the built command as a user does, in a folder of its own. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { createSyncFn } from "synckit";
import { afterAll } from "vitest";
import { root } from "../house/tree.ts";

export const main = path.join(root, "dist/cli/main.js");

if (!fs.existsSync(path.join(root, "dist/.built")))
  throw new Error("dist/ is not built: run `npm test`, which builds it, or `npm run build`");

/** A folder for one test file. */
export const scratch = fs.mkdtempSync(path.join(tmpdir(), "mte-oracle-"));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** Starts the command as a process of its own: for what is about a start and an end. */
export function started(...args: readonly string[]): Ended {
  const env = { ...process.env, CI: "", FORCE_COLOR: "", NO_COLOR: "" };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: scratch,
    env,
    encoding: "utf8",
    timeout: 60_000,
  });
  return { code: status, out: stdout, err: stderr };
}

const inThread = createSyncFn<(args: readonly string[]) => Promise<Ended>>(
  path.join(root, "test/cli/in-thread.mjs"),
  { timeout: 60_000 },
);

/**
 * Runs the built command in a thread that has loaded it once: the same code, files and bytes as a
 * start, without the half second that each start takes.
 */
export function mteOracle(...args: readonly string[]): Ended {
  const before = process.cwd();
  process.chdir(scratch);
  try {
    return inThread(args);
  } finally {
    process.chdir(before);
  }
}

/** Writes a file into the folder and gives its name, as a user would. */
export function write(name: string, text: string): string {
  fs.writeFileSync(path.join(scratch, name), text);
  return name;
}

export const phone = fs.readFileSync(path.join(root, "model/machines/phone-16g.dts"), "utf8");

/** A run that takes a second, and what it is a run of. */
export const quick = ["check", "--design", "carveout", "--slice", "threads", "--quiet"] as const;
/** A run that finds something broken as fast. */
export const quickBroken = [
  "check",
  "--design",
  "cma-hw-kasan",
  "--slice",
  "threads",
  "--quiet",
] as const;
