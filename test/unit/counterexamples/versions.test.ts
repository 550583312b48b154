/** A file of an older version is read as one of today; one of a later version is refused. */
import { expect, test } from "vitest";
import {
  type Counterexample,
  parseCounterexample,
  replay,
  writeCounterexample,
} from "../../../counterexamples/index.ts";
import { describeInputError } from "../../../model/index.ts";
import { saved, savedNames } from "./saved.ts";

/** As version 1 wrote it. */
function asFirstVersion(counterexample: Counterexample): string {
  return writeCounterexample(counterexample)
    .replace('"version": 2', '"version": 1')
    .replace(/ {2}"minimal": .*\n/, "");
}

const some = savedNames.filter((_, index) => index % 10 === 0);

test.each(some)("%s of version 1 is read, and nobody knows whether it is minimal", (name) => {
  const today = saved(name);
  const parsed = parseCounterexample(asFirstVersion(today), "old.json");
  expect(parsed).toEqual({ ok: true, value: { ...today, minimal: "unknown" } });
  if (!parsed.ok) throw new Error("it is read");
  expect(replay(parsed.value).verdict).toEqual(replay(today).verdict);
});

test.each([
  ["0", "0"],
  ["3", "3"],
  ["99", "99"],
  ["-1", "-1"],
  ["1.5", "1.5"],
  ["null", "null"],
  ['"2"', '"2"'],
])("version %s is refused in one line", (written, found) => {
  const text = writeCounterexample(saved("bugs/slot-given-twice"));
  const parsed = parseCounterexample(
    text.replace('"version": 2', `"version": ${written}`),
    "x.json",
  );
  expect(parsed.ok ? "read" : describeInputError(parsed.error)).toBe(
    `x.json:3: version: expected 2, found ${found}`,
  );
});
