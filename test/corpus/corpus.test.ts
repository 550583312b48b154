/** Every known counterexample still reaches its end, and the manifest lists exactly what is there. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import {
  type Counterexample,
  fileNameOf,
  manifestOf,
  parseCounterexample,
  parseMended,
  replay,
  replayLeniently,
  writeCounterexample,
  writeManifest,
} from "../../counterexamples/index.ts";
import { describeInputError } from "../../model/index.ts";
import { read, root } from "../house/tree.ts";

const namesIn = (folder: string): readonly string[] => {
  const place = path.join(root, "counterexamples", folder);
  return fs.existsSync(place) ? fs.readdirSync(place).sort() : [];
};
const names = namesIn("corpus");
const mended = namesIn("mended");

function keptIn(folder: string, name: string, parse = parseCounterexample): Counterexample {
  const parsed = parse(read(`counterexamples/${folder}/${name}`), name);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  return parsed.value;
}

test("there is a corpus, and nothing else in its folders", () => {
  expect(names.length).toBeGreaterThan(0);
  expect(mended.length).toBeGreaterThan(0);
  expect([...names, ...mended].filter((name) => !name.endsWith(".json"))).toEqual([]);
});

describe("each counterexample", () => {
  test.each(names)("%s is reproduced, for the reason that it gives", (name) => {
    const counterexample = keptIn("corpus", name);
    const { verdict } = replay(counterexample);
    expect(verdict).toEqual({ kind: "reproduced", reason: counterexample.reason });
  });

  test.each(names)("%s has its name, and the bytes that the program writes", (name) => {
    const counterexample = keptIn("corpus", name);
    expect(fileNameOf(counterexample)).toBe(name);
    expect(writeCounterexample(counterexample)).toBe(read(`counterexamples/corpus/${name}`));
  });
});

describe("what was mended stays mended", () => {
  test.each(mended)("%s", (name) => {
    const counterexample = keptIn("mended", name, parseMended);
    const { verdict, steps } = replayLeniently(counterexample);
    expect(verdict.kind).toBe("not-reproduced");
    expect(steps.length).toBeGreaterThan(0);
    expect(writeCounterexample(counterexample)).toBe(read(`counterexamples/mended/${name}`));
  });
});

test("the manifest says what each file shows", () => {
  const corpus = new Map(names.map((name) => [name, keptIn("corpus", name)]));
  const others = new Map(mended.map((name) => [name, keptIn("mended", name, parseMended)]));
  expect(read("counterexamples/manifest.json")).toBe(writeManifest(manifestOf(corpus, others)));
});
