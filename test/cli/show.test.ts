/** `mte-oracle show`, and the pages of `check` and `bugs`. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { read } from "../house/tree.ts";
import { mteOracle, quickBroken, scratch, write } from "./command.ts";

const story = read("counterexamples/corpus/cma-hw-kasan--no-deadlock.json");
const file = write("story.json", story);
const inScratch = (name: string): string => fs.readFileSync(path.join(scratch, name), "utf8");

test("it writes the page beside the caller and names it", () => {
  expect(mteOracle("show", file)).toEqual({ code: 0, out: "story.html\n", err: "" });
  expect(inScratch("story.html")).toMatch(/^<!DOCTYPE html>[\s\S]*no-deadlock[\s\S]*<\/html>\n$/);
});

test("--out says where, --json what", () => {
  const { code, out } = mteOracle("show", file, "--out", "pages/one.html", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    schema: "mte-oracle/show/1",
    page: "pages/one.html",
    verdict: { kind: "reproduced" },
    exitCode: 0,
  });
  expect(inScratch("pages/one.html")).toContain("<title>cma-hw-kasan: no-deadlock</title>");
});

test("a run that breaks nothing is shown too, and ends with 1", () => {
  const shorter = { ...JSON.parse(story) };
  shorter.steps = shorter.steps.slice(0, -1);
  const { code, out } = mteOracle("show", write("sound.json", JSON.stringify(shorter)));
  expect({ code, out }).toEqual({
    code: 1,
    out: "sound.html\nNOT REPRODUCED: it holds in the last state\n",
  });
  expect(inScratch("sound.html")).toContain("not reproduced");
});

test("check --pages links the table to each run", () => {
  const { out } = mteOracle(...quickBroken, "--pages", "table");
  expect(out).toContain("\nLOOK at it in a browser: table/index.html\n");
  const linked = [...inScratch("table/index.html").matchAll(/href="([^"]*)"/g)].map(([, to]) => to);
  expect(linked).toContain("cma-hw-kasan--every-operation-ends.html");
  expect(fs.readdirSync(path.join(scratch, "table")).sort()).toEqual(
    [...new Set(linked), "index.html"].sort(),
  );
  expect(inScratch("table/cma-hw-kasan--every-operation-ends.html")).toContain('href="index.html"');
});

test("bugs --pages links the matrix to each story", () => {
  const { code, out } = mteOracle("bugs", "--pages", "matrix");
  expect({ code, out }).toEqual({ code: 0, out: "matrix/index.html\n" });
  const linked = [...inScratch("matrix/index.html").matchAll(/href="([^"]*)"/g)].map(
    ([, to]) => to,
  );
  expect(linked).toHaveLength(fs.readdirSync(path.join(scratch, "matrix")).length - 1);
  expect(linked).toContain("slot-given-twice.html");
});

describe("refused in one line", () => {
  const refused: readonly (readonly [number, ...string[]])[] = [
    [2, "show"],
    [2, "show", "nosuch.json"],
    [2, "show", file, "--out", "story.json/page.html"],
    [4, "show", write("cut.json", story.slice(0, 300))],
    [2, "bugs", "--pages", "story.json"],
    [2, ...quickBroken, "--pages", "story.json"],
  ];
  test.each(refused.map(([code, ...args]) => [args.join(" "), code, args] as const))(
    "%s",
    (_name, code, args) => {
      const { err, out, code: ended } = mteOracle(...args);
      expect({ ended, out }).toEqual({ ended: code, out: "" });
      expect(err).toMatch(/^mte-oracle: [^\n]+\n$/);
    },
  );
});
