/** ITF: what is written is read back, also by the reader of Quint; what is wrong is refused. */
import { ofItf } from "@informalsystems/quint/dist/src/itf.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  explain,
  largestFileBytes,
  largestTraceBytes,
  parseItf,
  writeCounterexample,
  writeItf,
} from "../../../counterexamples/index.ts";
import { describeInputError } from "../../../model/index.ts";
import { saved, savedNames } from "../counterexamples/saved.ts";

const some = savedNames.filter((name, index) => name.startsWith("corpus/") || index % 7 === 0);

const traceOf = (name: string): string => {
  const text = writeItf(explain(saved(name)));
  if (text === null) throw new Error(`${name} cannot be replayed`);
  return text;
};

const readBack = (text: string): string => {
  const read = parseItf(text, "x.itf.json");
  return read.ok ? writeCounterexample(read.value) : describeInputError(read.error);
};

describe.each(some)("%s", (name) => {
  const text = traceOf(name);
  const document: Parameters<typeof ofItf>[0] = JSON.parse(text);

  test("comes back with the same bytes", () => {
    expect(readBack(text)).toBe(writeCounterexample(saved(name)));
  });

  test("every state sets every variable and no other", () => {
    for (const state of document.states)
      expect(Object.keys(state)).toEqual(["#meta", ...document.vars]);
  });

  test("Quint reads every state of it", () => {
    const states: readonly { kind: string; opcode?: string; args?: unknown[] }[] = ofItf(document);
    expect(states).toHaveLength(saved(name).steps.length + 1);
    for (const { kind, opcode, args } of states) {
      expect({ kind, opcode }).toEqual({ kind: "app", opcode: "Rec" });
      // A name and a value for each variable.
      expect(args).toHaveLength(2 * document.vars.length);
    }
  });
});

test("a loop is told so that the trace goes on as the run does", () => {
  const loopOf = (name: string): unknown => JSON.parse(traceOf(name)).loop;
  const lasso = saved("corpus/cma--pins-stop-no-tagged-access");
  expect(loopOf("corpus/cma--pins-stop-no-tagged-access")).toBe((lasso.loopFrom ?? 0) + 1);
  const stuck = saved("corpus/cma-hw-kasan--every-operation-ends");
  expect(stuck.loopFrom).toBe(stuck.steps.length);
  expect(loopOf("corpus/cma-hw-kasan--every-operation-ends")).toBe(stuck.steps.length);
  expect(loopOf("corpus/cma--nothing-sleeps-in-atomic-context")).toBeUndefined();
});

const short = traceOf("corpus/cma-hw-kasan--no-deadlock");

test("a tool may order maps and write whole numbers as it likes", () => {
  const document = JSON.parse(short, (_name, value) => {
    if (typeof value !== "object" || value === null) return value;
    if ("#bigint" in value) return Number(value["#bigint"]);
    return "#map" in value ? { "#map": value["#map"].toReversed() } : value;
  });
  expect(readBack(JSON.stringify(document))).toBe(
    writeCounterexample(saved("corpus/cma-hw-kasan--no-deadlock")),
  );
});

test("a trace may be longer than a counterexample, and has a bound of its own", () => {
  const padded = (bytes: number): string => short + " ".repeat(bytes - short.length);
  expect(readBack(padded(largestFileBytes + 1))).toBe(readBack(short));
  expect(readBack(padded(largestTraceBytes + 1))).toBe(
    `x.itf.json:1: file: expected at most ${largestTraceBytes} bytes, found more`,
  );
});

describe("refused in one line", () => {
  const changed: readonly (readonly [string, (text: string) => string, string])[] = [
    ["no JSON", () => "{", "x.itf.json:1: JSON: expected"],
    ["no trace", () => "[]", "x.itf.json:1: file: expected an object, found"],
    ["no states", (text) => text.replace('"states"', '"stages"'), "states: expected"],
    ["another state", (text) => text.replace('"busy"', '"held"'), "expected the state after step"],
    [
      "another choice",
      (text) =>
        text.replace(
          '"choice":{"tag":"Some","value":{"#bigint":"0"',
          '"choice":{"tag":"Some","value":{"#bigint":"7"',
        ),
      "expected a choice of 0",
    ],
    [
      "another action",
      (text) => text.replace('"mbt::actionTaken":"lock-blocks"', '"mbt::actionTaken":"free"'),
      "states[2].mbt::nondetPicks: expected",
    ],
    [
      "another design",
      (text) => text.replace('"design": "cma-hw-kasan"', '"design": "none"'),
      "#meta.counterexample.design: expected a design",
    ],
    ["a fraction", (text) => text.replace('{"#bigint":"0"}', "0.5"), "x.itf.json:"],
    [
      "a loop that is none",
      (text) => text.replace('"states"', '"loop": 1, "states"'),
      "loop: expected none, found 1",
    ],
  ];
  test.each(changed)("%s", (_what, change, message) => {
    const text = change(short);
    expect(text).not.toBe(short);
    expect(readBack(text)).toContain(message);
    expect(readBack(text)).toMatch(/^x\.itf\.json:\d+: [^\n]+$/);
  });

  test("and so is whatever is left of a good one that was damaged", () => {
    const damaged = fc
      .tuple(fc.nat(short.length), fc.nat(200), fc.string({ unit: "binary", maxLength: 20 }))
      .map(([at, length, put]) => short.slice(0, at) + put + short.slice(at + length));
    fc.assert(
      fc.property(damaged, (text) => {
        const read = parseItf(text, "x.itf.json");
        if (!read.ok) expect(describeInputError(read.error)).toMatch(/^x\.itf\.json:\d+: [^\n]+$/);
      }),
      { numRuns: 300, seed: 5 },
    );
  });
});
