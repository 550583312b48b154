/** `mte-oracle try`: a story of the program's own, one of the user's, and what is refused. */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { mteOracle, scratch, write } from "./command.ts";

const oneLine = /^mte-oracle: [^\n]+\n$/;
const mine = "actor a is a process\na allocates a tagged page as P\na reads the tag of page P\n";

test("it tells a story of its own, and how to see it step by step", () => {
  const { code, out, err } = mteOracle("try", "pinned-storage");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toContain("BROKEN in 63 steps: pins-stop-no-tagged-access");
  expect(out).toContain("\n  mte-oracle try pinned-storage --design metadata --steps\n");
});

test("--steps tells the shortest run that breaks something, or a whole one", () => {
  const broken = mteOracle("try", "pinned-storage", "--design", "cma", "--steps");
  expect(broken.out).toMatch(/^cma: pins-stop-no-tagged-access \(victim\): broken\n/);
  expect(broken.out).toContain("REPRODUCED: ");
  const file = write("mine.txt", mine);
  const whole = mteOracle("try", file, "--design", "carveout", "--steps");
  expect(whole.out).toMatch(/^carveout: nothing is broken in any run; a shortest one/);
  expect(whole.out).toContain("starts: reads the tag of granule 0 of page 0");
});

test("--save writes counterexamples that replay", () => {
  const { out } = mteOracle("try", "two-initialisers", "--design", "carveout", "--save", "told");
  const files = fs.readdirSync(path.join(scratch, "told")).sort();
  expect(out.match(/^saved /gm)).toHaveLength(files.length);
  expect(files.length).toBeGreaterThan(1);
  for (const file of files) expect(mteOracle("replay", path.join("told", file)).code).toBe(0);
});

test("--json is one document", () => {
  const { out } = mteOracle("try", write("mine.txt", mine), "--json", "--design", "cma");
  expect(JSON.parse(out)).toMatchObject({
    schema: "mte-oracle/try/1",
    story: "mine",
    lines: [{ line: 2 }, { line: 3 }],
    tried: [{ design: "cma", bug: null, cutAt: null, broken: [] }],
    exitCode: 0,
  });
});

test("--list and --words", () => {
  expect(mteOracle("try", "--list").out).toContain("  cve-2018-16862\n");
  const { out } = mteOracle("try", "--words");
  expect(out).toContain("  swaps slot {slot} in by swapoff [as NAME]\n");
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
});

test("a search that is cut ends with 3", () => {
  const { code, out } = mteOracle(
    "try",
    "two-initialisers",
    "--design",
    "carveout",
    "--max-states",
    "9",
  );
  expect(code).toBe(3);
  expect(out).toMatch(/^carveout.*: cut at 9 states$/m);
});

describe("refused in one line", () => {
  const refused: readonly (readonly [number, ...string[]])[] = [
    [2, "try"],
    [2, "try", "nosuch"],
    [2, "try", "no/such/file.txt"],
    [2, "try", "pinned-storage", "--design", "nosuch"],
    [2, "try", "pinned-storage", "--bug", "nosuch"],
    [2, "try", "pinned-storage", "--design", "carveout", "--bug", "put-fills-with-the-index-open"],
    [2, "try", "pinned-storage", "--max-states", "none"],
    [4, "try", write("wrong.txt", `${mine}a flies\n`)],
    [4, "try", write("large.txt", "#".repeat(70_000))],
    [4, "try", write("binary.txt", "\u0000\u001b[31m\ufffe")],
    [4, "try", write("wide.txt", `${mine}set cma-pages 8\n`)],
  ];
  test.each(refused.map(([code, ...args]) => [args.join(" "), code, args] as const))(
    "%s",
    (_name, code, args) => {
      const { err, out, code: ended } = mteOracle(...args);
      expect({ ended, out }).toEqual({ ended: code, out: "" });
      expect(err).toMatch(oneLine);
    },
  );
});
