/** The judge, which stores flat and in groups, says what the plain set of states says. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Limits } from "../../../model/index.ts";
import { type LogEvent, LogJudge } from "../../../oracle/index.ts";
import { contractOf } from "../../unit/contract/happenings.ts";
import { anyWalk, runs } from "../../unit/contract/walks.ts";
import { BruteForce, domainOf } from "./brute-force.ts";
import { corrupted, corruptions, lessSeen, logOfWalk, unseen } from "./logs.ts";

type Ending = { readonly line: number; readonly kind: string; readonly rules: readonly string[] };

const byBruteForce = (limits: Limits, events: readonly LogEvent[]): Ending => {
  const brute = new BruteForce(contractOf(limits), domainOf(events));
  for (const [line, event] of events.entries()) {
    const told = brute.event(event);
    if (told.kind !== "explained")
      return { line, kind: told.kind, rules: told.kind === "refused" ? told.rules : [] };
  }
  return { line: events.length, kind: "explained", rules: [] };
};

const byJudge = (limits: Limits, events: readonly LogEvent[]): Ending => {
  const judge = new LogJudge({ log: "mte-oracle", version: 1, limits });
  for (const [line, event] of events.entries()) {
    const told = judge.entry(event);
    if (told.kind === "deviation") return { line, kind: "refused", rules: [told.rule] };
    if (told.kind !== "explained") return { line, kind: told.kind, rules: [] };
  }
  return { line: events.length, kind: "explained", rules: [] };
};

const agree = (limits: Limits, events: readonly LogEvent[]): Ending => {
  const [brute, judge] = [byBruteForce(limits, events), byJudge(limits, events)];
  const text = () => events.map((event, at) => `${at} ${JSON.stringify(event)}`).join("\n");
  expect({ line: judge.line, kind: judge.kind }, text()).toEqual({
    line: brute.line,
    kind: brute.kind,
  });
  for (const rule of judge.rules) expect(brute.rules, text()).toContain(rule);
  return judge;
};

const number = fc.noBias(fc.nat({ max: 9999 }));

describe("fully observed logs", () => {
  test("are explained to their end", () => {
    fc.assert(
      fc.property(anyWalk, ({ limits, plan }) => {
        const events = logOfWalk(limits, plan);
        expect(agree(limits, events).kind).toBe("explained");
      }),
      { ...runs, numRuns: 150 },
    );
  });

  test("with one mistake are refused where the plain set is empty, by a rule of it", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(
        anyWalk,
        fc.constantFrom(...corruptions),
        number,
        number,
        ({ limits, plan }, kind, place, which) => {
          const events = logOfWalk(limits, plan);
          const wrong = corrupted(events, kind, place % Math.max(1, events.length), which);
          const { kind: told } = agree(limits, wrong);
          kinds.set(told, (kinds.get(told) ?? 0) + 1);
        },
      ),
      { ...runs, numRuns: 500 },
    );
    for (const told of ["explained", "refused", "ill-formed"])
      expect(kinds.get(told) ?? 0, told).toBeGreaterThan(10);
  });
});

/** Room for every page: how many unseen homes may be taggable is told as bounds, not as a set. */
const roomy = (limits: Limits): Limits => ({ ...limits, taggablePages: limits.handles });

describe("partly observed logs", () => {
  test("are explained to their end", () => {
    fc.assert(
      fc.property(anyWalk, fc.array(number, { minLength: 30 }), ({ limits, plan }, bits) => {
        const events = logOfWalk(limits, plan).map((event, at) => lessSeen(event, bits[at] ?? 0));
        expect(byJudge(limits, events)).toMatchObject({ kind: "explained" });
      }),
      { ...runs, numRuns: 150 },
    );
  });

  test("with one mistake are refused where the plain set is empty", () => {
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(
        anyWalk,
        fc.constantFrom(...corruptions),
        number,
        number,
        fc.array(number, { minLength: 30 }),
        ({ limits, plan }, kind, place, which, bits) => {
          const room = roomy(limits);
          const events = logOfWalk(room, plan).slice(0, 16);
          const wrong = corrupted(events, kind, place % Math.max(1, events.length), which);
          const seen = wrong.map((event, at) => lessSeen(event, bits[at] ?? 0));
          const { kind: told } = agree(room, seen);
          kinds.set(told, (kinds.get(told) ?? 0) + 1);
        },
      ),
      { ...runs, numRuns: 150 },
    );
    for (const told of ["explained", "refused", "ill-formed"])
      expect(kinds.get(told) ?? 0, told).toBeGreaterThan(3);
  });
});

describe("logs with outcomes that nobody saw", () => {
  const hidden = (events: readonly LogEvent[], bits: readonly number[]): readonly LogEvent[] =>
    events.map((event, at) => ((bits[at] ?? 0) % 5 === 0 ? unseen(event, bits[at] ?? 0) : event));

  test("are explained to their end", () => {
    fc.assert(
      fc.property(anyWalk, fc.array(number, { minLength: 30 }), ({ limits, plan }, bits) => {
        expect(byJudge(limits, hidden(logOfWalk(limits, plan), bits)).kind).toBe("explained");
      }),
      { ...runs, numRuns: 150 },
    );
  });

  test("with one mistake are never refused before the plain set is empty, and mostly there", () => {
    let same = 0;
    let all = 0;
    fc.assert(
      fc.property(
        anyWalk,
        fc.constantFrom(...corruptions),
        number,
        number,
        fc.array(number, { minLength: 30 }),
        ({ limits, plan }, kind, place, which, bits) => {
          const events = logOfWalk(roomy(limits), plan).slice(0, 12);
          const wrong = corrupted(events, kind, place % Math.max(1, events.length), which);
          const seen = hidden(wrong, bits);
          const [brute, judge] = [byBruteForce(roomy(limits), seen), byJudge(roomy(limits), seen)];
          expect(judge.line).toBeGreaterThanOrEqual(brute.line);
          all++;
          if (judge.line === brute.line) same++;
        },
      ),
      { ...runs, numRuns: 150 },
    );
    expect(same / all).toBeGreaterThan(0.9);
  });
});

describe("logs with gaps", () => {
  test("are explained to their end, whatever was lost", () => {
    fc.assert(
      fc.property(anyWalk, number, number, ({ limits, plan }, first, count) => {
        const events = logOfWalk(limits, plan);
        const at = first % Math.max(1, events.length);
        const judge = new LogJudge({ log: "mte-oracle", version: 1, limits });
        const after = events.slice(at + (count % 5));
        for (const entry of [...events.slice(0, at), { gap: {} }, ...after])
          expect(judge.entry(entry)).toEqual({ kind: "explained" });
      }),
      { ...runs, numRuns: 150 },
    );
  });

  test("begin to refuse again as soon as something is known again", () => {
    const limits = { granulesPerPage: 2, handles: 2, taggablePages: 2, slots: 1 };
    const judge = new LogJudge({
      log: "mte-oracle",
      version: 1,
      start: "unknown",
      limits: { ...limits, files: 0, pagesPerFile: 0, getForm: "keeping" },
    });
    const read = (granule: number, tag: number): LogEvent => ({
      operation: { kind: "read-tag", handle: 1, granule },
      outcome: { kind: "tag", tag },
    });
    const copied: LogEvent = {
      operation: { kind: "copy", from: 1, owner: 0 },
      outcome: { kind: "page", handle: 0 },
    };
    expect(judge.entry(read(0, 3)).kind).toBe("explained");
    expect(judge.entry(copied).kind).toBe("explained");
    expect(judge.entry(read(0, 3)).kind).toBe("explained");
    expect(judge.entry(read(1, 7)).kind).toBe("explained");
    const ofCopy = { kind: "read-tag", handle: 0, granule: 1 } as const;
    const wrong = judge.entry({ operation: ofCopy, outcome: { kind: "tag", tag: 5 } });
    expect(wrong).toMatchObject({
      kind: "deviation",
      rule: "a-tag-read-returns-the-last-write",
      cause: "page 0 granule 1: 7 was written last",
      allowed: { outcomes: ["reads tag 7"], more: 0 },
    });
  });
});
