/** `mte-oracle judge`: the example of its page, exit codes, stdin, and logs that are none. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { read, root } from "../house/tree.ts";
import { main, mteOracle, scratch, write } from "./command.ts";

const blocks = [...read("docs/judge.md").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
const block = (language: string): string => blocks.find(([, each]) => each === language)?.[2] ?? "";
const example = block("json");
const [head = "", ...entries] = example.trimEnd().split("\n");
const trace = write("trace.jsonl", example);
const log = (name: string, ...lines: readonly string[]): string =>
  write(name, `${[head, ...lines].join("\n")}\n`);

const right = log("right.jsonl", ...entries.slice(0, 3));
const freed = '{"operation":{"kind":"free","handle":6},"outcome":{"kind":"done"}}';
const put = '{"operation":{"kind":"put","file":0,"index":0,"bytes":0},"outcome":{"kind":"done"}}';
const readFile = '{"operation":{"kind":"read-file","file":0,"index":0},"outcome":{"kind":"bytes"}}';

test("the page shows what the command prints", () => {
  const { out, code } = mteOracle("judge", trace);
  expect(out).toBe(block("text"));
  expect(code).toBe(1);
});

describe("exit codes", () => {
  test.each<[string, number, readonly string[]]>([
    ["explained", 0, [right]],
    ["a gap", 0, [log("gap.jsonl", '{"gap":{"events":3}}', freed)]],
    ["a deviation", 1, [trace]],
    ["no such file", 2, ["nosuch.jsonl"]],
    ["a folder", 2, ["."]],
    ["a wrong number", 2, [right, "--cap", "0"]],
    ["the cap is hit", 3, [log("cap.jsonl", readFile, put), "--cap", "1"]],
    ["and that is allowed", 0, ["cap.jsonl", "--cap", "1", "--allow-inconclusive"]],
    ["ill-formed", 4, [log("freed.jsonl", freed)]],
    ["empty", 4, [write("empty.jsonl", "\n\n")]],
    ["no head", 4, [write("headless.jsonl", `${freed}\n`)]],
    ["a line is no entry", 4, [log("nonsense.jsonl", "nonsense", ...entries)]],
  ])("%s: %i", (_name, code, args) => {
    const ended = mteOracle("judge", ...args);
    expect(ended.code, ended.out + ended.err).toBe(code);
    if (code === 2) expect(ended.err).toMatch(/^mte-oracle: [^\n]+\n$/);
    expect(ended.err.split("\n").length).toBeLessThan(3);
  });

  test("what follows a line that is no entry is judged", () => {
    const { out, err } = mteOracle("judge", log("later.jsonl", "[", ...entries));
    expect(err).toMatch(/^mte-oracle: later.jsonl:2: JSON: expected [^\n]+\n$/);
    expect(out).toContain("later.jsonl:6: tags-survive-swap");
    expect(out).toContain("later.jsonl: 4 entries; 1 deviation, 1 line unread");
  });
});

test("a log comes from stdin as well, with any line ends", () => {
  const input = `\u{feff}${example.replaceAll("\n", "\r\n")}`.trimEnd();
  const { stdout, status } = spawnSync(process.execPath, [main, "judge", "-"], {
    cwd: scratch,
    input,
    encoding: "utf8",
  });
  expect(status).toBe(1);
  expect(stdout).toBe(block("text").replaceAll("trace.jsonl", "-"));
});

test("JSON has counts and findings, and no more of these than asked for", () => {
  const document = JSON.parse(mteOracle("judge", trace, "--json").out);
  expect(document).toMatchObject({
    counts: { entries: 4, deviations: 1 },
    findings: [{ line: 5, verdict: { rule: "tags-survive-swap" }, prefix: { first: 2, last: 4 } }],
    exitCode: 1,
  });
  const less = JSON.parse(mteOracle("judge", trace, "--json", "--max-findings", "0").out);
  expect(less).toMatchObject({ counts: { deviations: 1 }, findings: [], exitCode: 1 });
});

describe("--format ftrace", () => {
  const trace71 = path.join(root, "test/golden/ftrace/linux-7.3.4.txt");

  test("says what such a log can decide", () => {
    const { code, out } = mteOracle("judge", "--format", "ftrace", trace71);
    expect(code).toBe(0);
    expect(out).toMatch(/82 entries; explained\n {2}decided {6}a-slot-is-given-once, /);
  });

  test("a line that is none of a trace ends with 4", () => {
    const { code, err } = mteOracle("judge", "--format", "ftrace", write("not.txt", "hello\n"));
    expect(code).toBe(4);
    expect(err).toBe("mte-oracle: not.txt:1: line: expected a line of ftrace text, found hello\n");
  });
});

describe("--concurrent", () => {
  const at = (thread: number, call: number, end: number) => ({ thread, call, return: end });
  const calls = (tag: number): readonly string[] =>
    [
      {
        operation: {
          kind: "allocate",
          owner: 0,
          tagged: true,
          zeroed: true,
          context: "sleepable",
          order: 0,
        },
        outcome: { kind: "pages", handles: [0], seen: [{ tagged: true }] },
        ...at(0, 0, 10),
      },
      {
        operation: { kind: "write-tag", handle: 0, granule: 0, tag: 3 },
        outcome: { kind: "done" },
        ...at(1, 20, 40),
      },
      {
        operation: { kind: "read-tag", handle: 0, granule: 0 },
        outcome: { kind: "tag", tag },
        ...at(0, 30, 50),
      },
    ].map((event) => JSON.stringify(event));

  test.each([0, 3])("a tag that may be read: %i", (tag) => {
    const { code, out } = mteOracle("judge", "--concurrent", log("either.jsonl", ...calls(tag)));
    expect(out).toBe("either.jsonl: 3 calls of 2 threads in 1 portion; linearizable\n");
    expect(code).toBe(0);
  });

  test("one that may not is told, with a timeline", () => {
    const name = log("neither.jsonl", ...calls(7));
    const { code, out } = mteOracle("judge", "--concurrent", name, "--html", "timeline.html");
    expect(code).toBe(1);
    expect(out).toContain(
      "neither.jsonl:4: not linearizable\n  asked     thread 0 reads the tag of",
    );
    expect(out).toContain("cause     page 0 granule 0: 3 was written last\n");
    const html = fs.readFileSync(path.join(scratch, "timeline.html"), "utf8");
    expect(html).toMatch(/^<!DOCTYPE html>\n/);
    expect(html.match(/<rect /g)).toHaveLength(3);
    expect(html).toContain("#d9534f");
  });

  test("a history that is none ends with 4", () => {
    const name = log("history.jsonl", freed);
    const { code, err } = mteOracle("judge", "--concurrent", name);
    expect(code).toBe(4);
    expect(err).toMatch(
      /history.jsonl:2: history: an event of a concurrent history names its thread/,
    );
  });
});
