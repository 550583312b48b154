/** `mte-oracle itf`: there and back, and what is refused. */
import * as fs from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import { read } from "../house/tree.ts";
import { mteOracle, scratch, write } from "./command.ts";

const story = read("counterexamples/corpus/cma--nothing-sleeps-in-atomic-context.json");
const file = write("story.json", story);

test("there and back gives the same bytes", () => {
  expect(mteOracle("itf", file, "--out", "story.itf.json")).toEqual({
    code: 0,
    out: "story.itf.json\n",
    err: "",
  });
  expect(mteOracle("itf", "story.itf.json", "--back")).toEqual({ code: 0, out: story, err: "" });
  const trace = fs.readFileSync(path.join(scratch, "story.itf.json"), "utf8");
  expect(mteOracle("itf", file).out).toBe(trace);
});

test.each([
  [2, ["itf"]],
  [2, ["itf", "nosuch.json"]],
  [2, ["itf", file, "--out", "story.json/x"]],
  [4, ["itf", file, "--back"]],
  [4, ["itf", write("cut.json", story.slice(0, 400))]],
] as const)("ends with %i: %j", (code, args) => {
  const { code: ended, out, err } = mteOracle(...args);
  expect({ ended, out }).toEqual({ ended: code, out: "" });
  expect(err).toMatch(/^mte-oracle: [^\n]+\n$/);
});
