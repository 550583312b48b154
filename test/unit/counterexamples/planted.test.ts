/** Counterexamples that the implementation runs: as it is, or with bugs planted in it. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import {
  type Counterexample,
  parseCounterexample,
  replay,
  replayAsText,
  writeCounterexample,
} from "../../../counterexamples/index.ts";
import { describeInputError } from "../../../model/index.ts";
import { read, root } from "../../house/tree.ts";
import { aCounterexample } from "./found.ts";

const corpus = fs.readdirSync(path.join(root, "counterexamples/corpus")).sort();
/** Short enough to be run on both floors here. */
const mostSteps = 30;

function inCorpus(name: string): Counterexample {
  const parsed = parseCounterexample(read(`counterexamples/corpus/${name}`), name);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  return parsed.value;
}

const finite = corpus.map(inCorpus).filter(({ verdict, steps }) => {
  return verdict === "broken" && steps.length <= mostSteps;
});

test.each(finite.map((each) => [`${each.design} ${each.property.id}`, each] as const))(
  "the implementation breaks it as its design does: %s",
  (_name, counterexample) => {
    const packed = { ...counterexample, implementation: { bugs: [] } };
    expect(replay(packed).verdict).toEqual(replay(counterexample).verdict);
    expect(replayAsText(replay(packed))).toContain("\nruns    the implementation\n");
  },
);

const base = aCounterexample();

const messageFor = (bugs: readonly unknown[]): string => {
  const design = "carveout";
  const file = { ...base, design, implementation: { bugs } };
  const parsed = parseCounterexample(`${JSON.stringify(file, null, 2)}\n`, "x.json");
  return parsed.ok ? "no mistake" : describeInputError(parsed.error);
};

const wrong: readonly (readonly [string, readonly unknown[], RegExp])[] = [
  ["a bug that there is not", ["nosuch"], /bugs\[0\]: expected a planted bug \(.*found "nosuch"$/],
  [
    "a bug of another design",
    ["joiner-not-counted"],
    /bugs\[0\]: expected a bug that carveout can have, found "joiner-not-counted"$/,
  ],
  ["a bug twice", ["slot-given-twice", "slot-given-twice"], /bugs\[1\]: expected each bug once/],
  ["no name", [7], /implementation\.bugs\[0\]: expected a string, found 7$/],
  ["too many", Array.from({ length: 9 }, (_, index) => `x${index}`), /a list of at most 8/],
];

test.each(wrong)("%s is refused in one line", (_what, bugs, message) => {
  const told = messageFor(bugs);
  expect(told).toMatch(/^x\.json:\d+: implementation\.bugs/);
  expect(told).toMatch(message);
  expect(told).not.toContain("\n");
});

test("a file that names no implementation keeps its bytes", () => {
  const [name = ""] = corpus;
  const file = `counterexamples/corpus/${name}`;
  expect(writeCounterexample(inCorpus(name))).toBe(read(file));
});
