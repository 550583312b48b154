/** `mte-oracle suite` and `soak`: runs from a seed, what they keep, and how they end. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { main, mteOracle, scratch, write } from "./command.ts";

const oneLine = /^mte-oracle: [^\n]+\n$/;
const planted = ["--bug", "slot-given-twice"] as const;

describe("suite", () => {
  test("the same seed gives the same runs, as text and as JSON", () => {
    const args = ["suite", "pinning", "--runs", "5", "--seed", "7"];
    const text = mteOracle(...args);
    expect(text.code, text.err).toBe(0);
    expect(text.out).toMatch(/^seed 7\npinning +5 runs, \d+ operations, [\d,]+ actions, \d+ sch/);
    const { out } = mteOracle(...args, "--json");
    expect(out).toBe(mteOracle(...args, "--json").out);
    expect(JSON.parse(out)).toMatchObject({
      schema: "mte-oracle/suite/1",
      seed: 7,
      suites: [{ suite: "pinning", runs: 5, failure: null }],
      exitCode: 0,
    });
  });

  test("a planted bug is found, kept, and found again", () => {
    const { code, out } = mteOracle("suite", "swap-restore", ...planted, "--keep", "kept");
    expect(code, out).toBe(1);
    expect(out).toContain("PARTED: swap-restore, ");
    const [file = ""] = fs.readdirSync(path.join(scratch, "kept"));
    const again = mteOracle("suite", "--again", path.join("kept", file));
    expect(again.code, again.err).toBe(1);
    expect(again.out).toMatch(/PARTED after \d+ steps: .*expected .*, found .*\n$/);
    const text = fs.readFileSync(path.join(scratch, "kept", file), "utf8");
    const sound = write("sound.json", text.replace('"slot-given-twice"', ""));
    expect(mteOracle("suite", "--again", sound)).toMatchObject({ code: 0, err: "" });
  });

  const refused: readonly (readonly [code: number, args: readonly string[]])[] = [
    [2, ["suite", "nosuch"]],
    [2, ["suite", "--runs", "0"]],
    [2, ["suite", "--seed", "-1"]],
    [2, ["suite", "--bug", "nosuch"]],
    [2, ["suite", "pinning", "--again", "x.json"]],
    [2, ["suite", "--again", "nosuch.json"]],
    [4, ["suite", "--again", write("half.json", "{")]],
    [2, ["soak"]],
    [2, ["soak", "--minutes", "0"]],
    [2, ["soak", "--minutes", "1", "--suite", "nosuch"]],
  ];
  test.each(refused.map(([code, args]) => [args.join(" "), code, args] as const))(
    "%s",
    (_name, expected, args) => {
      const { code, out, err } = mteOracle(...args);
      expect({ code, out }).toEqual({ code: expected, out: "" });
      expect(err).toMatch(oneLine);
    },
  );
});

/** Runs a soak, and ends it when its output is enough. */
const soaking = (args: readonly string[], isEnough: (out: string) => boolean) => {
  const child = spawn(process.execPath, [main, "soak", ...args], { cwd: scratch });
  let out = "";
  let stopped = false;
  child.stdout.on("data", (data) => {
    out += String(data);
    /** Once: a second signal ends it at once. */
    if (!stopped && isEnough(out)) stopped = child.kill("SIGTERM");
  });
  return new Promise<{ code: number | null; out: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, out }));
  });
};

describe("soak", () => {
  test("ends with the time, and says what it did", async () => {
    const args = ["--minutes", "0.02", "--seed", "9", "--suite", "pinning", "--quiet"];
    const { code, out } = await soaking(args, () => false);
    expect(code, out).toBe(0);
    expect(out).toMatch(/^first seed 9, 1 suite\n\d+ batch.* runs, .* schedules, 0 failures\n$/);
  });

  test("keeps what it finds, and ends with 130 when it is told to, with what was done", async () => {
    const args = ["--minutes", "5", "--suite", "swap-restore", ...planted, "--keep", "soaked"];
    const { code, out } = await soaking(args, (text) => text.includes("PARTED"));
    expect(code, out).toBe(130);
    expect(out).toMatch(/^first seed \d+, 1 suite\n/);
    expect(out).toMatch(/\nINTERRUPTED: \d+ batch.*, [\d,]+ runs, .*, \d+ failures?\n$/);
    const kept = fs.readdirSync(path.join(scratch, "soaked"));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.filter((name) => !/^swap-restore-\d+\.json$/.test(name))).toEqual([]);
  });
});
