/**
 * Logs of real systems: the agent of oracle/adapters/linux, driven by this project, in guests with
 * Debian's kernels for arm64 under QEMU 10.0.2, and under the user mode of QEMU 7.2. The kernels do
 * what the contract says; user mode is known to keep the top byte of si_addr, to lose tags in mremap
 * and shared memory, to check no system call, and to have no ptrace.
 */
import { describe, expect, test } from "vitest";
import { judge } from "../../oracle/index.ts";
import { read } from "../house/tree.ts";

const log = (name: string): readonly string[] =>
  read(`test/golden/process/${name}.jsonl`).trimEnd().split("\n");

const ruleIn = (lines: readonly string[]): readonly string[] =>
  judge(lines).findings.map(({ verdict }) =>
    verdict.kind === "deviation" ? verdict.rule : verdict.kind,
  );

describe.each(["linux-6.1", "linux-6.12", "linux-7.3"])("%s", (name) => {
  const lines = log(name);

  test("is explained", () => {
    const { findings, malformed, counts } = judge(lines);
    expect({ findings, malformed }).toEqual({ findings: [], malformed: null });
    expect(counts).toMatchObject({ unjudged: 0, inconclusive: 0 });
    expect(counts.entries).toBeGreaterThan(100);
  });

  test.each([
    [/"async":0,"tags":"(\d*)[1-9]/, '"tags":"$10', "a tag that is lost"],
    [/"fault":"SEGV_MTESERR"/, '"ok":1', "a mismatch that nobody reported"],
    [/"addrTop":0,"async":0/, '"addrTop":3', "a top byte"],
  ])("is not, with %s as %s: %s", (pattern, instead) => {
    const at = lines.findIndex((line) => pattern.test(line));
    expect(at).toBeGreaterThan(0);
    const changed = (lines[at] ?? "").replace(pattern, instead);
    expect(judge(lines.with(at, changed)).findings.map(({ line }) => line)).toContain(at + 1);
  });
});

test("the user mode of an emulator is found out", () => {
  const found = new Set(ruleIn(log("qemu-user-7.2")));
  expect([...found].toSorted()).toMatchInlineSnapshot(`
    [
      "madvise-fits-the-mapping",
      "modes-belong-to-threads",
      "tags-move-with-the-mapping",
      "tracers-need-prot-mte",
      "tracers-read-tags",
      "tracers-write-tags",
    ]
  `);
});
