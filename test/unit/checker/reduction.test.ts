/**
 * Reduced searches on systems small enough to count by hand: the same verdicts, witnesses that are
 * runs of the system itself, and what each reduction is refused for. Then unsound reductions, which
 * the examination of a scope finds, or a witness that cannot be gone again.
 */
import { describe, expect, test } from "vitest";
import {
  examineOrder,
  examineSymmetry,
  explore,
  type Property,
  type Symmetry,
} from "../../../checker/index.ts";
import { kindsOf } from "./sentences.ts";
import { type Locks, type Peterson, peterson, twoLocks, type Workers, workers } from "./toys.ts";

/** The two processes of {@link twoLocks} in one order do alike: only who is who differs. */
const sorted: Symmetry<Locks> = {
  canonical: ({ first, second }) => ({
    first: Math.min(first, second),
    second: Math.max(first, second),
  }),
  keepsFairness: false,
};

const never = <State>(
  id: string,
  bad: (state: State) => boolean,
): Property<State, string, string> => ({
  id,
  kind: "always",
  judge: (state) => (bad(state) ? JSON.stringify(state) : null),
});

const both = never<Locks>("not-both-inside", ({ first, second }) => first + second === 4);
const anyInside = never<Locks>("nobody-inside", ({ first, second }) => first + second === 2);
const waits: Property<Locks, string, string> = {
  id: "who-begins-ends",
  kind: "leadsTo",
  from: ({ first }) => first === 1,
  to: ({ first }) => first !== 1,
};

describe("symmetry", () => {
  const system = twoLocks(false);

  test("looks at one of each kind, and says the same", () => {
    const whole = explore(system, [both, anyInside]);
    const reduced = explore(system, [both, anyInside], { reduction: { symmetry: sorted } });
    expect([whole.states, reduced.states]).toEqual([5, 3]);
    expect(kindsOf(reduced)).toEqual(kindsOf(whole));
  });

  test("gives witnesses of the system itself, as short as without it", () => {
    const { verdicts } = explore(system, [anyInside], { reduction: { symmetry: sorted } });
    expect(verdicts.get("nobody-inside")).toEqual({
      kind: "broken",
      reason: '{"first":2,"second":0}',
      witness: { moves: ["first takes one", "first takes both"], loopFrom: null },
    });
  });

  test("is refused for runs if it exchanges who is to be treated fairly", () => {
    const options = { reduction: { symmetry: sorted } };
    expect(() => explore(system, [waits], options)).toThrow(/"who-begins-ends".*fair sets/);
  });

  test("is sound, examined state by state", () => {
    expect(examineSymmetry(system, [both, anyInside], sorted, 100)).toEqual({
      fault: null,
      states: 5,
      cut: false,
    });
  });

  test("that takes for alike what is not is found", () => {
    const wrong: Symmetry<Locks> = {
      canonical: ({ first, second }) => ({ first: Math.min(first, 1), second }),
      keepsFairness: false,
    };
    expect(examineSymmetry(system, [], wrong, 100).fault).toMatch(/does not follow/);
  });

  test("that a property sees through is found, and its witness is refused", () => {
    const firstInside = never<Locks>("first-outside", ({ first }) => first === 2);
    const secondInside = never<Locks>("second-outside", ({ second }) => second === 2);
    expect(examineSymmetry(system, [firstInside], sorted, 100).fault).toMatch(/property tells/);
    expect(() => explore(system, [secondInside], { reduction: { symmetry: sorted } })).toThrow(
      /not sound/,
    );
  });
});

describe("order", () => {
  const system = workers(3);
  const urgent = (relation: readonly string[]) => ({
    pending: (state: Workers) => system.moves(state).filter((move) => relation.includes(move)),
    threadOf: (move: string) => Number(move.at(-1)),
  });
  const sound = urgent(["hone 0", "hone 1", "hone 2"]);
  const crowded = never<Workers>("room-at-the-bench", ({ bench }) => bench > 2);
  const empty = never<Workers>("bench-is-used", ({ a, b, c }) => a + b + c === 9);

  test("takes at once what commutes, and says the same", () => {
    const whole = explore(system, [crowded, empty]);
    const reduced = explore(system, [crowded, empty], { reduction: { urgent: sound.pending } });
    expect(reduced.states).toBeLessThan(whole.states / 2);
    expect(kindsOf(reduced)).toEqual(kindsOf(whole));
    expect(kindsOf(whole)).toEqual({ "room-at-the-bench": "broken", "bench-is-used": "broken" });
  });

  test("gives witnesses with the moves that were taken at once", () => {
    const { verdicts } = explore(system, [empty], { reduction: { urgent: sound.pending } });
    const verdict = verdicts.get("bench-is-used");
    const moves = verdict?.kind === "broken" ? verdict.witness.moves : [];
    expect(moves.filter((move) => move.startsWith("hone"))).toHaveLength(3);
    expect(explore(system, [empty]).depth).toBe(moves.length);
  });

  test("is refused for runs", () => {
    const runs: Property<Workers, string, string> = {
      id: "ends",
      kind: "leadsTo",
      from: () => true,
      to: ({ a }) => a === 3,
    };
    const options = { reduction: { urgent: sound.pending } };
    expect(() => explore(system, [runs], options)).toThrow(/"ends".*order/);
  });

  test("is sound, examined state by state", () => {
    const { fault, cut } = examineOrder(system, [crowded, empty], sound, 1000);
    expect([fault, cut]).toEqual([null, false]);
  });

  test("that takes from others what they could do is found", () => {
    const narrow = workers(1);
    const pending = (state: Workers) => narrow.moves(state).filter((move) => move === "take 0");
    const { fault } = examineOrder(narrow, [], { ...sound, pending }, 1000);
    expect(fault).toMatch(/"take 0" changes what others can do/);
  });

  test("that a property sees is found", () => {
    const { fault } = examineOrder(system, [crowded], urgent(["take 0"]), 1000);
    expect(fault).toMatch(/a property sees "take 0"/);
  });

  test("in which two moves come to different ends is found", () => {
    const both = peterson(false);
    const order = {
      pending: (state: Peterson) => both.moves(state).filter((move) => move === "left yields"),
      threadOf: (move: string) => (move.startsWith("left") ? 0 : 1),
    };
    expect(examineOrder(both, [], order, 1000).fault).toMatch(/"right yields" do not commute/);
  });

  test("that never ends is told", () => {
    const spinning = { reduction: { urgent: () => ["spin"] } };
    expect(() =>
      explore({ ...system, step: (next) => ({ next, events: [] }) }, [], spinning),
    ).toThrow("circle");
  });
});

test("walks take no reduction", () => {
  const picker = { begin: () => undefined, pick: () => 0 };
  const walks = { picker, walks: 1, moves: 1 };
  expect(() => explore(workers(2), [], { walks, reduction: {} })).toThrow(
    "walks take no reduction",
  );
});
