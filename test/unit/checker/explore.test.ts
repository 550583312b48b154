/** The search itself: counts, and properties of states and transitions. */
import { describe, expect, test } from "vitest";
import { explore, type Property } from "../../../checker/index.ts";
import { below, kindsOf, marks } from "./sentences.ts";
import { counter, peterson, twoLocks } from "./toys.ts";

const noMoves: Property<unknown, string, string> = {
  id: "no-deadlock",
  kind: "always",
  judge: (_state, moves) => (moves.length > 0 ? null : "nobody can move"),
};

describe("a complete exploration", () => {
  test("counts states, transitions and depth exactly", () => {
    const result = explore(counter(5), []);
    // 5 steps by one, 4 by two, a reset from each of five values.
    expect(result).toEqual({
      states: 6,
      transitions: 14,
      depth: 3,
      cut: null,
      verdicts: new Map(),
    });
  });

  test("judges each property over the whole space, with a shortest witness each", () => {
    const result = explore(counter(9), [
      below(10),
      below(7),
      below(4),
      marks("reset"),
      marks("three"),
      {
        id: "never-to-zero",
        kind: "step",
        judge: ({ before, after }) => (after.value === 0 ? `from ${before.value} to zero` : null),
      },
    ]);
    expect(result.states).toBe(10);
    expect([...result.verdicts]).toEqual([
      ["below-10", { kind: "holds" }],
      [
        "below-7",
        {
          kind: "broken",
          reason: "7 is not below 7",
          witness: { moves: ["one", "two", "two", "two"], loopFrom: null },
        },
      ],
      [
        "below-4",
        {
          kind: "broken",
          reason: "4 is not below 4",
          witness: { moves: ["two", "two"], loopFrom: null },
        },
      ],
      ["some-reset", { kind: "reached", witness: { moves: ["one", "reset"], loopFrom: null } }],
      ["some-three", { kind: "never", witness: { moves: [], loopFrom: null } }],
      [
        "never-to-zero",
        {
          kind: "broken",
          reason: "from 1 to zero",
          witness: { moves: ["one", "reset"], loopFrom: null },
        },
      ],
    ]);
  });

  test("says when a premise was never true, and judges only where it is", () => {
    const judged: number[] = [];
    const result = explore(counter(5), [
      { id: "huge", kind: "always", premise: ({ value }) => value > 5, judge: () => "no" },
      { id: "huge-step", kind: "step", premise: ({ after }) => after.value > 5, judge: () => "no" },
      {
        id: "even",
        kind: "always",
        premise: ({ value }) => value % 2 === 0,
        judge: ({ value }) => {
          judged.push(value);
          return null;
        },
      },
    ]);
    expect(kindsOf(result)).toEqual({
      huge: "premise-unreachable",
      "huge-step": "premise-unreachable",
      even: "holds",
    });
    expect(judged.sort()).toEqual([0, 2, 4]);
  });

  test("does not call a judge again after its first violation", () => {
    let calls = 0;
    explore(counter(5), [
      {
        id: "once",
        kind: "always",
        judge: () => {
          calls++;
          return "broken";
        },
      },
    ]);
    expect(calls).toBe(1);
  });

  test("finds the deadlock of two locks in opposite order, and none in the same order", () => {
    expect(explore(twoLocks(true), [noMoves]).verdicts.get("no-deadlock")).toEqual({
      kind: "broken",
      reason: "nobody can move",
      witness: { moves: ["first takes one", "second takes one"], loopFrom: null },
    });
    expect(explore(twoLocks(false), [noMoves]).verdicts.get("no-deadlock")?.kind).toBe("holds");
  });

  test("gives the same result twice", () => {
    const once = (): unknown =>
      explore(peterson(false), [
        noMoves,
        {
          id: "in",
          kind: "leadsTo",
          from: (s) => s.left === "waits",
          to: (s) => s.left === "idle",
        },
        { id: "out", kind: "canAlways", goal: (s) => s.left === "idle" && s.right === "idle" },
      ]);
    expect(JSON.stringify(once())).toBe(JSON.stringify(once()));
    expect(once()).toEqual(once());
  });

  test("reports progress", () => {
    const seen: number[] = [];
    const result = explore(counter(10_000), [], {
      onProgress: ({ states, queue }) => seen.push(states - queue),
    });
    expect(result.states).toBe(10_001);
    expect(seen).toEqual([4096, 8192]);
  });
});
