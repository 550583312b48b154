/** `--junit` and `--annotations`: a report fails exactly where the command ends with 1. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { read } from "../house/tree.ts";
import { mteOracle, phone, quick, quickBroken, scratch, write } from "./command.ts";

const report = (name: string): string => fs.readFileSync(path.join(scratch, name), "utf8");
const failures = (name: string): number =>
  Number(/<testsuites [^>]*failures="(\d+)"/.exec(report(name))?.[1]);
const mine = write("mine.dts", phone);

describe("check", () => {
  test("where verdicts are expected, what is broken as expected passes", () => {
    const args = [...quickBroken, "--junit", "reports/check.xml", "--annotations"];
    const { code, err } = mteOracle(...args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(failures("reports/check.xml")).toBe(0);
    expect(report("reports/check.xml")).toMatch(/broken in \d+ steps?[^<]*, as expected: /);
  });

  test("where nothing is expected, whatever is broken fails, with its file", () => {
    const args = [...quickBroken, "--machine", mine, "--junit", "other.xml", "--annotations"];
    const { code, err } = mteOracle(...args);
    expect(code).toBe(1);
    const broken = err.trimEnd().split("\n");
    expect(failures("other.xml")).toBe(broken.length);
    expect(broken[0]).toMatch(/^::error file=mte-counterexamples\/[\w-]+\.json,line=1,title=cma-/);
  });

  test("a report that cannot be written is refused before the run", () => {
    for (const file of ["mine.dts/report.xml", "."]) {
      const { code, out, err } = mteOracle(...quick, "--junit", file);
      expect({ code, out }).toEqual({ code: 2, out: "" });
      expect(err).toMatch(/^mte-oracle: cannot write [^\n]+\n$/);
    }
  });
});

test("suite: a case for each suite, and the run that parts as its file", () => {
  const bug = ["--bug", "slot-given-twice", "--keep", "kept"];
  const args = ["suite", "swap-restore", "tagging", "--runs", "40", ...bug, "--junit", "suite.xml"];
  const { code, err } = mteOracle(...args, "--annotations");
  expect(code).toBe(1);
  expect(failures("suite.xml")).toBe(1);
  expect(err).toMatch(/^::error file=kept\/[^,]+\.json,line=1,title=suites%3A swap-restore::/);
});

test("replay: it fails where the run does not break its property any more", () => {
  const story = JSON.parse(read("counterexamples/corpus/cma-hw-kasan--no-deadlock.json"));
  const whole = write("whole.json", JSON.stringify(story));
  const cut = write("cut.json", JSON.stringify({ ...story, steps: story.steps.slice(0, 2) }));
  const report = ["--junit", "replay.xml", "--annotations"];
  expect(mteOracle("replay", whole, ...report)).toMatchObject({ code: 0, err: "" });
  expect(failures("replay.xml")).toBe(0);
  const { code, err } = mteOracle("replay", cut, ...report);
  expect(code).toBe(1);
  expect(failures("replay.xml")).toBe(1);
  expect(err).toBe(
    "::error file=cut.json,line=1,title=cma-hw-kasan%3A no-deadlock::" +
      "not reproduced: it holds in the last state\n",
  );
});
