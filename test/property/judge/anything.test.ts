/**
 * Logs of anything at all: operations and outcomes that do not fit, numbers out of bounds, fields
 * missing, gaps. The judge has a verdict on every entry, and what it believes of an entry that it
 * refused it goes on from: the same entry once more is not news, if it can be true twice.
 */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Limits } from "../../../model/index.ts";
import {
  createOracle,
  findingAsText,
  judge,
  type LogEntry,
  type LogHead,
  LogJudge,
  logEventSchema,
  logLine,
  OracleError,
} from "../../../oracle/index.ts";
import { choices, operations, outcomes } from "../../unit/contract/examples.ts";
import { anyWalk } from "../../unit/contract/walks.ts";
import { corrupted, logOfWalk } from "./logs.ts";

const limits: Limits = {
  granulesPerPage: 2,
  handles: 4,
  taggablePages: 3,
  slots: 2,
  files: 2,
  pagesPerFile: 2,
  getForm: "consuming",
};
const head: LogHead = { log: "mte-oracle", version: 1, limits };

/** The same with other numbers, most of them within bounds. */
const renumbered = (value: unknown, numbers: () => number, name = ""): unknown => {
  if (typeof value === "number") return name === "order" ? numbers() % 3 : numbers();
  if (Array.isArray(value)) return value.slice(0, 2).map((each) => renumbered(each, numbers));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, renumbered(each, numbers, key)]),
  );
};

const anyEntry: fc.Arbitrary<LogEntry> = fc
  .record({
    operation: fc.constantFrom(...operations.map(([operation]) => operation)),
    choice: fc.option(fc.constantFrom(...choices.map(([choice]) => choice)), { nil: undefined }),
    outcome: fc.option(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...outcomes.map(([outcome]) => outcome)) },
        { weight: 1, arbitrary: fc.constant("unknown" as const) },
      ),
      { nil: undefined, freq: 9 },
    ),
    numbers: fc.array(fc.nat({ max: 4 }), { minLength: 16, maxLength: 16 }),
    gap: fc.nat({ max: 30 }),
  })
  .map(({ operation, choice, outcome, numbers, gap }): LogEntry => {
    if (gap === 0) return { gap: {} };
    if (gap === 1) return { gap: { pages: [1], slots: [0] } };
    let at = 0;
    const event = { operation, ...(choice ? { choice } : {}), ...(outcome ? { outcome } : {}) };
    return logEventSchema.parse(renumbered(event, () => numbers[at++ % 16] ?? 0));
  });

const runs = { seed: 20260401, numRuns: 40, endOnFailure: true } as const;
const anyLog = fc.array(anyEntry, { minLength: 30, maxLength: 60 });

test("every entry has a verdict that can be told in lines of 100 columns", () => {
  const kinds = new Map<string, number>();
  fc.assert(
    fc.property(anyLog, fc.constantFrom(4, 4096), (entries, cap) => {
      const { findings, counts } = judge([head, ...entries].map(logLine), { cap });
      expect(counts.entries).toBe(entries.length);
      for (const finding of findings) {
        kinds.set(finding.verdict.kind, (kinds.get(finding.verdict.kind) ?? 0) + 1);
        const lines = findingAsText("a.jsonl", finding).split("\n");
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
      }
    }),
    runs,
  );
  for (const kind of ["ill-formed", "inconclusive"])
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(3);
});

test("what is believed of a look is not news at the next look", () => {
  let believed = 0;
  fc.assert(
    fc.property(anyWalk, (walked) => {
      const live = new LogJudge({ ...head, limits: walked.limits });
      for (const [at, event] of logOfWalk(walked.limits, walked.plan).entries()) {
        const reads = /^(read-tag|read-bytes|read-file)$/.test(event.operation.kind);
        const entry = reads ? (corrupted([event], "value", 0, at)[0] ?? event) : event;
        const first = live.entry(entry);
        if (!reads || first.kind !== "deviation") continue;
        believed++;
        expect(live.entry(entry)).toEqual({ kind: "explained" });
      }
    }),
    runs,
  );
  expect(believed).toBeGreaterThan(10);
});

test("an oracle for tests throws what the judge finds, and forgets what it did not see", () => {
  const oracle = createOracle(limits);
  const read = { kind: "read-bytes", handle: 0 } as const;
  const wish = { owner: 0, tagged: false, zeroed: true, context: "sleepable", order: 0 } as const;
  oracle.demand({ kind: "allocate", ...wish }, { kind: "pages", handles: [0] });
  oracle.demand(read, { kind: "bytes", bytes: 0 });
  expect(() => oracle.demand(read, { kind: "bytes", bytes: 1 })).toThrow(OracleError);
  oracle.demand(read, { kind: "bytes", bytes: 1 });
  oracle.lost();
  oracle.demand(read, { kind: "bytes", bytes: 2 });
  expect(() => oracle.demand(read, { kind: "bytes", bytes: 3 })).toThrow(
    /^step:6: a-byte-read-returns-the-last-write\n/,
  );
});
