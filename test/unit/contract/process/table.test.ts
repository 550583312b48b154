/** The table is a map from numbers: against one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  emptyTable,
  enter,
  enterAll,
  entriesBetween,
  lookUp,
  type Table,
  without,
} from "../../../../model/contract/process/table.ts";

const indices = fc.oneof(
  fc.integer({ min: 0, max: 70 }),
  fc.integer({ min: 0, max: 2 ** 36 }),
  fc.constantFrom(31, 32, 33, 1023, 1024, 1025, 32768, 2 ** 30),
);
const changes = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("enter" as const), index: indices, value: fc.nat() }),
    fc.record({ kind: fc.constant("remove" as const), index: indices }),
    fc.record({ kind: fc.constant("without" as const), index: indices, length: fc.nat(3000) }),
    fc.record({ kind: fc.constant("all" as const), from: fc.nat(2000), count: fc.nat(80) }),
  ),
  { maxLength: 25 },
);

test("it says what a map says", () => {
  fc.assert(
    fc.property(changes, indices, fc.nat(100_000), (steps, first, length) => {
      let table: Table<number> = emptyTable;
      const map = new Map<number, number>();
      for (const step of steps) {
        if (step.kind === "enter") {
          table = enter(table, step.index, step.value);
          map.set(step.index, step.value);
        } else if (step.kind === "remove") {
          table = enter(table, step.index, undefined);
          map.delete(step.index);
        } else if (step.kind === "without") {
          table = without(table, step.index, step.index + step.length);
          for (const key of [...map.keys()])
            if (key >= step.index && key < step.index + step.length) map.delete(key);
        } else {
          const entries = Array.from(
            { length: step.count },
            (_, at) => [step.from + at * 3, at] as const,
          );
          table = enterAll(table, entries);
          for (const [key, number] of entries) map.set(key, number);
        }
      }
      for (const key of [...map.keys(), first]) expect(lookUp(table, key)).toBe(map.get(key));
      const inside = [...map]
        .filter(([key]) => key >= first && key < first + length)
        .toSorted(([a], [b]) => a - b);
      expect(entriesBetween(table, first, first + length)).toEqual(inside);
      expect(entriesBetween(table, 0, Number.MAX_SAFE_INTEGER).length).toBe(map.size);
    }),
    { seed: 8, numRuns: 400 },
  );
});

test("what did not change is shared, and the old table stays", () => {
  const before = enterAll<string>(emptyTable, [
    [0, "a"],
    [5000, "b"],
  ]);
  const after = enter(before, 0, "c");
  expect(lookUp(before, 0)).toBe("a");
  expect(after.root[4]).toBe(before.root[4]);
});
