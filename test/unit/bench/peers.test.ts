/** The benchmark against other checkers: what it reads, what it refuses, and what it compares. */
import { describe, expect, test } from "vitest";
import { contenders } from "../../../bench/peers/contenders.ts";
import { instanceNamed } from "../../../bench/peers/instances.ts";
import type { InstanceResults, Result } from "../../../bench/peers/measure.ts";
import { optionsFrom } from "../../../bench/peers/options.ts";
import { plotOf } from "../../../bench/peers/plot.ts";
import { ratiosOf } from "../../../bench/peers/ratios.ts";
import { tableOf } from "../../../bench/peers/table.ts";

const a = instanceNamed("A");

const named = (name: string) => {
  const found = contenders("tla2tools.jar").find((each) => each.name === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
};

describe("what the programs print", () => {
  test.each([
    {
      name: "ours",
      output: '{"states":166691,"transitions":1166998,"verdict":"holds","seconds":0.125}',
      seconds: 0.125,
    },
    {
      name: "Spin, no reduction",
      output:
        "   166691 states, stored\n1000308 states, matched\n  1166999 transitions (= stored+matched)" +
        "\npan: elapsed time 0.26 seconds\n",
      seconds: 0.26,
    },
    {
      name: "rumur, threads 1",
      output:
        '<progress states="10"/><summary states="166691" rules_fired="1166998" errors="0" x="1"/>',
      seconds: null,
    },
    {
      name: "C, same search",
      output: "states=166691 transitions=1166998 depth=22 seconds=0.0430\n",
      seconds: 0.043,
    },
    {
      name: "TLC, 2 workers",
      output: "1,166,999 states generated, 166,691 distinct states found, 0 states left on queue.",
      seconds: null,
    },
  ])("is read: $name", ({ name, output, seconds }) => {
    const { read, judge } = named(name);
    const found = read(output);
    expect(found).toEqual({ states: 166_691, transitions: 1_166_998, seconds });
    expect(judge(found, a)).toBeNull();
  });

  test("is refused if nothing was decided", () => {
    expect(() => named("ours").read('{"verdict":"inconclusive"}')).toThrow("no whole search");
    expect(() => named("rumur, threads 1").read('<summary errors="1"/>')).toThrow("rumur");
    expect(() => named("Spin, no reduction").read("out of memory")).toThrow("out of memory");
  });
});

describe("counts that do not agree are named", () => {
  const found = { states: 166_691, transitions: 1_166_997, seconds: null };

  test.each(["ours", "Spin, no reduction", "rumur, threads 1", "C, table alone"])("%s", (name) => {
    expect(named(name).judge(found, a)).toBe(
      "166691 states and 1166997 transitions are not 166691 and 1166998",
    );
  });

  test.each([
    { name: "ours, symmetry", right: 10_125, wrong: 10_124 },
    { name: "rumur, symmetry exhaustive, threads 2", right: 16_782, wrong: 16_783 },
    { name: "rumur, symmetry heuristic, threads 1", right: 23_636, wrong: 16_781 },
  ])("$name", ({ name, right, wrong }) => {
    const { judge } = named(name);
    expect(judge({ ...found, states: right }, a)).toBeNull();
    expect(judge({ ...found, states: wrong }, a)).toMatch(`${wrong} states, expected `);
  });
});

const result = (name: string, group: Result["group"], seconds: number): Result => {
  const spread = { median: seconds, min: seconds, max: seconds };
  return {
    ...{ name, group, how: "", states: a.states, transitions: a.transitions, runs: 1 },
    ...{ search: spread, wall: spread, processor: spread, bytes: 1e6 * seconds },
  };
};

const measured: InstanceResults = {
  instance: a,
  results: [
    result("ours", "ours", 2),
    result("ours, huge pages", "ours", 1),
    result("ours, symmetry", "ours, symmetry", 0.1),
    result("Spin, no reduction", "spin", 12),
    result("Spin, partial order", "spin", 10),
    result("rumur, symmetry heuristic, threads 1", "rumur, symmetry", 5),
    result("rumur, symmetry heuristic, threads 2", "rumur, symmetry", 4),
    result("C, same search", "c", 1),
    result("C, table alone", "c", 0.5),
  ],
};

describe("what is compared", () => {
  test("is ours without extras with the fastest of the others", () => {
    const ratios = ratiosOf(measured).map(({ what, aim, wall }) => [what, aim, wall]);
    expect(ratios).toEqual([
      ["states/s, ours : fastest exact Spin", 4, 5],
      ["memory, ours : Spin", 0.25, 0.2],
      ["states/s, ours : same search in C", 0.4, 0.5],
      ["states/s, ours : table alone in C", 0.4, 0.25],
      ["time to the verdict, Spin : ours, symmetry", 100, 100],
      ["time to the verdict, rumur, symmetry : ours, symmetry", 20, 40],
    ]);
  });

  test("is only what was measured", () => {
    const alone = { ...measured, results: measured.results.slice(0, 3) };
    expect(ratiosOf(alone)).toEqual([]);
  });

  test("is printed and drawn", () => {
    expect(tableOf([measured])).toContain("states/s, ours : fastest exact Spin");
    expect(tableOf([measured])).toContain("Spin, partial order");
    const plot = plotOf([measured]);
    expect(plot).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
    expect(plot).not.toContain("NaN");
  });
});

describe("the command line", () => {
  test("names instances and runs", () => {
    expect(optionsFrom([])).toMatchObject({ runs: 3, tlc: null });
    const { instances, runs } = optionsFrom(["--instances", "A,D", "--runs", "1"]);
    expect([instances.map(({ name }) => name), runs]).toEqual([["A", "D"], 1]);
  });

  test.each([
    { args: ["--instances", "A,X"], message: "--instances: expected some of A, B, C, D, found X" },
    { args: ["--runs", "0"], message: "--runs: expected a number above 0, found 0" },
  ])("is refused: $message", ({ args, message }) => {
    expect(() => optionsFrom(args)).toThrow(message);
  });
});
