/** `mte-oracle explain`: its forms, its document, and its test pasted into a project of a user. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { read, root } from "../house/tree.ts";
import { mteOracle, scratch, write } from "./command.ts";

const file = write(
  "atomic.json",
  read("counterexamples/corpus/cma-hw-kasan--atomic-tagged-allocation.json"),
);

describe("explain", () => {
  test("is text, unless another form is asked for", () => {
    const { code, out } = mteOracle("explain", file);
    expect(code).toBe(0);
    expect(out).toBe(read("test/golden/explain/atomic.txt"));
    expect(mteOracle("explain", file, "--form", "mermaid").out).toBe(
      read("test/golden/explain/atomic.mmd"),
    );
  });

  test("is one document with --json", () => {
    const { code, out } = mteOracle("explain", file, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: "mte-oracle/explanation/1",
      verdict: { kind: "reproduced" },
      conjunct: { id: "an-atomic-tagged-page-is-ready", step: 8 },
      inevitable: { kind: "from-step", step: 1 },
    });
  });

  test("says why a run does not fail, and ends with 1", () => {
    const sound = read("counterexamples/bugs/slot-given-twice.json").replace(
      '"slot-given-twice"',
      "",
    );
    const { code, out } = mteOracle("explain", write("sound.json", sound));
    expect(code).toBe(1);
    expect(out).toContain("The run does not fail: ");
  });

  test("another form is a mistake of usage, another file one of input", () => {
    expect(mteOracle("explain", file, "--form", "pdf").code).toBe(2);
    const { code, err } = mteOracle("explain", write("wrong.json", "{}"));
    expect(code).toBe(4);
    expect(err).toMatch(/^mte-oracle: wrong\.json:1: [^\n]+\n$/);
  });
});

describe("the test that it writes", () => {
  const project = path.join(scratch, "project");
  fs.mkdirSync(path.join(project, "node_modules"), { recursive: true });
  fs.symlinkSync(root, path.join(project, "node_modules/mte-oracle"));
  fs.symlinkSync(path.join(root, "node_modules/vitest"), path.join(project, "node_modules/vitest"));
  const run = (text: string) => {
    fs.writeFileSync(path.join(project, "pasted.test.ts"), text);
    const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
    return spawnSync(process.execPath, [vitest, "run", "--root", project], { encoding: "utf8" });
  };
  const { out } = mteOracle("explain", file, "--form", "vitest");

  test("passes as it is pasted", () => {
    const { status, stdout } = run(out);
    expect(status, stdout).toBe(0);
    expect(stdout).toContain("1 passed");
  });

  test("fails where the run does not fail any more", () => {
    const { status, stdout } = run(out.replace('"design": "cma-hw-kasan"', '"design": "carveout"'));
    expect(status, stdout).not.toBe(0);
  });
});
