/** The shortest story of every bug still ends where it did: replayed, not searched for. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import {
  type Counterexample,
  parseCounterexample,
  replay,
  storyFileOf,
  writeCounterexample,
} from "../../counterexamples/index.ts";
import { describeInputError } from "../../model/index.ts";
import { read, root } from "../house/tree.ts";
import { byId, killsOfBug, realBugs } from "./kills.ts";

const folder = "counterexamples/bugs";

const lengthOf = ({ steps }: Counterexample) => {
  const acts = steps.flatMap((step) => ("actor" in step ? [step] : []));
  return {
    operations: acts.filter(({ starts }) => starts !== undefined).length,
    switches: acts.filter(({ actor }, index) => index > 0 && actor !== acts[index - 1]?.actor)
      .length,
    actions: steps.length,
  };
};

test("there is one of every bug, and nothing else in their folder", () => {
  const names = fs.readdirSync(path.join(root, folder)).sort();
  expect(names).toEqual(realBugs.map(({ id }) => storyFileOf(id)).sort());
});

test.each(byId(realBugs))("%s", (id, bug) => {
  const name = storyFileOf(id);
  const text = read(`${folder}/${name}`);
  const parsed = parseCounterexample(text, name);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  const story = parsed.value;
  expect(writeCounterexample(story)).toBe(text);
  expect(story.implementation).toEqual({ bugs: [id] });
  const { design, checker } = killsOfBug(bug);
  const { rule: _, ...told } = checker ?? { rule: null };
  const { slice, property } = story;
  expect({ slice, row: property.row, ...lengthOf(story) }).toEqual(told);
  expect(story.design).toBe(design);
  expect(replay(story).verdict).toEqual({ kind: "reproduced", reason: story.reason });
});

test.each(byId(realBugs))("without %s its story is none", (id) => {
  const name = storyFileOf(id);
  const parsed = parseCounterexample(read(`${folder}/${name}`), name);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  const sound = { ...parsed.value, implementation: { bugs: [] } };
  expect(replay(sound).verdict.kind).toBe("not-reproduced");
});
