/** Every row of docs/exit-codes.md, each by a start of the command; what else ends so, without. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { exitCodes } from "../../cli/exit.ts";
import { read, root } from "../house/tree.ts";
import { main, mteOracle, phone, quick, quickBroken, scratch, started, write } from "./command.ts";

/** A machine of which the project expects nothing. */
const own = ["--machine", write("own.dts", phone)] as const;

/** One broken cell's file, saved by the command itself. */
function savedFile(): string {
  const folder = path.join(scratch, "saved");
  if (!fs.existsSync(folder)) mteOracle(...quickBroken, ...own, "--save", "saved");
  const [first] = fs.readdirSync(folder).sort();
  if (first === undefined) throw new Error("nothing was saved");
  return path.join("saved", first);
}

test("the document lists every code", () => {
  const listed = [...read("docs/exit-codes.md").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
  expect(listed).toEqual(Object.values(exitCodes).map(String));
});

describe("0", () => {
  test.each([["--help"], ["--version"], ["rules"], ["rules --markdown"], ["check --help"]])(
    "%s",
    (args) => {
      const { code, out, err } = mteOracle(...args.split(" "));
      expect({ code, err }).toEqual({ code: 0, err: "" });
      expect(out.length).toBeGreaterThan(4);
    },
  );

  test("a check that finds what is expected", () => {
    const { code, out } = started(...quick);
    expect(code, out).toBe(0);
    expect(out.trimEnd().split("\n").at(-1)).toMatch(/^Can tag storage be reused safely/);
  });

  test("a check of an unknown machine that finds nothing broken", () => {
    expect(mteOracle(...quick, ...own).code).toBe(0);
  });

  test("a counterexample that replays", () => {
    const { code, out } = mteOracle("replay", savedFile());
    expect(code, out).toBe(0);
    expect(out).toContain("REPRODUCED: ");
  });
});

describe("1", () => {
  test("a check of an unknown machine that finds something broken", () => {
    const { code, out } = mteOracle(...quickBroken, ...own);
    expect(code, out).toBe(1);
  });

  test("a counterexample that does not reach its end", () => {
    const file = path.join(scratch, savedFile());
    const counterexample: { steps: unknown[] } = JSON.parse(fs.readFileSync(file, "utf8"));
    const steps = counterexample.steps.slice(0, -1);
    const { loopFrom: _, ...finite } = { loopFrom: 0, ...counterexample, steps };
    const shorter =
      "loopFrom" in counterexample ? { ...counterexample, steps, loopFrom: 0 } : finite;
    const { code, out } = started("replay", write("short.json", JSON.stringify(shorter)));
    expect(code, out).toBe(1);
    expect(out).toContain("NOT REPRODUCED: ");
  });
});

test("2: a wrong option", () => {
  expect(started("check", "--colour").code).toBe(2);
});

test("3: a search that was cut, unless that is allowed", () => {
  const cut = [...quick, "--max-states", "50"];
  const { code, out } = started(...cut);
  expect(code, out).toBe(3);
  expect(out).toContain("INCONCLUSIVE");
  expect(mteOracle(...cut, "--allow-inconclusive").code).toBe(0);
});

test("3: walks left something out; 0: they left nothing out", () => {
  const walks = (...how: readonly string[]) =>
    mteOracle(
      ...["check", "--design", "carveout", "--slice", "fork", "--seed", "7", "--moves", "200"],
      ...["--save", path.join("walked", "x"), "--strategy", ...how],
    );
  const few = walks("pct", "--walks", "2");
  expect(few.code, few.err).toBe(3);
  expect(few.out).toContain("2 walks of up to 200 moves by random priorities with 3 preemptions");
  expect(few.out).toMatch(/^fresh-tags-read-zero +cut at 2 walks$/m);
  expect(few.out).toContain("a run of N steps breaks it\n");
  const many = walks("random", "--walks", "3000");
  expect(many.code, many.out).toBe(0);
  expect(many.out).toMatch(/^fresh-tags-read-zero +holds 119$/m);
});

describe("4", () => {
  test("a machine that is wrong", () => {
    const file = write("wrong.dts", phone.replace("0x20000000>", "0x20001000>"));
    const { code, out, err } = started("check", "--machine", file);
    expect({ code, out }).toEqual({ code: 4, out: "" });
    expect(err).toMatch(/^mte-oracle: wrong\.dts:\d+: .*expected .*, found .*\n$/);
  });

  test("a counterexample that is wrong", () => {
    const { code, err } = mteOracle("replay", write("wrong.json", "{"));
    expect(code).toBe(4);
    expect(err).toMatch(/^mte-oracle: wrong\.json:1: JSON: expected .*, found .*\n$/);
  });
});

test("70: a damaged installation", () => {
  const copy = path.join(scratch, "copy");
  fs.cpSync(path.join(root, "dist"), path.join(copy, "dist"), { recursive: true });
  fs.copyFileSync(path.join(root, "package.json"), path.join(copy, "package.json"));
  fs.symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"), "junction");
  fs.writeFileSync(path.join(copy, "dist/properties/expected.json"), "{}");
  const ended = new Promise<{ code: number | null; err: string }>((resolve) => {
    const child = spawn(process.execPath, [path.join(copy, "dist/cli/main.js"), ...quick], {
      cwd: scratch,
    });
    let err = "";
    child.stderr.on("data", (data) => {
      err += String(data);
    });
    child.on("close", (code) => resolve({ code, err }));
  });
  return expect(ended).resolves.toMatchObject({
    code: 70,
    err: expect.stringContaining("mte-oracle: internal error"),
  });
});

test("130: Ctrl-C, after what is known by then", async () => {
  const child = spawn(process.execPath, [main, "check", "--workers", "1", "--save", "stopped"], {
    cwd: scratch,
  });
  let out = "";
  child.stdout.on("data", (data) => {
    out += String(data);
  });
  const code = await new Promise<number | null>((resolve) => {
    child.stderr.once("data", () => child.kill("SIGINT"));
    child.on("close", resolve);
  });
  expect(code, out).toBe(130);
  expect(out).toMatch(/INTERRUPTED: \d+ of \d+ slices done/);
  expect(out.trimEnd().split("\n").at(-1)).toMatch(/^Can tag storage be reused safely/);
});
