/** Histories are judged as trying out every order judges them, and large ones in seconds. */
import { describe, expect, test } from "vitest";
import {
  boot,
  type Contract,
  type Memory,
  noChoice,
  outcomeSchema,
  step,
} from "../../../model/index.ts";
import { judgeHistory, type LogEvent } from "../../../oracle/index.ts";
import { headOf, limitsOf, linearizableHistory } from "./histories.ts";

const judged = (events: readonly LogEvent[], pages: number) => {
  const verdict = judgeHistory(headOf(limitsOf(pages)), events);
  if (verdict.kind === "ill-formed") throw new Error(verdict.why);
  return verdict;
};

/** Every order of the calls that respects which ended before which began. */
const byEveryOrder = (events: readonly LogEvent[], pages: number): "ok" | "not" => {
  const contract: Contract = { limits: limitsOf(pages), off: new Set() };
  const seen = new Set<string>();
  const explore = (memory: Memory, left: readonly LogEvent[]): boolean => {
    if (left.length === 0) return true;
    const key = `${JSON.stringify(memory)} ${left.map((each) => events.indexOf(each))}`;
    if (seen.has(key)) return false;
    seen.add(key);
    const soonest = Math.min(...left.map((each) => each.return ?? 0));
    return left.some((each) => {
      if ((each.call ?? 0) > soonest) return false;
      const { operation, choice = noChoice, outcome } = each;
      const answer = step(contract, memory, operation, choice, outcomeSchema.parse(outcome));
      return (
        answer.kind === "accepted" &&
        explore(
          answer.memory,
          left.filter((other) => other !== each),
        )
      );
    });
  };
  return explore(boot(contract.limits), events) ? "ok" : "not";
};

/** Another value was read. */
const spoilt = (event: LogEvent): LogEvent | null => {
  const { outcome } = event;
  if (typeof outcome !== "object") return null;
  if (outcome.kind === "tag")
    return { ...event, outcome: { kind: "tag", tag: ((outcome.tag ?? 0) + 1) % 4 } };
  if (outcome.kind !== "bytes") return null;
  return { ...event, outcome: { kind: "bytes", bytes: ((outcome.bytes ?? 0) + 1) % 4 } };
};

describe("small histories", () => {
  test("agree with every order tried out, with and without a wrong value", () => {
    const counts = { ok: 0, not: 0 };
    for (let seed = 1; seed <= 120; seed++) {
      const events = linearizableHistory(limitsOf(2), seed, 18, 4);
      expect(judged(events, 2).linearizable, `seed ${seed}`).toBe("ok");
      for (const [at, event] of events.entries()) {
        const wrong = spoilt(event);
        if (wrong === null) continue;
        const spoiltEvents = events.with(at, wrong);
        const { linearizable } = judged(spoiltEvents, 2);
        expect(linearizable, `seed ${seed}, call ${at}`).toBe(byEveryOrder(spoiltEvents, 2));
        if (linearizable !== "unknown") counts[linearizable]++;
      }
    }
    expect(counts.ok).toBeGreaterThan(20);
    expect(counts.not).toBeGreaterThan(100);
  });

  test("what ended before the first wrong call is explained by the order that is told", () => {
    const events = linearizableHistory(limitsOf(2), 5, 60, 4);
    const at = events.findLastIndex((event) => spoilt(event) !== null);
    const wrong = events[at] && spoilt(events[at]);
    if (!wrong) throw new Error("nothing can be spoilt");
    const { portions, linearizable } = judged(events.with(at, wrong), 2);
    expect(linearizable).toBe("not");
    for (const { portion, verdict } of portions) {
      if (verdict.kind !== "not-linearizable") continue;
      const before = portion.calls.filter(
        ({ end }) => end !== null && end < (verdict.call.end ?? Infinity),
      );
      expect(new Set(verdict.prefix)).toEqual(new Set([...verdict.prefix, ...before]));
      expect(verdict.complaints.length).toBeGreaterThan(0);
    }
  });
});

test("calls that may have happened later, or never, are taken either way", () => {
  const page = { owner: 0, tagged: true, zeroed: true, context: "sleepable", order: 0 } as const;
  const at = (thread: number, call: number, end: number) => ({ thread, call, return: end });
  const write: LogEvent = {
    operation: { kind: "write-tag", handle: 0, granule: 0, tag: 3 },
    outcome: "unknown",
    ...at(1, 20, 30),
  };
  const events = (first: number, second: number): readonly LogEvent[] => [
    {
      operation: { kind: "allocate", ...page },
      outcome: { kind: "pages", handles: [0], seen: [{ tagged: true }] },
      ...at(0, 0, 10),
    },
    write,
    ...[first, second].map(
      (tag, which): LogEvent => ({
        operation: { kind: "read-tag", handle: 0, granule: 0 },
        outcome: { kind: "tag", tag },
        ...at(0, 40 + 20 * which, 50 + 20 * which),
      }),
    ),
  ];
  expect(judged(events(0, 3), 1).linearizable).toBe("ok");
  expect(judged(events(0, 0), 1).linearizable).toBe("ok");
  expect(judged(events(3, 0), 1).linearizable).toBe("not");
});

test("10,000 calls of 8 threads that overlap are decided within seconds", () => {
  const events = linearizableHistory(limitsOf(64), 3, 15_000, 8);
  expect(events.length).toBeGreaterThan(10_000);
  const before = process.cpuUsage();
  const { linearizable } = judged(events, 64);
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  expect(linearizable).toBe("ok");
  expect(seconds).toBeLessThan(10);
}, 120_000);
