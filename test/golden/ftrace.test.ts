/**
 * Traces of real kernels (Debian's cloud kernels for arm64 6.1, 6.12 and 7.3 under QEMU): what they
 * did is explained, and what they did not do, written into the same traces, is not.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRuleId } from "../../model/index.ts";
import { judge, type LogReport, rulesInSight, traceHead, traceReader } from "../../oracle/index.ts";
import { root } from "../house/tree.ts";

const folder = path.join(root, "test/golden/ftrace");
const traces = fs.readdirSync(folder).sort();
const linesOf = (name: string): readonly string[] =>
  fs.readFileSync(path.join(folder, name), "utf8").trimEnd().split("\n");

const judged = (lines: readonly string[]): LogReport =>
  judge(lines, { head: traceHead, read: traceReader() });

const told = ({ findings }: LogReport): readonly string[] =>
  findings.map(({ verdict }) => (verdict.kind === "deviation" ? verdict.rule : verdict.kind));

test("the rules in sight are rules", () => {
  expect(rulesInSight.every(isRuleId)).toBe(true);
});

describe.each(traces)("%s", (name) => {
  const lines = linesOf(name);
  const saves = lines.flatMap((line, at) => (line.includes("mte_save_tags:") ? [at] : []));

  test("is explained, each of its lines read", () => {
    const report = judged(lines);
    expect(report.findings).toEqual([]);
    expect(report.malformed).toBeNull();
    expect(report.counts.entries).toBeGreaterThan(60);
  });

  test("a slot that another page's tags are in is given twice", () => {
    const [first = 0, second = 0] = saves;
    const entry = /entry=\S+/.exec(lines[first] ?? "")?.[0] ?? "";
    const wrong = lines.with(second, (lines[second] ?? "").replace(/entry=\S+/, entry));
    expect(told(judged(wrong))).toEqual(["a-slot-is-given-once"]);
    expect(judged(wrong).findings[0]?.line).toBe(second + 1);
  });

  test("swapoff with tags that never came back leaves a slot", () => {
    const area = lines.findIndex((line) => line.includes("mte_invalidate_tags_area:"));
    const entry = /entry=0x(\S+)/.exec(lines[saves.at(-1) ?? 0] ?? "")?.[1] ?? "";
    const gone = new RegExp(`(entry|offset)=0x${entry}$`);
    const wrong = lines.filter((line, at) => !gone.test(line) || at === saves.at(-1));
    expect(told(judged(wrong))).toEqual(["swapoff-leaves-no-slot"]);
    expect(area).toBeGreaterThan(0);
  });

  test("lost events are a gap, and nothing wrong is made of them", () => {
    for (const at of [0, 10, 20, 30, 40]) {
      const lost = lines.slice(at, at + 5).length;
      const rest = [...lines.slice(0, at), `CPU:0 [LOST ${lost} EVENTS]`, ...lines.slice(at + 5)];
      expect(judged(rest)).toMatchObject({ findings: [], counts: { gaps: 1 } });
    }
  });
});

test("other names of the arguments, and other events, are taken", () => {
  const line = (rest: string) => `  task-1  [000] d....  1.000001: ${rest}`;
  const lines = [
    line("m_mte_save_tags: (mte_save_tags+0x0/0x98) a0=0x100 a1=0x1 entry=0x5"),
    line("m_mte_restore_tags: (mte_restore_tags+0x0/0x98) a0=0x5 a1=0x140"),
    line("sched_switch: prev_comm=a prev_pid=1 ==> next_comm=b next_pid=2"),
    line("mte_save_tags: (mte_save_tags) page=0x200"),
    "# a remark",
  ];
  expect(judged(lines)).toMatchObject({ findings: [], malformed: null, counts: { malformed: 0 } });
});

test.each([
  ["hello", "line: expected a line of ftrace text, found hello"],
  [" t-1 [0] d.. 1.0: x: (mte_save_tags+0x0/0x1) entry=0x1", "page: expected page=, or a0="],
  [" t-1 [0] d.. 1.0: x: (mte_save_tags) page=many", "page: expected a number, found many"],
])("the line %s is told in one line", (line, message) => {
  const { malformed } = judged([line]);
  expect(`${malformed?.field}: ${malformed?.message}`).toContain(message);
});

test("10,000 lines made of pieces of real ones end in nothing worse than a message", () => {
  const all = traces.flatMap(linesOf);
  const spoilt = fc
    .tuple(
      fc.constantFrom(...all),
      fc.nat(160),
      fc.string({ unit: "binary", maxLength: 6 }),
      fc.nat(4),
    )
    .map(([line, at, text, cut]) => line.slice(0, at) + text + line.slice(at + cut));
  fc.assert(
    fc.property(fc.array(spoilt, { minLength: 100, maxLength: 100 }), (lines) => {
      const { malformed } = judged(lines);
      if (malformed) expect(malformed.message).toMatch(/^expected /);
    }),
    { seed: 20260301, numRuns: 100 },
  );
});
