/** The adapters that are shipped: they pass, their bugs are found, made short, kept and replayed. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readReply, requestSchema } from "../../oracle/index.ts";
import { root } from "../house/tree.ts";
import { mteOracle, scratch, write } from "./command.ts";

const inC = "./manager";
const inPython = `python3 "${path.join(root, "oracle/adapters/python/adapter.py")}"`;
const own = (design: string, ...bugs: readonly string[]): string =>
  [
    `"${process.execPath}" "${path.join(root, "dist/oracle/adapters/own/main.js")}"`,
    `--design ${design}`,
    ...bugs.map((bug) => `--bug ${bug}`),
  ].join(" ");

/** Without a C compiler this fails and says so: CI has one. */
beforeAll(() => {
  const folder = path.join(root, "oracle/adapters/c");
  const out = path.join(scratch, "manager");
  const made = spawnSync("make", ["-C", folder, `OUT=${out}`], { encoding: "utf8" });
  expect(made.status, `make and a C compiler are needed: ${made.stderr}`).toBe(0);
});

const driving = (adapter: string, ...more: readonly string[]) =>
  mteOracle("test", "--adapter", adapter, "--runs", "32", ...more);

describe("the adapters pass", () => {
  type Passing = readonly [name: string, adapter: string, runs: number, more: readonly string[]];
  /** Our own is one program for every design: it is asked once whether it keeps to the protocol. */
  const adapters: readonly Passing[] = [
    ["C", inC, 12, []],
    ["Python", inPython, 8, []],
    ["carveout", own("carveout"), 5, []],
    ["cleancache-page", own("cleancache-page"), 5, ["--no-conformance"]],
    ["cleancache-folio", own("cleancache-folio"), 5, ["--no-conformance"]],
  ];

  test.each(adapters)("%s", (_name, adapter, runs, more) => {
    const asked = ["--adapter", adapter, "--runs", String(runs), ...more];
    const { code, out, err } = mteOracle("test", ...asked);
    expect({ code, err }, out).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^seed 20240220\n\d+ runs, \d+ operations, 0 failures\n/);
  });

  test("the kit alone", () => {
    const { code, out } = mteOracle("test", "--adapter", inC, "--conformance");
    expect(code, out).toBe(0);
    expect(out.match(/^ok /gm)).toHaveLength(8);
  });
});

const stories: readonly (readonly [
  bug: string,
  adapter: string,
  rule: string,
  mostSteps: number,
  told: RegExp,
])[] = [
  [
    "claim-leaves-the-copy",
    inC,
    "reads-return-the-newest-bytes",
    9,
    /\| claim_storage\(\d\)[\s\S]*\| cleancache_get\(\d, \d\): hit in storage \d/,
  ],
  [
    "untagged-mapping-does-not-restore",
    inC,
    "tags-come-back-whatever-the-mapping",
    4,
    /by a fault, for an untagged mapping/,
  ],
  [
    "refused-put-keeps-the-older-copy",
    inPython,
    "no-hit-after-a-dropped-put",
    14,
    /\| put\(\d, \d\): refused/,
  ],
  [
    "invalidation-misses-the-last-page",
    inPython,
    "no-hit-after-an-invalidate",
    10,
    /\| invalidate: forgets \[\(/,
  ],
  ["slot-given-twice", own("carveout"), "a-slot-is-given-once", 6, /gets slot 0[\s\S]*gets slot 0/],
];

describe("a planted bug", () => {
  test.each(stories)("%s is found, made short and replayed", (bug, adapter, rule, most, told) => {
    const planted = `${adapter} --bug ${bug}`;
    const { code, out } = driving(planted, "--no-conformance", "--save", bug, "--json");
    expect(code, out).toBe(1);
    const { findings } = JSON.parse(out);
    const found = findings.find(({ ending }: { ending: { refusal?: { rule: string } } }) => {
      return ending.refusal?.rule === rule;
    });
    expect(found?.steps, out).toBeLessThanOrEqual(most);
    expect(found.reproduced).toBe(true);
    const recorded = mteOracle("replay", found.file);
    expect(recorded.code, recorded.err).toBe(0);
    expect(recorded.out).toMatch(told);
    expect(recorded.out).toMatch(/^REPRODUCED by the answers in the file$/m);
    expect(recorded.out.split("\n").filter((line) => line.length > 100)).toEqual([]);
    const again = mteOracle("replay", found.file, "--adapter", planted);
    expect({ code: again.code, err: again.err }).toEqual({ code: 0, err: "" });
    const mended = mteOracle("replay", found.file, "--on", `adapter=${adapter}`);
    expect(mended.code, mended.err).toBe(1);
    expect(mended.out).toMatch(
      /every answer is one that the contract allows[\s\S]*^NOT REPRODUCED by the adapter$/im,
    );
  });

  test("the same seed finds the same, byte for byte, and shards share the runs out", () => {
    const planted = `${inC} --bug claim-leaves-the-copy`;
    const args = ["--no-conformance", "--findings", "1", "--save", "same", "--json"];
    const { out } = driving(planted, ...args);
    expect(driving(planted, ...args).out).toBe(out);
    const runs = (...more: readonly string[]) =>
      JSON.parse(driving(inC, "--runs", "8", "--no-conformance", "--json", ...more).out);
    const shards = ["1/3", "2/3", "3/3"].map((shard) => runs("--shard", shard));
    expect(shards.map((each) => each.runs)).toEqual([3, 3, 2]);
    const whole = runs();
    expect(shards.reduce((sum, { operations }) => sum + operations, 0)).toBe(whole.operations);
  });

  test("cma is found to hang, as its row says", () => {
    const args = ["--no-conformance", "--timeout", "300", "--findings", "1", "--save", "hung"];
    const { code, out } = driving(own("cma"), ...args);
    expect(code, out).toBe(1);
    expect(out).toMatch(/^FOUND in run \d+: the adapter did not answer within 300 ms/m);
    expect(out).toMatch(/enables tags on page/);
  });
});

describe("the pages", () => {
  const page = (name: string): string => fs.readFileSync(path.join(root, "docs", name), "utf8");

  test("docs/protocol.md quotes a talk with the manager in C as it is", () => {
    const [, quoted = ""] = page("protocol.md").split(/<!-- \/?conversation -->/);
    const said = (who: string): readonly string[] =>
      quoted.split("\n").flatMap((line) => (line.startsWith(who) ? [line.slice(2)] : []));
    const requests = said("> ");
    for (const line of requests) requestSchema.parse(JSON.parse(line));
    const input = requests.map((line) => `${line}\n`).join("");
    const { stdout } = spawnSync(inC, [], { cwd: scratch, input, encoding: "utf8" });
    expect(stdout.trimEnd().split("\n")).toEqual(said("< "));
    expect(said("< ")).toHaveLength(requests.length - 1);
    for (const line of said("< ")) expect(readReply(line).kind).toBe("reply");
  });

  test.each(["protocol.md", "ci.md"])("docs/%s names options that there are", (name) => {
    const { out } = mteOracle("test", "--help");
    const named = [...page(name).matchAll(/(?<=[\s`"(])--[a-z][a-z-]+/g)].map(([option]) => option);
    const bugs = ["--bug", "--design"];
    expect(named.filter((option) => !bugs.includes(option) && !out.includes(option))).toEqual([]);
    expect(named.length).toBeGreaterThan(3);
  });
});

describe("reports", () => {
  const planted = `${inC} --bug untagged-mapping-does-not-restore`;
  const args = ["--runs", "6", "--findings", "1", "--save", "reports"];

  test("JUnit and annotations of GitHub, beside the text", () => {
    const asked = [...args, "--junit", "report.xml", "--annotations"];
    const { code, out, err } = mteOracle("test", "--adapter", planted, ...asked);
    expect({ code, told: out.includes("\nDEVIATES: ") }).toEqual({ code: 1, told: true });
    const xml = fs.readFileSync(path.join(scratch, "report.xml"), "utf8");
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites /);
    expect(xml).toMatch(/<testcase name="hello" classname="conformance"\/>/);
    expect(xml).toMatch(/<failure message="tags-[a-z-]+: the tags/);
    expect(err).toMatch(
      /^::error file=reports[^\n]*title=cleancache manager in C[^\n]*::tags-[^\n]+\n$/,
    );
  });
});

const refused: readonly (readonly [code: number, args: readonly string[], told: RegExp])[] = [
  [2, [], /required option '--adapter/],
  [2, ["--adapter", ""], /--adapter: expected a command/],
  [2, ["--adapter", "'./manager"], /--adapter: expected a quote that is closed/],
  [2, ["--adapter", "./no-such-program"], /there is no such program/],
  [2, ["--adapter", "."], /cannot be started/],
  [2, ["--adapter", inC, "--shard", "3/2"], /I from 1 to N/],
  [2, ["--adapter", inC, "--timeout", "0"], /whole number/],
  [2, ["--adapter", inC, "--save", "in-the-way/x"], /cannot write/],
];

describe("wrong use", () => {
  write("in-the-way", "");

  test.each(refused.map(([code, args, told]) => [args.join(" "), code, args, told] as const))(
    "%s",
    (_name, code, args, told) => {
      const ended = mteOracle("test", ...args);
      expect({ code: ended.code, out: ended.out }).toEqual({ code, out: "" });
      expect(ended.err).toMatch(/^mte-oracle: [^\n]+\n$/);
      expect(ended.err).toMatch(told);
    },
  );

  test("an adapter that says nothing useful ends with 4, and tells what it said", () => {
    const { code, out } = mteOracle("test", "--adapter", "sh -c 'echo bad: flag >&2; echo usage'");
    expect(code).toBe(4);
    expect(out).toMatch(/^WRONG {2}hello /);
    expect(out).toMatch(/breaks the protocol, after hello: JSON: .*found usage\n/);
    expect(out).toMatch(/stderr: bad: flag\n$/);
  });

  const half = '{"format": "mte-oracle/driven-run", "version": 1}';
  test("a file that is no run", () => {
    const ended = mteOracle("replay", write("half-run.json", half));
    expect(ended).toMatchObject({ code: 4, out: "" });
    expect(ended.err).toMatch(/^mte-oracle: half-run.json:1: \w+: expected .*found nothing\n$/);
  });

  test.each([
    ["--adapter", inC],
    ["--on", `adapter=${inC}`],
  ])("%s is for runs that test has saved", (...asked) => {
    const corpus = path.join(root, "counterexamples/corpus");
    const [file = ""] = fs.readdirSync(corpus);
    const ended = mteOracle("replay", path.join(corpus, file), ...asked);
    expect(ended).toMatchObject({ code: 2, out: "" });
  });
});
