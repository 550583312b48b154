/** Systems and properties that are wrong themselves end in an error that says so. */
import { describe, expect, test } from "vitest";
import { explore, type FairSet, type Property, type System } from "../../../checker/index.ts";
import { below, kindsOf } from "./sentences.ts";
import { table } from "./table.ts";
import { type Counter, counter } from "./toys.ts";

describe("a system that breaks its contract", () => {
  test("one that is not deterministic is told so", () => {
    let calls = 0;
    const fickle: System<Counter, string, string> = {
      ...counter(9),
      step: ({ value }) => ({
        next: { value: Math.min(9, value + 1 + (calls++ % 2)) },
        events: [],
      }),
    };
    expect(() => explore(fickle, [below(5)])).toThrow(
      /the system is not deterministic: at move \d/,
    );
  });

  test("one whose moves disappear is told so", () => {
    let calls = 0;
    const shy: System<Counter, string, string> = {
      ...counter(9),
      moves: (state) => (calls++ < 3 ? counter(9).moves(state) : []),
    };
    expect(() => explore(shy, [below(2)])).toThrow(/its move is not possible any more/);
  });

  test("a state that is changed in place is found when the witness is replayed", () => {
    const original = counter(9);
    const initial = { value: 0 };
    const mutating: System<{ value: number }, string, string> = {
      ...original,
      initial,
      fromKey: (key) => (key === '{"value":0}' ? initial : { ...original.fromKey(key) }),
      step: (state, move) => {
        state.value = original.step(state, move).next.value;
        return { next: { ...state }, events: [] };
      },
    };
    expect(() =>
      explore(mutating, [
        { id: "small", kind: "always", judge: ({ value }) => (value < 4 ? null : "large") },
      ]),
    ).toThrow(/not deterministic/);
  });

  test("two properties with one id", () => {
    expect(() => explore(counter(3), [below(3), below(3)])).toThrow(/two properties are called/);
  });

  test("too many fair sets, or one that does not exist", () => {
    const sets = [...Array(31).keys()].map(
      (index): FairSet => ({
        name: `set ${index}`,
        kind: "weak",
      }),
    );
    expect(() => explore(table([], sets), [])).toThrow(/at most 30/);
    const wrong = table([{ from: 0, to: 0, sets: 2 }], sets.slice(0, 1));
    const anything: Property<number, number, string> = {
      id: "anything",
      kind: "canAlways",
      goal: () => true,
    };
    expect(() => explore(wrong, [anything])).toThrow(/does not have: bits 2/);
    const all = table([{ from: 0, to: 0, sets: 2 ** 30 - 1 }], sets.slice(0, 30));
    expect(kindsOf(explore(all, [anything]))).toEqual({ anything: "holds" });
  });
});
