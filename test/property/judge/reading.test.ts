/** Lines of any kind: the quick look takes nothing that the schema refuses, and nothing throws. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { logEventSchema, logLine, readLogEntry, readLogHead } from "../../../oracle/index.ts";
import { isUsualEvent } from "../../../oracle/log/usual-form.ts";
import { choices, operations, outcomes } from "../../unit/contract/examples.ts";

const runs = { seed: 20260201 } as const;
const place = { file: "a.jsonl", line: 3 };

const anyEvent = fc.record(
  {
    operation: fc.constantFrom(...operations.map(([operation]) => operation)),
    choice: fc.constantFrom(...choices.map(([choice]) => choice)),
    outcome: fc.constantFrom(...outcomes.map(([outcome]) => outcome)),
  },
  { requiredKeys: ["operation"] },
);

/** A value somewhere inside is another one, is gone, or has one more beside it. */
const spoilt = (value: object, at: number, junk: unknown): unknown => {
  const paths: (readonly string[])[] = [];
  const visit = (each: unknown, path: readonly string[]): void => {
    paths.push(path);
    if (typeof each !== "object" || each === null) return;
    for (const [name, inner] of Object.entries(each)) visit(inner, [...path, name]);
  };
  visit(value, []);
  const path = paths[at % paths.length] ?? [];
  const change = (each: unknown, [name, ...rest]: readonly string[]): unknown => {
    if (name === undefined) return junk;
    if (Array.isArray(each))
      return each.map((item, index) => (String(index) === name ? change(item, rest) : item));
    if (typeof each !== "object" || each === null) return each;
    const entries = Object.entries(each).map(([key, inner]) => [
      key,
      key === name ? change(inner, rest) : inner,
    ]);
    return Object.fromEntries(at % 7 === 0 ? [...entries, ["more", junk]] : entries);
  };
  return change(value, path);
};

const junk = fc.oneof(
  fc.constantFrom(undefined, null, -1, 0.5, 2 ** 32, 2 ** 53, "", "0g", "unknown", [], {}, [16]),
  fc.jsonValue(),
);

test("what the quick look takes, the schema takes", () => {
  let taken = 0;
  let usual = 0;
  fc.assert(
    fc.property(anyEvent, fc.nat(), junk, (event, at, other) => {
      if (isUsualEvent(event)) usual++;
      const text = JSON.stringify(spoilt(event, at, other)) ?? "";
      const value: unknown = text === "" ? undefined : JSON.parse(text);
      if (!isUsualEvent(value)) return;
      taken++;
      expect(logEventSchema.safeParse(value).success, text).toBe(true);
    }),
    { ...runs, numRuns: 5000 },
  );
  expect(taken).toBeGreaterThan(30);
  expect(usual).toBeGreaterThan(2500);
});

const anyLine = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc.json(),
  fc
    .tuple(anyEvent, fc.nat(), junk)
    .map(([event, at, other]) => String(JSON.stringify(spoilt(event, at, other)))),
  fc.tuple(anyEvent, fc.nat()).map(([event, cut]) => {
    const line = logLine(event);
    return line.slice(0, cut % line.length);
  }),
);

test("10,000 lines of any kind are read, or told in one line", () => {
  let told = 0;
  fc.assert(
    fc.property(anyLine, (line) => {
      for (const read of [readLogEntry(line, place), readLogHead(line, place)]) {
        if (read.ok) continue;
        told++;
        const { error } = read;
        expect({ file: error.file, line: error.line }).toEqual(place);
        expect(error.message).toMatch(/^expected .*, found [^\n]*$|hexadecimal/su);
      }
    }),
    { ...runs, numRuns: 10_000 },
  );
  expect(told).toBeGreaterThan(10_000);
});
