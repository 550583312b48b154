/** Free numbers are a set of which the least is asked: beside a plain set, at the seams of words. */
import { expect, test } from "vitest";
import { cutOf } from "../../../impl/columns.ts";
import { FreeNumbers } from "../../../impl/free-numbers.ts";

const fresh = (size: number) => {
  const { plan, all } = cutOf((cut) => new FreeNumbers(size, cut));
  return { free: plan, all };
};

test.each([
  [0, 0],
  [1, 1],
  [32, 1],
  [33, 3],
  [64, 3],
  [1_024, 33],
  [1_025, 36],
])("%i numbers take %i words", (size, words) => {
  expect(fresh(size).all.length).toBe(4 * words);
});

test.each([0, 1, 2, 31, 32, 33, 65])("%i numbers are given out in order, and then none", (size) => {
  const { free, all } = fresh(size);
  expect(free.smallest()).toBe(-1);
  free.fill();
  for (let number = 0; number < size; number++) {
    expect(free.smallest()).toBe(number);
    free.remove(number);
  }
  expect(free.smallest()).toBe(-1);
  expect(all.every((one) => one === 0)).toBe(true);
});

test("the last of all levels is found, and the one before it as soon as it is back", () => {
  const { free } = fresh(1_100);
  for (const number of [1_099, 1_024, 1_023, 992, 33, 32, 31, 1, 0]) {
    free.add(number);
    expect(free.smallest()).toBe(number);
  }
  const left = [0, 1, 31, 32, 33, 992, 1_023, 1_024, 1_099];
  for (const [at, number] of left.entries()) {
    expect(free.smallest()).toBe(number);
    free.remove(number);
    expect(free.smallest()).toBe(left[at + 1] ?? -1);
  }
});

test("what is taken out of the middle stays out, and its neighbours stay in", () => {
  const { free } = fresh(70);
  for (const number of [3, 4, 40, 69]) free.add(number);
  free.remove(4);
  expect(free.smallest()).toBe(3);
  free.remove(3);
  expect(free.smallest()).toBe(40);
  free.add(68);
  free.remove(40);
  expect(free.smallest()).toBe(68);
  free.remove(68);
  expect(free.smallest()).toBe(69);
});

/** Adding to a word that is not empty leaves the levels above alone: nothing has changed there. */
test("a number that is there already may be added again", () => {
  const { free, all } = fresh(1_025);
  free.fill();
  const before = all.slice();
  free.add(1_024);
  free.add(7);
  expect(all).toEqual(before);
});
