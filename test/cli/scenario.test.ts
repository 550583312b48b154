/** `mte-oracle scenario run`: exit codes, formats, and which rows are run. */
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { read, root } from "../house/tree.ts";
import { mteOracle, write } from "./command.ts";

const rows = read("test/golden/scenarios/rows.jsonl").split("\n");
const withId = (...ids: readonly string[]): string =>
  `${rows.filter((row) => ids.some((id) => row.includes(`"${id}"`))).join("\n")}\n`;

const good = write("good.jsonl", withId("good-load"));
const mixed = write("mixed.jsonl", withId("good-load", "wrong-value", "new-operation"));
const refused = write("refused.jsonl", withId("good-load", "new-operation"));
const wrong = write("wrong.jsonl", `${withId("good-load", "wrong-value")}{"id": \n`);
const corpus = path.join(root, "oracle/scenarios/corpus");

describe("exit codes", () => {
  test.each<[string, number, readonly string[]]>([
    ["several files", 0, [good, path.join(corpus, "herd.jsonl"), path.join(corpus, "ts.jsonl")]],
    ["a row fails", 1, [mixed]],
    ["a row is refused", 3, [refused]],
    ["and that is allowed", 0, [refused, "--allow-inconclusive"]],
    ["only what passes", 0, [mixed, "--only", "good-*", "--skip", "wrong"]],
    ["a line is no scenario", 4, [wrong]],
    ["nothing in the file", 4, [write("empty.jsonl", "\n")]],
    ["no such file", 2, ["nosuch.jsonl"]],
    ["no row is left", 2, [good, "--only", "kst"]],
    ["no such kernel", 2, [good, "--kernel", "5.4"]],
  ])("%s: %i", (_name, code, args) => {
    const ended = mteOracle("scenario", "run", ...args);
    expect(ended.code, ended.err).toBe(code);
    if (code === 2 || code === 4) expect(ended.err).toMatch(/^mte-oracle: [^\n]+\n$/);
    else expect(ended.err).toBe("");
  });

  test("a malformed line is told with its place; the other rows have their verdicts", () => {
    const { out, err } = mteOracle("scenario", "run", wrong);
    expect(err).toBe(
      "mte-oracle: wrong.jsonl:3: JSON: expected a value, found the end of the file\n",
    );
    expect(out).toContain("FAIL wrong-value (wrong.jsonl:2)");
    expect(out).toMatch(/^all +1 +1 +0 +1 +0$/m);
  });
});

describe("formats", () => {
  test("JSON names every row and kernel", () => {
    const { out } = mteOracle("scenario", "run", mixed, "--json", "--kernel", "6.12");
    const document = JSON.parse(out);
    expect(document.kernels).toEqual(["6.12"]);
    expect(document.rows.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      "pass",
      "fail",
      "refused",
    ]);
    expect(document.exitCode).toBe(1);
  });

  test("JUnit has a case for each row and kernel", () => {
    const once = mteOracle("scenario", "run", mixed, "--format", "junit");
    expect(once.out).toContain('<testsuites name="mte-oracle scenarios" tests="7" failures="3"');
  });
});
