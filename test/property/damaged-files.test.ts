/**
 * 10,000 broken, truncated and hostile counterexample files: each is refused in one line with its
 * place, or read and replayed. None throws, none keeps a reader waiting.
 */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseCounterexample, replay, writeCounterexample } from "../../counterexamples/index.ts";
import { describeInputError } from "../../model/index.ts";
import { saved } from "../unit/counterexamples/saved.ts";

const seed = 20261122;
const cases = 10_000;
const slowestMilliseconds = 10_000;

const correct = [
  "corpus/cma-hw-kasan--atomic-tagged-allocation",
  "corpus/cma-hw-kasan--no-deadlock",
  "corpus/cma-hw-kasan--every-operation-ends",
  "bugs/no-memory-in-atomic-context",
  "bugs/failed-migration-leaves-the-page-isolated",
].map((name) => writeCounterexample(saved(name)));

/** Values that somebody could put in a place where another belongs. */
const odd = [
  "-1",
  "0",
  "1",
  "2",
  "3",
  "64",
  "255",
  "1048576",
  "1e308",
  "1e999",
  "-0",
  "0.5",
  "[]",
  "{}",
  "null",
  "true",
  '""',
  '"task"',
  '"__proto__"',
  '"constructor"',
  '"\\u0000"',
  '"\\ud800"',
  `"${"x".repeat(500)}"`,
  `${"[".repeat(40)}${"]".repeat(40)}`,
  `[${"0,".repeat(3000)}0]`,
  '{"__proto__": {"kind": "pin"}}',
];

type Damage = (text: string, place: number, put: string) => string;

const behind =
  (pattern: RegExp, by: (put: string) => string): Damage =>
  (text, place, put) =>
    text.slice(0, place) + text.slice(place).replace(pattern, () => by(put));

const damages: readonly Damage[] = [
  (text, place) => text.slice(0, place),
  (text, place) => text.slice(place),
  (text, place, put) => text.slice(0, place) + put + text.slice(place),
  (text, place, put) => text.slice(0, place) + put + text.slice(place + put.length),
  behind(/.*\n/, () => ""),
  behind(/-?\d+/, (put) => put),
  behind(/: [^\n{[]*?(,?)\n/, (put) => `: ${put},\n`),
  behind(/"[^"]*"/, (put) => put),
  behind(/true|false/, (put) => put),
  behind(/\{[^{}]*\}/, (put) => put),
  (text, place) => {
    const line = text.slice(0, place).lastIndexOf("\n") + 1;
    const end = text.indexOf("\n", line) + 1;
    return text.slice(0, end) + text.slice(line);
  },
];

test(`${cases} damaged files are refused in one line, or replay`, () => {
  const damage = fc.record({
    how: fc.constantFrom(...damages),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    put: fc.oneof(fc.constantFrom(...odd), fc.string({ maxLength: 4, unit: "binary" })),
  });
  let refused = 0;
  let slowest = 0;
  const property = fc.property(
    fc.constantFrom(...correct),
    fc.array(damage, { minLength: 1, maxLength: 3 }),
    (base, all) => {
      const text = all.reduce(
        (before, { how, part, put }) => how(before, Math.floor(part * before.length), put),
        base,
      );
      const begun = performance.now();
      const parsed = parseCounterexample(text, "damaged.json");
      if (parsed.ok) replay(parsed.value);
      else {
        refused++;
        const told = describeInputError(parsed.error);
        expect(told).toMatch(/^damaged\.json:\d+: .+: expected .+, found .+$/);
        expect(told).not.toMatch(/[\n\r]|\bat .*\.[tj]s:\d/);
        expect(parsed.error.line).toBeLessThanOrEqual(text.split("\n").length);
      }
      slowest = Math.max(slowest, performance.now() - begun);
    },
  );
  fc.assert(property, { seed, numRuns: cases });
  expect(refused).toBeGreaterThan(cases / 2);
  expect(refused).toBeLessThan(cases);
  expect(slowest).toBeLessThan(slowestMilliseconds);
});
