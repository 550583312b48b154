/** Whatever is wrong with the arguments or a file: one line, the documented code, nothing written. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { mteOracle, phone, scratch, write } from "./command.ts";

const oneLine = /^mte-oracle: [^\n]+\n$/;

const flags: readonly (readonly string[])[] = [
  ["chek"],
  ["check", "--bogus"],
  ["check", "extra"],
  ["check", "--design", "paper"],
  ["check", "--design"],
  ["check", "--slice", "tax"],
  ["check", "--page-size", "8192"],
  ["check", "--workers", "0"],
  ["check", "--workers", "many"],
  ["check", "--max-states", "-1"],
  ["check", "--max-states", "1e3"],
  ["check", "--max-depth", "9999999999999999999999"],
  ["check", "--time-limit", "0"],
  ["check", "--strategy", "luck"],
  ["check", "--walks", "5"],
  ["check", "--strategy", "random", "--reduce", "symmetry"],
  ["check", "--implementation", "--reduce", "order"],
  ["check", "--implementation", "--design", "virtio-tmem"],
  ["check", "--strategy", "random", "--preemptions", "2"],
  ["check", "--machine", "nosuch"],
  ["check", "--machine", "."],
  ["check", "--machine", "a\nb"],
  [
    "check",
    "--save",
    path.join("file-in-the-way", "x"),
    "--design",
    "cma-hw-kasan",
    "--slice",
    "threads",
  ],
  ["replay"],
  ["replay", "a", "b"],
  ["replay", "nosuch.json"],
  ["replay", "."],
  ["replay", "x.json", "--until", "two"],
  ["replay", "x.json", "--on", "paper"],
  ["replay", "x.json", "--on", "design=paper"],
  ["minimize"],
  ["minimize", "nosuch.json"],
  ["minimize", "x.json", "--time-limit", "0"],
  ["minimize", "x.json", "--max-states", "-1"],
  ["explain"],
  ["explain", "."],
  ["explain", "x.json", "--form", "pdf"],
  ["rules", "all"],
];

describe("wrong arguments", () => {
  write("file-in-the-way", "");

  test.each(flags.map((args) => [JSON.stringify(args.join(" ")), args] as const))(
    "%s",
    (_name, args) => {
      const { code, err } = mteOracle(...args, "--quiet");
      expect(code, err).toBe(2);
      expect(err).toMatch(oneLine);
    },
  );

  test("no verb at all shows how it is used", () => {
    const { code, err } = mteOracle();
    expect(code).toBe(2);
    expect(err).toMatch(/^Usage: mte-oracle/);
  });
});

const swap = (from: string, to: string): string => {
  if (!phone.includes(from)) throw new Error(`the phone has no ${from}`);
  return phone.replace(from, () => to);
};

const trees: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["no device tree", "hello"],
  ["JSON", "{}"],
  ["half of one", phone.slice(0, phone.length / 2)],
  ["a size that is not 1/32", swap("0x20000000>", "0x10000000>")],
  ["an unaligned start", swap("<0x0c 0x60000000", "<0x0c 0x60000800")],
  ["an unknown phandle", swap("<&memory0>", "<&memory7>")],
  ["a block of no bytes", swap("block-size = <0x1000>", "block-size = <0>")],
  ["no block", swap("block-size = <0x1000>;", "")],
  ["no storage", swap("arm,mte-tag-storage", "arm,other")],
  ["no memory", swap('device_type = "memory"', 'device_type = "cpu"')],
  ["deep nesting", `/dts-v1/;\n/ ${"{ a ".repeat(5000)}`],
  ["bytes that are no text", `/dts-v1/;\n/ { \u0000\u0007\u2028 };`],
  ["more than is read", " ".repeat(10 * 2 ** 20 + 1)],
];

describe("wrong device trees", () => {
  test.each(trees)("%s", (name, text) => {
    const file = write(`${name.replaceAll(/\W/g, "-")}.dts`, text);
    const { code, out, err } = mteOracle("check", "--machine", file, "--save", "never");
    expect(code, err).toBe(4);
    expect(out).toBe("");
    expect(err).toMatch(oneLine);
    expect(err).toMatch(/\.dts:\d+: .*expected .*found /);
    expect(fs.existsSync(path.join(scratch, "never"))).toBe(false);
  });
});

const counterexamples: readonly (readonly [string, string])[] = [
  ["nothing", ""],
  ["half an object", '{"format": '],
  ["another format", '{"format": "tlc"}'],
  ["deep nesting", "[".repeat(1_000_000)],
  ["more than is read", " ".repeat(10 * 2 ** 20 + 1)],
];

test.each(counterexamples)("a wrong counterexample: %s", (name, text) => {
  const file = write(`${name.replaceAll(/\W/g, "-")}.json`, text);
  const { code, out, err } = mteOracle("replay", file);
  expect({ code, out }).toEqual({ code: 4, out: "" });
  expect(err).toMatch(oneLine);
  expect(err).toMatch(/\.json:\d+: .*expected .*found /);
});
