/** Logs of programs on a kernel: what the judge says of each kind of line, and of partial sights. */
import { describe, expect, test } from "vitest";
import { findingAsText, judge, type LogReport } from "../../../oracle/index.ts";
import { countsAsText } from "../../../oracle/judge/index.ts";
import { read } from "../../house/tree.ts";

type Line = object | string;

const head = { log: "mte-oracle", version: 1, vocabulary: "process", kernel: "6.12" };
const text = (line: Line): string => (typeof line === "string" ? line : JSON.stringify(line));
const judged = (lines: readonly Line[], more: object = {}): LogReport =>
  judge([{ ...head, ...more }, ...lines].map(text), { file: "log" });

const step = (operation: object, outcome?: object | string): object => ({
  operation,
  ...(outcome === undefined ? {} : { outcome }),
});
const a = 0x1000000000;
const map = (prot = "rwm", pointer: number = a): object =>
  step({ op: "mmap", as: "a", len: 4096, prot, flags: ["private", "anon"] }, { pointer });
const sync = step({ op: "prctl", tcf: "sync", incl: "0xffff" }, { ret: 0 });
const settags = (tag: number): object =>
  step({ op: "settags", addr: "a", len: 32, tag }, { ok: 1 });
const tags = (seen: string): object => step({ op: "tags", addr: "a", n: 2 }, { tags: seen });

const verdicts = ({ findings }: LogReport): readonly string[] =>
  findings.map(({ line, verdict }) =>
    verdict.kind === "deviation" ? `${line}: ${verdict.rule}` : `${line}: ${verdict.kind}`,
  );

test("the page shows what the judge says", () => {
  const page = read("docs/processes.md");
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)?.[1] ?? "";
  const { findings, counts } = judge(block("json"), { file: "agent.jsonl" });
  const told = findings.map((finding) => findingAsText("agent.jsonl", finding)).join("");
  expect(told + countsAsText("agent.jsonl", counts)).toBe(block("text"));
});

describe("what is seen", () => {
  const scene = [sync, map(), settags(3)];
  const swapOut = (seen: object) => step({ op: "pageout", addr: "a", len: 4096 }, seen);

  test.each<[string, readonly Line[], readonly string[]]>([
    ["all of it", [tags("33")], []],
    [
      "nothing",
      [step({ op: "tags", addr: "a", n: 2 }), step({ op: "tags", addr: "a", n: 2 }, {})],
      [],
    ],
    ["some digits", [tags("?3"), tags("3?")], []],
    ["a wrong digit", [tags("?4")], ["5: ldg-reads-the-granule"]],
    ["a wrong number of digits", [tags("333")], ["5: ldg-reads-the-granule"]],
    ["a place by its number", [step({ op: "ldg", addr: a + 16 }, { tag: 3 })], []],
    [
      "an error where there is none",
      [step({ op: "munmap", addr: "a", len: 4096 }, { errno: "EINVAL" })],
      ["5: munmap-discards-tags"],
    ],
    ["a signal", [step({ op: "load", addr: "a@4" }, { fault: "SEGV_MTESERR", addr: a })], []],
    [
      "a signal elsewhere",
      [step({ op: "load", addr: "a@4" }, { fault: "SEGV_MTESERR", addr: a + 16 })],
      ["5: sync-does-not-access"],
    ],
    ["no signal", [step({ op: "load", addr: "a@4" }, { ok: 1 })], ["5: sync-does-not-access"]],
    ["no signal, and nobody looked", [step({ op: "load", addr: "a@4" }, {})], []],
    [
      "a top byte",
      [step({ op: "load", addr: "a@4" }, { fault: "SEGV_MTESERR", addrTop: 4 })],
      ["5: tag-bits-are-shown-on-demand"],
    ],
    ["a page that would not go", [swapOut({ swapped: 0 })], []],
    [
      "a page that came back by itself",
      [swapOut({ swapped: 1 }), step({ op: "present", addr: "a" }, { present: 1 })],
      [],
    ],
    [
      "a report that nobody ordered",
      [step({ op: "load", addr: "a@3" }, { async: 1 })],
      ["5: matching-tags-access"],
    ],
    ["two mappings at one place", [map()], ["5: mmap-refuses-nonsense"]],
  ])("%s", (_name, lines, expected) => {
    expect(verdicts(judged([...scene, ...lines]))).toEqual(expected);
  });

  test("a kernel that moves pages when asked only has to do it", () => {
    const out = [...scene, swapOut({ swapped: 0 })];
    expect(verdicts(judged(out, { reclaim: "asked" }))).toEqual(["5: swap-keeps-tags"]);
  });

  test("versions differ", () => {
    const huge = step(
      { op: "mmap", as: "h", len: 2097152, prot: "rwm", flags: ["private", "anon", "hugetlb"] },
      { pointer: 0x2000000000 },
    );
    expect(verdicts(judged([huge], { kernel: "6.12.95+deb12" }))).toEqual([
      "2: hugetlb-has-tags-since-6.13",
    ]);
    expect(verdicts(judged([huge], { kernel: "7.3.4" }))).toEqual([]);
  });
});

describe("what is not known", () => {
  const discard = step({ op: "madvise", addr: "a", len: 4096, advice: "dontneed" }, "unknown");

  test("a step that may not have happened leaves both", () => {
    const scene = [map(), settags(3), discard];
    expect(verdicts(judged([...scene, tags("33"), tags("33")]))).toEqual([]);
    expect(verdicts(judged([...scene, tags("00"), tags("00")]))).toEqual([]);
    expect(verdicts(judged([...scene, tags("33"), tags("00")]))).toEqual([
      "6: ldg-reads-the-granule",
    ]);
  });

  test("tags that were seen are believed", () => {
    const { findings, counts } = judged([map(), settags(3), tags("00"), tags("00"), tags("03")]);
    expect(findings.map(({ line }) => line)).toEqual([4, 6]);
    expect(counts).toMatchObject({ deviations: 2, unjudged: 0 });
  });

  test("after anything else there are doubts about the page, until it is mapped anew", () => {
    const strange = step({ op: "stg", src: "a@5", addr: "a" }, { fault: "SEGV_MAPERR" });
    const load = (seen: object) => step({ op: "load", addr: "a@3" }, seen);
    const after = [load({ fault: "SEGV_MAPERR" }), load({ fault: "SEGV_MAPERR" })];
    const unmap = step({ op: "munmap", addr: "a", len: 4096 }, { ret: 0 });
    const { findings, counts } = judged([
      sync,
      map(),
      settags(3),
      strange,
      ...after,
      unmap,
      map(),
      tags("33"),
    ]);
    expect(findings.map(({ line }) => line)).toEqual([5, 10]);
    expect(counts.unjudged).toBe(2);
  });

  test("after a gap nothing is judged until the next beginning", () => {
    const { findings, counts } = judged([
      map(),
      { gap: { events: 2 } },
      tags("77"),
      { begin: {} },
      map(),
      tags("77"),
    ]);
    expect(findings.map(({ line }) => line)).toEqual([7]);
    expect(counts).toMatchObject({ entries: 5, gaps: 1, unjudged: 1, deviations: 1 });
  });

  test("too many states end it", () => {
    const free = step({ op: "madvise", addr: "a", len: 4096, advice: "free" }, { ret: 0 });
    const lines = [
      head,
      map(),
      settags(3),
      free,
      step({ op: "tags", addr: "a", n: 2 }),
      tags("77"),
    ];
    const { findings, counts } = judge(lines.map(text), { cap: 1 });
    expect(findings.map(({ verdict }) => verdict.kind)).toEqual(["inconclusive"]);
    expect(counts).toMatchObject({ inconclusive: 1, unjudged: 1 });
  });
});

describe("what is wrong with a log", () => {
  test.each<[string, Line, string]>([
    ["a name of nobody", step({ op: "ldg", addr: "b" }, {}), "nothing is bound to b"],
    [
      "a thread that is not there",
      step({ op: "ldg", proc: "q", addr: "a" }, {}),
      "there is no thread q",
    ],
    [
      "outside of the model",
      step({ op: "madvise", addr: "a", len: 4096, advice: "hwpoison" }),
      "memory failures are not modelled",
    ],
  ])("%s is ill-formed", (_name, line, why) => {
    const { findings } = judged([map(), line]);
    expect(findings).toMatchObject([{ line: 3, verdict: { kind: "ill-formed" } }]);
    expect(findings.map((finding) => findingAsText("log", finding)).join("")).toContain(why);
  });

  test.each<[string, Line, string, string]>([
    ["no such operation", step({ op: "ldgm2", addr: "a" }), "operation.op", "expected one of"],
    [
      "a field too many",
      step({ op: "ldg", addr: "a", tag: 3 }),
      "operation.tag",
      "expected no such field",
    ],
    ["a register of EL1", step({ op: "getRgsr" }), "operation.op", "expected one of"],
    [
      "no such observable",
      step({ op: "ldg", addr: "a" }, { tagg: 3 }),
      "outcome.tagg",
      "expected no such field",
    ],
    [
      "no tags",
      step({ op: "ldg", addr: "a" }, { tags: "xx" }),
      "outcome.tags",
      "hexadecimal digits",
    ],
    ["no entry", {}, "operation", "expected"],
    ["no JSON", "{", "JSON", "expected"],
  ])("%s is malformed", (_name, line, field, message) => {
    const { malformed, counts } = judged([line, tags("00")]);
    expect(malformed).toMatchObject({ file: "log", line: 2, field });
    expect(malformed?.message).toContain(message);
    expect(counts).toMatchObject({ malformed: 1, unjudged: 1, deviations: 0 });
  });

  test.each([
    [{ kernel: "six" }, "kernel", "expected a version"],
    [{ vocabulary: "procfs" }, "vocabulary", 'expected "process", or none, found procfs'],
    [{ limits: {} }, "limits", "expected no such field"],
  ])("%j in the head", (more, field, message) => {
    const { malformed } = judged([], more);
    expect(malformed).toMatchObject({ line: 1, field });
    expect(malformed?.message).toContain(message);
  });
});
