/** Properties of whole runs: what must come about, what can, and what fairness has to do with it. */
import { describe, expect, test } from "vitest";
import { explore, type FairSet, type Property, type Verdict } from "../../../checker/index.ts";
import { type Edge, table } from "./table.ts";

type Node = Property<number, number, string>;

/** From node 0 it comes to node `goal`. */
const arrives = (goal: number): Node => ({
  id: "arrives",
  kind: "leadsTo",
  from: (node) => node === 0,
  to: (node) => node === goal,
});

function judge(
  property: Node,
  edges: readonly Edge[],
  fairSets: readonly FairSet[] = [],
): Verdict<number> | undefined {
  return explore(table(edges, fairSets), [property]).verdicts.get(property.id);
}

const weak: FairSet = { name: "set", kind: "weak" };
const strong: FairSet = { name: "set", kind: "strong" };

describe("fairness", () => {
  /** At node 0 one may idle for ever, or go to node 1 (which is in the fair set). */
  const idling: readonly Edge[] = [
    { from: 0, to: 0, sets: 0 },
    { from: 0, to: 1, sets: 1 },
    { from: 1, to: 1, sets: 0 },
  ];
  /** The way to node 1 is open again and again, but not all the time: node 2 closes it. */
  const blinking: readonly Edge[] = [
    { from: 0, to: 1, sets: 1 },
    { from: 0, to: 2, sets: 0 },
    { from: 2, to: 0, sets: 0 },
    { from: 1, to: 1, sets: 0 },
  ];
  /** The fair set can be served for ever without ever going to node 1. */
  const busy: readonly Edge[] = [
    { from: 0, to: 1, sets: 1 },
    { from: 0, to: 0, sets: 1 },
    { from: 1, to: 1, sets: 0 },
  ];

  test.each([
    ["idling", idling, "broken", "holds", "holds"],
    ["blinking", blinking, "broken", "broken", "holds"],
    ["busy", busy, "broken", "broken", "broken"],
  ])("%s: without, weak, strong", (_name, edges, without, withWeak, withStrong) => {
    const bare = edges.map((edge) => ({ ...edge, sets: 0 }));
    expect(judge(arrives(1), bare)?.kind).toBe(without);
    expect(judge(arrives(1), edges, [weak])?.kind).toBe(withWeak);
    expect(judge(arrives(1), edges, [strong])?.kind).toBe(withStrong);
  });

  test("starvation under weak fairness: the loop shows the set open and closed in turn", () => {
    expect(judge(arrives(1), blinking, [weak])).toEqual({
      kind: "broken",
      reason:
        "waiting since 0 moves from the start: " +
        "after 0 moves a fair run can repeat 2 moves for ever",
      witness: { moves: [1, 2], loopFrom: 0 },
    });
  });

  test("under strong fairness a run may stay where the set is never open", () => {
    const apart = [...blinking, { from: 2, to: 3, sets: 0 }, { from: 3, to: 3, sets: 0 }];
    expect(judge(arrives(1), apart, [strong])).toMatchObject({
      kind: "broken",
      witness: { moves: [1, 4, 5], loopFrom: 2 },
    });
  });

  test("under strong fairness a part of a component may be fair though the whole is not", () => {
    const resting = [...blinking, { from: 2, to: 2, sets: 0 }];
    expect(judge(arrives(1), resting, [strong])).toMatchObject({
      kind: "broken",
      witness: { moves: [1, 4], loopFrom: 1 },
    });
    // The same once more, one set inside the other: only node 3 may be stayed at.
    const nested = [
      ...blinking,
      { from: 2, to: 1, sets: 2 },
      { from: 2, to: 3, sets: 0 },
      { from: 3, to: 2, sets: 0 },
      { from: 3, to: 3, sets: 0 },
    ];
    expect(judge(arrives(1), nested, [strong, { ...strong, name: "other" }])).toMatchObject({
      kind: "broken",
      witness: { moves: [1, 5, 7], loopFrom: 2 },
    });
  });

  test("what leads out of the waiting states counts as open", () => {
    // Node 0 offers the set only by the edge that ends the waiting.
    expect(judge(arrives(1), idling, [weak])?.kind).toBe("holds");
    const elsewhere = [
      { from: 0, to: 0, sets: 0 },
      { from: 0, to: 2, sets: 1 },
      { from: 2, to: 2, sets: 0 },
    ];
    expect(judge(arrives(1), elsewhere, [weak])).toMatchObject({
      kind: "broken",
      witness: { moves: [1, 2], loopFrom: 1 },
    });
  });

  test("a loop serves several sets, each on its own way round", () => {
    const sets: readonly FairSet[] = [
      { name: "one", kind: "weak" },
      { name: "two", kind: "strong" },
    ];
    // A hub with three spokes; both sets are open at the hub.
    const hub = [
      { from: 0, to: 1, sets: 1 },
      { from: 0, to: 2, sets: 2 },
      { from: 0, to: 3, sets: 0 },
      { from: 1, to: 0, sets: 0 },
      { from: 2, to: 0, sets: 0 },
      { from: 3, to: 0, sets: 0 },
    ];
    const verdict = judge(arrives(9), hub, sets);
    // Being at a spoke, where set one is closed, satisfies it: the strong one is what must be taken.
    expect(verdict).toMatchObject({ kind: "broken", witness: { loopFrom: 0 } });
    if (verdict?.kind !== "broken") expect.unreachable("it is broken");
    expect(verdict.witness.moves).toContain(1);
  });
});

describe("leadsTo", () => {
  test("a run that ends without it is a counterexample; its loop lies behind the last move", () => {
    const edges = [
      { from: 0, to: 1, sets: 0 },
      { from: 0, to: 2, sets: 0 },
    ];
    expect(judge(arrives(1), edges)).toEqual({
      kind: "broken",
      reason: "waiting since 0 moves from the start: no move is possible after 1 move",
      witness: { moves: [1], loopFrom: 1 },
    });
  });

  test("a run that ends with it is none", () => {
    expect(judge(arrives(1), [{ from: 0, to: 1, sets: 0 }])?.kind).toBe("holds");
  });

  test("a premise that no state satisfies", () => {
    const nowhere: Node = { id: "nowhere", kind: "leadsTo", from: () => false, to: () => false };
    expect(judge(nowhere, [{ from: 0, to: 0, sets: 0 }])).toEqual({ kind: "premise-unreachable" });
  });

  test("a premise that is satisfied only together with the goal holds", () => {
    const atOnce: Node = {
      id: "at-once",
      kind: "leadsTo",
      from: (node) => node === 1,
      to: (node) => node === 1,
    };
    expect(judge(atOnce, [{ from: 0, to: 1, sets: 0 }])).toEqual({ kind: "holds" });
  });

  test("the waiting may begin after the goal has held before", () => {
    const again: Node = {
      id: "again",
      kind: "leadsTo",
      from: (node) => node === 1,
      to: (node) => node === 0,
    };
    const edges = [
      { from: 0, to: 1, sets: 0 },
      { from: 1, to: 2, sets: 0 },
      { from: 2, to: 1, sets: 0 },
      { from: 2, to: 0, sets: 0 },
    ];
    expect(judge(again, edges)).toMatchObject({
      kind: "broken",
      witness: { moves: [0, 1, 2], loopFrom: 1 },
    });
  });

  test("the loop that is nearest is shown", () => {
    const edges = [
      { from: 0, to: 1, sets: 0 },
      { from: 1, to: 2, sets: 0 },
      { from: 2, to: 2, sets: 0 },
      { from: 0, to: 3, sets: 0 },
      { from: 3, to: 4, sets: 0 },
      { from: 4, to: 3, sets: 0 },
    ];
    expect(judge(arrives(9), edges)).toMatchObject({
      kind: "broken",
      witness: { moves: [3, 4, 5], loopFrom: 1 },
    });
  });

  test("a very long loop does not exhaust the call stack", () => {
    const length = 50_000;
    const ring = {
      ...table([]),
      moves: () => [0],
      step: (node: number) => ({ next: (node + 1) % length, events: [] }),
      fairSetsOf: () => 0,
    };
    const verdict = explore(ring, [arrives(-1)]).verdicts.get("arrives");
    if (verdict?.kind !== "broken") expect.unreachable("it is broken");
    expect(verdict.witness.moves).toHaveLength(length);
  });
});

describe("canAlways", () => {
  const possible: Node = { id: "possible", kind: "canAlways", goal: (node) => node === 2 };

  test("holds, is broken by a shortest way into a trap, or never comes about at all", () => {
    const circle = [
      { from: 0, to: 1, sets: 0 },
      { from: 1, to: 2, sets: 0 },
      { from: 2, to: 0, sets: 0 },
    ];
    expect(judge(possible, circle)).toEqual({ kind: "holds" });

    const trap = [...circle, { from: 1, to: 3, sets: 0 }, { from: 3, to: 3, sets: 0 }];
    expect(judge(possible, trap)).toEqual({
      kind: "broken",
      reason: "after 2 moves the goal cannot come about any more",
      witness: { moves: [0, 3], loopFrom: null },
    });

    const without = circle.filter(({ to }) => to !== 2);
    expect(judge(possible, without)).toEqual({
      kind: "never",
      witness: { moves: [], loopFrom: null },
    });
  });
});
