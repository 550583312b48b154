/** Wrong counterexample files: each gives one line, with the place, and never an exception. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  largestFileBytes,
  parseCounterexample,
  replay,
  writeCounterexample,
} from "../../../counterexamples/index.ts";
import { describeInputError } from "../../../model/index.ts";
import { aCounterexample } from "./found.ts";

const SEED = 20240125;
const correct = writeCounterexample(aCounterexample());
const lines = correct.split("\n");

/** What a mistake is told as: the line is that of the text that was put in. */
type Case = readonly [what: string, text: string, line: number, message: string];

function lineOf(part: string, from = 0): number {
  const offset = correct.indexOf(part, from);
  if (offset < 0) throw new Error(`the correct file has no ${part}`);
  return correct.slice(0, offset).split("\n").length;
}

/** Replaces the first occurrence; the mistake is on its line, or so many lines further on. */
function change(what: string, from: string, to: string, message: string, further = 0): Case {
  return [what, correct.replace(from, () => to), lineOf(from) + further, message];
}

const firstStart = correct.indexOf('"starts"');
const lastLine = lines.length - 1;
const secondStep = correct.indexOf('"actor"', correct.indexOf('"actor"') + 1);
/** The file with a change behind an offset. */
function changeBehind(
  offset: number,
  what: string,
  from: string,
  to: string,
  message: string,
): Case {
  const text = correct.slice(0, offset) + correct.slice(offset).replace(from, () => to);
  return [what, text, lineOf(from, offset), message];
}

const syntax: readonly Case[] = [
  ["an empty file", "", 1, "JSON: expected a value, found the end of the file"],
  ["blanks", "\n\n \n", 4, "JSON: expected a value, found the end of the file"],
  ["no JSON", "hello", 1, "JSON: expected a value, found hello"],
  ["half a file", lines.slice(0, 10).join("\n"), 10, "found the end of the file"],
  [
    "a missing comma",
    correct.replace('counterexample",', 'counterexample"'),
    3,
    'expected "," or "}"',
  ],
  ["a comma too many", correct.replace(/\n}\n$/, ",\n}\n"), lastLine, "expected a name, found }"],
  [
    "something behind the end",
    `${correct}{}`,
    lastLine + 1,
    "expected the end of the file, found {",
  ],
  ["single quotes", correct.replace('"format"', "'format'"), 2, 'expected a name or "}"'],
  ["a comment", correct.replace("{", "{ // x"), 1, 'expected a name or "}"'],
  ["no colon", correct.replace('"version":', '"version"'), 3, 'expected ":", found 2'],
  [
    "a string over two lines",
    correct.replace("mte-oracle/", "mte-\noracle/"),
    2,
    "a string that ends",
  ],
  ["a wrong escape", correct.replace("mte-oracle/", "\\x"), 2, "a string that ends"],
  ["a leading zero", correct.replace('"version": 2', '"version": 02'), 3, "found 02"],
  ["a name twice", correct.replace('"version": 2', '"format": 2'), 3, "each name once"],
  ["deep nesting", "[".repeat(100_000), 1, "expected at most 32 levels of nesting"],
  ["a list", "[]", 1, "file: expected an object, found []"],
  ["a number", "7", 1, "file: expected an object, found 7"],
  [
    "a huge file",
    " ".repeat(largestFileBytes + 1),
    1,
    `expected at most ${largestFileBytes} bytes`,
  ],
];

const schema: readonly Case[] = [
  change("another format", "mte-oracle/counterexample", "x", 'format: expected "mte-oracle/coun'),
  change("a later version", '"version": 2', '"version": 3', "version: expected 2, found 3"),
  change("a version as text", '"version": 2', '"version": "1"', 'version: expected 2, found "1"'),
  change("a field too many", '"version": 2,', '"version": 2, "x": 1,', "x: expected no such field"),
  [
    "a field that its version had not",
    correct.replace('"version": 2', '"version": 1'),
    lineOf('"minimal"'),
    "minimal: expected no such field",
  ],
  change(
    "no sense in which it is minimal",
    '"minimal": "',
    '"minimal": "not-',
    "minimal: expected one of",
  ),
  ["a field too few", correct.replace(/ {2}"kind": "finite",\n/, ""), 1, "kind: expected one of"],
  change("a design as a list", '"cma-hw-kasan"', '["cma"]', "design: expected a string"),
  change("an odd name", '"cma-hw-kasan"', '"CMA!"', "design: expected a name in kebab-case"),
  change(
    "a broken number",
    '"pagesPerStoragePage": ',
    '"pagesPerStoragePage": 1.5, "y": ',
    "a whole number",
  ),
  change(
    "too much",
    '"pagesPerFile": ',
    '"pagesPerFile": 99, "y": ',
    "pagesPerFile: expected at most 8, found 99",
  ),
  change(
    "too little",
    '"tagValues": ',
    '"tagValues": 0, "y": ',
    "tagValues: expected at least 1, found 0",
  ),
  change("an infinite number", '"pins": 0', '"pins": 1e999', "scope.pins: expected"),
  change(
    "an unknown offer",
    '"allocate-tagged"',
    '"eat"',
    "scope.actors[0].may[0]: expected one of",
  ),
  changeBehind(
    secondStep,
    "an unknown label",
    '"action": "',
    '"action": "un',
    "steps[1].action: expected one of",
  ),
  changeBehind(secondStep, "a choice as text", '"choice": ', '"choice": "', ""),
  changeBehind(
    secondStep,
    "an unknown field",
    '"choice": ',
    '"luck": 1, "choice": ',
    "steps[1].luck: expected no such field",
  ),
];

const meaning: readonly Case[] = [
  change("an unknown design", '"cma-hw-kasan"', '"paper"', "design: expected a design (carveout"),
  change("an unknown row", '"row": "atomic', '"row": "atomics', "property.row: expected a row"),
  change(
    "an unknown property",
    '"id": "atomic',
    '"id": "atomics',
    "property.id: expected a property of",
  ),
  change("a row of another kind", '"kind": "finite"', '"kind": "lasso"', 'kind: expected "finite"'),
  change(
    "a loop without a lasso",
    '"kind": "finite",',
    '"kind": "finite", "loopFrom": 0,',
    "loopFrom: expected it in a lasso only",
  ),
  change("a wrong verdict", '"verdict": "broken"', '"verdict": "never"', "verdict: expected"),
  change(
    "a region that begins late",
    '"firstPage": 0',
    '"firstPage": 1',
    "regions[0].firstPage: expected 0",
  ),
  change(
    "a block over its region",
    '"blockPages": 1',
    '"blockPages": 3',
    "storagePages: expected a multiple",
    6,
  ),
  change(
    "more CMA than memory",
    '"otherCmaPages": 0',
    '"otherCmaPages": 60',
    "otherCmaPages: expected at most the",
  ),
  change(
    "files without pages",
    '"files": 0',
    '"files": 1',
    "scope.pagesPerFile: expected pages",
    1,
  ),
  change(
    "two actors of one name",
    '"name": "interrupt"',
    '"name": "task"',
    "actors[1].name: expected a name of its own",
  ),
  changeBehind(
    correct.indexOf('"steps"'),
    "an unknown actor",
    '"actor": "task"',
    '"actor": "nobody"',
    'actor: expected an actor of the scope (task, interrupt), found "nobody"',
  ),
  changeBehind(
    correct.indexOf('"steps"'),
    "a step that is not possible",
    '"action": "take-page"',
    '"action": "swap-free"',
    "found task starting allocate with swap-free in step 1",
  ),
  [
    "another start",
    correct.slice(0, firstStart) + correct.slice(firstStart).replace("true", "false"),
    lineOf('"starts"'),
    'steps[0].starts: expected "',
  ],
  changeBehind(
    correct.indexOf('"steps"'),
    "an impossible choice",
    '"choice": ',
    '"choice": 77',
    "steps[0].choice: expected a choice of",
  ),
];

describe("wrong counterexample files", () => {
  test("the correct one is read", () => {
    expect(parseCounterexample(correct, "good.json").ok).toBe(true);
  });

  test.each([...syntax, ...schema, ...meaning])("%s", (_what, text, line, message) => {
    const parsed = parseCounterexample(text, "wrong.json");
    if (parsed.ok) throw new Error("the file was accepted");
    const told = describeInputError(parsed.error);
    expect(told).toContain(message);
    expect(told).toMatch(/^wrong\.json:\d+: .+: expected .+, found .+$/);
    expect(parsed.error.line, told).toBe(line);
  });

  test("a long string is no trouble", () => {
    const long = correct.replace('"reason": "', () => `"reason": "${"x".repeat(2_000_000)}`);
    const parsed = parseCounterexample(long, "long.json");
    expect(!parsed.ok && parsed.error.message).toContain("at most 400 characters");
  });
});

/** Damages a text in one of the ways files are damaged. */
const damages: readonly ((text: string, place: number, put: string) => string)[] = [
  (text, place) => text.slice(0, place),
  (text, place, put) => text.slice(0, place) + put + text.slice(place),
  (text, place, put) => text.slice(0, place) + put + text.slice(place + put.length),
  (text, place) => text.slice(0, place) + text.slice(place).replace(/.*\n/, ""),
  (text, place, put) => text.slice(0, place) + text.slice(place).replace(/-?\d+/, put),
  (text, place, put) => text.slice(0, place) + text.slice(place).replace(/"[^"]*"/, `"${put}"`),
  (text, place) => text.slice(0, place) + text.slice(place).replace(/true|false/, "null"),
];
const interesting = [
  "-1",
  "0",
  "1",
  "2",
  "9",
  "64",
  "255",
  "1e5",
  "0.5",
  "[]",
  "{}",
  "null",
  '"',
  "\\",
  "task",
  "free",
  "interrupt",
  "\u0000",
  "\u2028",
  "__proto__",
  "finite",
];

describe("damaged counterexample files", () => {
  test("500 of them are read or refused in one line, and what is read replays", () => {
    const damage = fc.record({
      how: fc.constantFrom(...damages),
      place: fc.nat({ max: correct.length }),
      put: fc.oneof(fc.constantFrom(...interesting), fc.string({ maxLength: 3, unit: "binary" })),
    });
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (all) => {
        const text = all.reduce((before, { how, place, put }) => how(before, place, put), correct);
        const parsed = parseCounterexample(text, "damaged.json");
        if (parsed.ok) {
          const { verdict } = replay(parsed.value);
          expect(["reproduced", "not-reproduced"]).toContain(verdict.kind);
          return;
        }
        const told = describeInputError(parsed.error);
        expect(told).toMatch(/^damaged\.json:\d+: .+: expected .+, found .+$/);
        expect(told).not.toContain("\n");
        expect(parsed.error.line).toBeLessThanOrEqual(text.split("\n").length);
      }),
      { seed: SEED, numRuns: 500 },
    );
  }, 60_000);
});
