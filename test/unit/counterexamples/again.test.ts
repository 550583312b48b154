/** Runs that were found: written, read, run again, and refused where something is wrong with them. */
import { expect, test } from "vitest";
import {
  type FoundRun,
  foundFileOf,
  foundRunOf,
  parseFoundRun,
  runAgain,
  writeFoundRun,
} from "../../../counterexamples/index.ts";
import { describeInputError } from "../../../model/index.ts";
import { runBatch } from "../../../properties/soak/batch.ts";

const bugs = ["slot-given-twice"];
const seed = 5;

const found = ((): FoundRun => {
  const order = { suite: "swap-restore", seed, runs: 100, milliseconds: 60_000, bugs };
  const { failure, runs } = runBatch(order);
  if (!failure) throw new Error("the bug was not found");
  return foundRunOf(failure, { seed, run: runs, bugs });
})();
const text = writeFoundRun(found);

const messageFor = (wrong: unknown): string => {
  const parsed = parseFoundRun(`${JSON.stringify(wrong, null, 2)}\n`, "x.json");
  return parsed.ok ? "no mistake" : describeInputError(parsed.error);
};

test("a file that is read has the same bytes when it is written", () => {
  const parsed = parseFoundRun(text, "x.json");
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  expect(writeFoundRun(parsed.value)).toBe(text);
  expect(foundFileOf(parsed.value)).toBe("swap-restore-5.json");
});

test("it parts where it did", () => {
  const { mismatch, steps } = found;
  expect(runAgain(found)).toEqual({ kind: "parted", steps: steps.length, mismatch });
});

test("it was made as short as it can be", () => {
  for (const left of found.steps) {
    const steps = found.steps.filter((step) => step !== left);
    expect(runAgain({ ...found, steps }).kind).not.toBe("parted");
  }
});

test("it agrees once the bug is out", () => {
  const { implementation: _, ...sound } = found;
  expect(runAgain(sound)).toEqual({ kind: "agreed", steps: found.steps.length });
});

const [first] = found.steps;

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ["another format", { ...found, format: "x" }, /^x\.json:2: format: expected/],
  ["no suite", { ...found, suite: "x" }, /suite: expected a suite \(.*found "x"$/],
  ["no design", { ...found, design: "x" }, /design: expected a design \(.*found "x"$/],
  ["no bug", { ...found, implementation: { bugs: ["x"] } }, /expected a planted bug/],
  ["a field too many", { ...found, x: 1 }, /x: expected no such field/],
  ["no step", { ...found, steps: [7] }, /steps\[0\]: expected/],
  [
    "an actor that there is not",
    { ...found, steps: [{ ...first, actor: "nobody" }] },
    /steps\[0\]: expected a step that is possible where it stands, found step 1$/,
  ],
  ["another action", { ...found, steps: [{ ...first, action: "evict-page" }] }, /steps\[0\]/],
  [
    "the last step alone",
    { ...found, steps: found.steps.slice(-1) },
    /steps\[0\]: expected a step/,
  ],
  ["a scope that does not fit", { ...found, scope: { ...found.scope, files: 1 } }, /pagesPerFile/],
];

test.each(wrong)("%s is refused in one line", (_what, file, message) => {
  const told = messageFor(file);
  expect(told).toMatch(/^x\.json:\d+: /);
  expect(told).toMatch(message);
  expect(told).not.toContain("\n");
});
