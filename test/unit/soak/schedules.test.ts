/** The set of schedules counts like any set, and stops storing where it is told to. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ScheduleSet } from "../../../properties/lockstep/index.ts";
import { mixInto } from "../../../properties/lockstep/schedules.ts";

const SEED = 20240220;
const number = fc.oneof(fc.nat(3), fc.nat(2 ** 32 - 1));

test("it holds what was added, each once", () => {
  const pair = fc.tuple(number, number);
  fc.assert(
    fc.property(fc.array(pair, { maxLength: 3_000, size: "max" }), (pairs) => {
      const set = new ScheduleSet();
      const known = new Set<string>();
      for (const [high, low] of pairs) {
        set.add(high, low);
        known.add(high === 0 && low === 0 ? "0 1" : `${high} ${low}`);
      }
      const other = new ScheduleSet();
      other.addAll(set.hashes());
      other.addAll(set.hashes());
      const held = other.hashes();
      const names = new Set<string>();
      for (let at = 0; at < held.length; at += 2) names.add(`${held[at]} ${held[at + 1]}`);
      expect(set.size).toBe(known.size);
      expect(names).toEqual(known);
    }),
    { seed: SEED, numRuns: 30 },
  );
});

test("it stores no more than it may, and says so", () => {
  const set = new ScheduleSet(1_000);
  for (let number = 0; number < 999; number++) set.add(7, number);
  expect(set.isFull).toBe(false);
  for (let number = 0; number < 5_000; number++) set.add(number, 7);
  expect(set.size).toBe(1_000);
  expect(set.isFull).toBe(true);
});

test("orders of a few numbers have hashes of their own", () => {
  const set = new ScheduleSet();
  const orders = 6 ** 6;
  for (let order = 0; order < orders; order++) {
    const hash = { high: 0, low: 0 };
    for (let rest = order, digit = 0; digit < 6; digit++, rest = Math.floor(rest / 6))
      mixInto(hash, 1 + (rest % 6));
    set.add(hash.high, hash.low);
  }
  expect(set.size).toBe(orders);
});
