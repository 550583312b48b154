/** Dividing by a fixed number, by a shift or not, is dividing. */
import { expect, test } from "vitest";
import { Divisor } from "../../../impl/divisor.ts";

const numbers = [0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 63, 64, 4_194_303];

test.each([1, 2, 3, 4, 5, 6, 7, 8, 24, 32, 1_000, 4_096])("by %i", (by) => {
  const divisor = new Divisor(by);
  expect(divisor.divisor).toBe(by);
  for (const number of numbers) {
    expect(divisor.quotient(number), `${number}`).toBe(Math.floor(number / by));
    expect(divisor.remainder(number), `${number}`).toBe(number % by);
  }
});

test("where dividing is rounding, what is left over does not reach the quotient", () => {
  const whole = 2 ** 30 - 1;
  for (const by of [3, 7, 11]) expect(new Divisor(by).quotient(whole)).toBe(Math.floor(whole / by));
});
