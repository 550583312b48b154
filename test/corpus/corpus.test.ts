/** Every known counterexample still reaches its end, and the manifest lists exactly what is there. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Counterexample,
  fileNameOf,
  manifestOf,
  parseCounterexample,
  replay,
  writeCounterexample,
  writeManifest,
} from "../../counterexamples/index.ts";
import { describeInputError } from "../../model/index.ts";
import { read, root } from "../house/tree.ts";

const folder = "counterexamples/corpus";
const place = path.join(root, folder);
const names = fs.existsSync(place) ? fs.readdirSync(place).sort() : [];

function counterexampleIn(name: string): Counterexample {
  const parsed = parseCounterexample(read(`${folder}/${name}`), name);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  return parsed.value;
}

test("there is a corpus, and nothing else in its folder", () => {
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !name.endsWith(".json"))).toEqual([]);
});

describe("each counterexample", () => {
  test.each(names)("%s is reproduced, for the reason that it gives", (name) => {
    const counterexample = counterexampleIn(name);
    const { verdict } = replay(counterexample);
    expect(verdict).toEqual({ kind: "reproduced", reason: counterexample.reason });
  });

  test.each(names)("%s has its name, and the bytes that the program writes", (name) => {
    const counterexample = counterexampleIn(name);
    expect(fileNameOf(counterexample)).toBe(name);
    expect(writeCounterexample(counterexample)).toBe(read(`${folder}/${name}`));
  });
});

test("the manifest says what each file shows", () => {
  const files = new Map(names.map((name) => [name, counterexampleIn(name)]));
  expect(read("counterexamples/manifest.json")).toBe(writeManifest(manifestOf(files)));
});
