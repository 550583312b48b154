/** What stands and what does not when an exploration was cut. */
import { describe, expect, test } from "vitest";
import { explore, type Property } from "../../../checker/index.ts";
import { below, type CounterProperty, kindsOf, marks } from "./sentences.ts";
import { table } from "./table.ts";
import { counter } from "./toys.ts";

describe("a cut exploration", () => {
  const properties: readonly CounterProperty[] = [
    below(3),
    below(100),
    marks("reset"),
    marks("three"),
    { id: "goal", kind: "canAlways", goal: ({ value }) => value === 0 },
    { id: "never-goal", kind: "canAlways", goal: ({ value }) => value === -1 },
    { id: "up", kind: "leadsTo", from: ({ value }) => value === 0, to: ({ value }) => value > 2 },
    { id: "on", kind: "leadsTo", from: ({ value }) => value === 2, to: ({ value }) => value !== 2 },
    { id: "far", kind: "leadsTo", from: ({ value }) => value > 90, to: () => false },
  ];
  const whatStands = {
    "below-3": "broken",
    "below-100": "inconclusive",
    "some-reset": "reached",
    "some-three": "inconclusive",
    goal: "inconclusive",
    "never-goal": "inconclusive",
    up: "broken",
    on: "inconclusive",
    far: "inconclusive",
  };

  test("by states", () => {
    const result = explore(counter(99), properties, { bounds: { maxStates: 10 } });
    expect(result.states).toBe(10);
    expect(result.cut).toEqual({ by: "states", at: 10 });
    expect(kindsOf(result)).toEqual(whatStands);
    expect(result.verdicts.get("goal")).toEqual({ kind: "inconclusive", cut: result.cut });
  });

  test("by depth: the last states are judged, their moves are not executed", () => {
    const result = explore(counter(99), properties, { bounds: { maxDepth: 2 } });
    expect(result).toMatchObject({ states: 5, depth: 2, cut: { by: "depth", at: 2 } });
    expect(kindsOf(result)).toEqual(whatStands);
  });

  test("by time", () => {
    let time = 1000;
    const result = explore(counter(99), properties, {
      bounds: { maxMilliseconds: 20 },
      now: () => time++,
    });
    expect(result.cut).toEqual({ by: "time", at: 20 });
    expect(result.states).toBeLessThan(100);
    expect(kindsOf(result)).toEqual(whatStands);
  });

  test("bounds that are just wide enough do not cut", () => {
    const steps = table([
      { from: 0, to: 1, sets: 0 },
      { from: 1, to: 2, sets: 0 },
    ]);
    const bounds = { maxStates: 3, maxDepth: 2, maxMilliseconds: 1 };
    expect(explore(steps, [], { bounds, now: () => 0 }).cut).toBeNull();
    expect(explore(steps, [], { bounds: { maxDepth: 1 } }).cut).toEqual({ by: "depth", at: 1 });
  });

  test("a state whose moves were not executed is not taken for an end", () => {
    const endless: Property<number, number, string> = {
      id: "arrives",
      kind: "leadsTo",
      from: (node) => node === 0,
      to: (node) => node === 3,
    };
    const line = table([0, 1, 2].map((from) => ({ from, to: from + 1, sets: 0 })));
    for (const bounds of [{ maxDepth: 1 }, { maxStates: 2 }]) {
      expect(kindsOf(explore(line, [endless], { bounds }))).toEqual({ arrives: "inconclusive" });
    }
    expect(kindsOf(explore(line, [endless]))).toEqual({ arrives: "holds" });
  });

  test("a real end at the depth bound is one", () => {
    const property: Property<number, number, string> = {
      id: "arrives",
      kind: "leadsTo",
      from: (node) => node === 0,
      to: (node) => node === 3,
    };
    const fork = table([
      { from: 0, to: 1, sets: 0 },
      { from: 0, to: 2, sets: 0 },
      { from: 2, to: 3, sets: 0 },
    ]);
    const result = explore(fork, [property], { bounds: { maxDepth: 1 } });
    expect(result.cut).toEqual({ by: "depth", at: 1 });
    expect(result.verdicts.get("arrives")).toMatchObject({
      kind: "broken",
      witness: { moves: [0], loopFrom: 1 },
    });
  });

  test("at the first violation, if asked to", () => {
    const result = explore(counter(99), [below(3), below(100), marks("one")], {
      stopAtFirst: true,
    });
    // The states 0, 1 and 2 were expanded: 2 + 3 + 3 moves found 0 to 4; 3 is looked at next.
    expect(result).toMatchObject({ states: 5, transitions: 8, cut: { by: "states", at: 5 } });
    expect(kindsOf(result)).toEqual({
      "below-3": "broken",
      "below-100": "inconclusive",
      "some-one": "reached",
    });
  });
});
