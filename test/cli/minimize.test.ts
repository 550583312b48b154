/** `mte-oracle minimize`: what it prints and writes, and how it ends when there is not enough time. */
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { read } from "../house/tree.ts";
import { main, mteOracle, scratch, write } from "./command.ts";

const story = "failed-migration-leaves-the-page-isolated.json";
write("story.json", read(`counterexamples/bugs/${story}`));
const inScratch = (name: string) => fs.readFileSync(path.join(scratch, name), "utf8");

describe("minimize", () => {
  test("writes the small one beside the file, and says how small it is", () => {
    const { code, out, err } = mteOracle("minimize", "story.json", "--quiet");
    expect(err).toBe("");
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "from  4 operations, 1 switch, 12 actions",
        "to    2 operations, 0 switches, 6 actions",
        "1-minimal: nothing can be left out or made smaller by itself (126 runs tried)",
        "4/1/12 is shortest in the scope it came with: yes, every shorter run was searched (411 states)",
        "2/0/6 is shortest in its own scope: yes, every shorter run was searched (6 states)",
        "written to story.minimal.json",
        "",
      ].join("\n"),
    );
    expect(inScratch("story.minimal.json")).toContain('"minimal": "shortest"');
    expect(mteOracle("replay", "story.minimal.json").code).toBe(0);
  });

  test("is one document with --json, and writes where it is told", () => {
    const { code, out } = mteOracle("minimize", "story.json", "--json", "--to", "small.json");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      schema: "mte-oracle/minimized/1",
      file: "small.json",
      from: { operations: 4, switches: 1, actions: 12 },
      to: { operations: 2, switches: 0, actions: 6 },
      oneMinimal: true,
      exitCode: 0,
    });
    expect(inScratch("small.json")).toBe(inScratch("story.minimal.json"));
  });

  test("without the search of the scope it claims to be 1-minimal and no more", () => {
    const { code, out } = mteOracle(
      "minimize",
      "story.json",
      "--max-states",
      "0",
      "--to",
      "m.json",
    );
    expect(code).toBe(0);
    expect(out).not.toContain("shortest");
    expect(inScratch("m.json")).toContain('"minimal": "one-minimal"');
  });

  test("what does not fail is told in one line, and nothing is written", () => {
    write(
      "sound.json",
      read(`counterexamples/bugs/${story}`).replace(`"${path.basename(story, ".json")}"`, ""),
    );
    const { code, err } = mteOracle("minimize", "sound.json", "--quiet");
    expect(code, err).toBe(1);
    expect(err).toMatch(/^mte-oracle: sound\.json does not fail as it says[^\n]*\n$/);
    expect(fs.existsSync(path.join(scratch, "sound.minimal.json"))).toBe(false);
  });

  test("a run of a suite is made smaller, too, and parts again", () => {
    const suite = [
      "suite",
      "swap-restore",
      "--bug",
      "slot-given-twice",
      "--keep",
      "kept",
      "--quiet",
    ];
    expect(mteOracle(...suite).code).toBe(1);
    const [name = ""] = fs.readdirSync(path.join(scratch, "kept"));
    const { code, out, err } = mteOracle("minimize", `kept/${name}`, "--to", "kept.json");
    expect(code, err).toBe(0);
    expect(out).toMatch(/^from .*\nto .*\n1-minimal: .*\nwritten to kept\.json\n$/);
    expect(mteOracle("suite", "--again", "kept.json").code).toBe(1);
  });

  test("out of time it keeps the smallest so far and ends with 3", () => {
    const name = "cma--pins-stop-no-tagged-access.json";
    write("loop.json", read(`counterexamples/corpus/${name}`));
    const { code, out } = mteOracle("minimize", "loop.json", "--time-limit", "0.001");
    expect(code).toBe(3);
    expect(out).toContain("not finished: the smallest so far");
    expect(mteOracle("replay", "loop.minimal.json").code).toBe(0);
  });

  test("Ctrl-C keeps the smallest so far, and ends with 130", async () => {
    const lasso = JSON.parse(read("counterexamples/corpus/cma--pins-stop-no-tagged-access.json"));
    const loop = lasso.steps.slice(lasso.loopFrom);
    const steps = [...lasso.steps, ...Array.from({ length: 40 }, () => loop).flat()];
    write("endless.json", JSON.stringify({ ...lasso, steps }));
    const ended = await new Promise<{ code: number | null; out: string }>((resolve) => {
      const child = spawn(process.execPath, [main, "minimize", "endless.json"], { cwd: scratch });
      let out = "";
      child.stdout.on("data", (data) => {
        out += String(data);
      });
      /** Its first line of progress, long before the end: it is at work. */
      child.stderr.once("data", () => child.kill("SIGINT"));
      child.on("close", (code) => resolve({ code, out }));
    });
    expect(ended.code, ended.out).toBe(130);
    expect(ended.out).toContain("not finished: the smallest so far");
    expect(mteOracle("replay", "endless.minimal.json").code).toBe(0);
  });
});
