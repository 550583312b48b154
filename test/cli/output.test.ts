/** What the command prints: JSON for programs, colours only where they are wanted, files once. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { painter } from "../../cli/terminal.ts";
import { designs } from "../../model/index.ts";
import { read } from "../house/tree.ts";
import { mteOracle, quick, quickBroken, scratch } from "./command.ts";

describe("--json", () => {
  test("check prints one document", () => {
    const { out, err } = mteOracle(...quickBroken, "--json", "--save", "json");
    expect(err).toBe("");
    const document: Record<string, unknown> = JSON.parse(out);
    expect(document).toMatchObject({
      schema: "mte-oracle/check/1",
      machine: "phone-16g",
      interrupted: false,
      answer: expect.stringContaining("cma-hw-kasan"),
    });
    expect(out).not.toContain(scratch);
  });

  test("replay prints one document", () => {
    const [file = ""] = fs.readdirSync(path.join(scratch, "json")).sort();
    const { code, out } = mteOracle("replay", "--json", path.join("json", file));
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: "mte-oracle/replay/1",
      verdict: { kind: "reproduced" },
    });
  });

  test("rules prints one document", () => {
    const { out } = mteOracle("rules", "--json");
    expect(JSON.parse(out)).toMatchObject({ schema: "mte-oracle/rules/1" });
  });
});

describe("colour", () => {
  const isPainted = (wanted: boolean, terminal: boolean, env: Record<string, string>) =>
    painter(wanted, terminal, env)("red", "x") !== "x";

  test("is there on a terminal", () => expect(isPainted(true, true, {})).toBe(true));
  test("is not there elsewhere", () => expect(isPainted(true, false, {})).toBe(false));
  test("goes with --no-color", () => expect(isPainted(false, true, {})).toBe(false));
  test("goes with NO_COLOR", () => expect(isPainted(true, true, { NO_COLOR: "1" })).toBe(false));
  test("stays with an empty one", () => expect(isPainted(true, true, { NO_COLOR: "" })).toBe(true));
  test("goes on a dumb terminal", () =>
    expect(isPainted(true, true, { TERM: "dumb" })).toBe(false));
});

describe("check", () => {
  test("prints the same bytes with one worker and with two, in at most 120 columns", () => {
    const run = (workers: string) =>
      mteOracle(
        "check",
        ...["--slice", "unpinned", "--quiet", "--save", `w${workers}`, "--workers", workers],
      ).out.replaceAll(`w${workers}/`, "");
    const out = run("1");
    expect(run("2")).toBe(out);
    for (const { name } of designs) expect(out).toContain(name);
    const table = out.slice(out.indexOf("SAFETY"), out.indexOf("[1]"));
    expect(table.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  test("writes progress to stderr, unless it shall be quiet", () => {
    const loud = quick.filter((each) => each !== "--quiet");
    expect(mteOracle(...loud).err).toMatch(/^\[1\/1, [\d,]+ states\] carveout threads: /);
    expect(mteOracle(...quick).err).toBe("");
  });

  test("saves a file once and leaves it alone when it would be the same", () => {
    mteOracle(...quickBroken, "--save", "twice");
    const folder = path.join(scratch, "twice");
    const times = () =>
      fs.readdirSync(folder).map((name) => [name, fs.statSync(path.join(folder, name)).mtimeMs]);
    const before = times();
    expect(before.length).toBeGreaterThan(0);
    mteOracle(...quickBroken, "--save", "twice");
    expect(times()).toEqual(before);
  });
});

test("rules --markdown is docs/rules.md", () => {
  expect(mteOracle("rules", "--markdown").out).toBe(read("docs/rules.md"));
});

describe("replay", () => {
  const corpus = path.resolve(import.meta.dirname, "../../counterexamples/corpus");
  test.each(["cma-hw-kasan--atomic-tagged-allocation", "cma--pins-stop-no-tagged-access"])(
    "tells %s as it did",
    async (name) => {
      const { code, out } = mteOracle("replay", path.join(corpus, `${name}.json`));
      expect(code).toBe(0);
      await expect(out).toMatchFileSnapshot(`../golden/replay/${name}.txt`);
    },
  );

  test("--on runs the steps elsewhere, as far as they go", () => {
    const file = path.join(corpus, "cma-hw-kasan--atomic-tagged-allocation.json");
    const impl = mteOracle("replay", "--on", "impl", file);
    expect(impl.code, impl.err).toBe(0);
    expect(impl.out).toContain("runs    the implementation\n");
    const other = mteOracle("replay", "--on", "design=cleancache-page", file);
    expect(other.code).toBe(1);
    expect(other.out).toMatch(/^cleancache-page: atomic-tagged-allocation/);
    expect(other.out).toMatch(/^passed {2}over \d+ steps? of the file/m);
    expect(other.out).toContain("NOT REPRODUCED: ");
    const story = path.join(corpus, "../bugs/slot-given-twice.json");
    expect(mteOracle("replay", story).code).toBe(0);
    expect(mteOracle("replay", "--on", "impl", story).code).toBe(1);
    expect(mteOracle("replay", "--on", "model", story).code).toBe(1);
  });

  test("--until shows the first steps only", () => {
    const file = path.join(corpus, "cma-hw-kasan--atomic-tagged-allocation.json");
    const { out } = mteOracle("replay", "--until", "1", file);
    expect(out).toContain("\n  1. ");
    expect(out).not.toContain("\n  2. ");
    expect(out).toContain("left out by --until");
  });
});
