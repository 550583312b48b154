/** Growing scopes: the same slice, with less in it and with more. */
import { describe, expect, test } from "vitest";
import { designs, Machinery, type Scope, totalPages } from "../../../model/index.ts";
import { slicesOf } from "../../../properties/index.ts";
import { sized } from "../../../properties/sizes.ts";
import { phone, shippedMachine } from "../../machines.ts";

/** Everything of which a scope can have more or less. */
const amountsOf = ({ geometry, tagValues, byteValues }: Scope): readonly number[] => [
  totalPages(geometry),
  geometry.pagesPerStoragePage,
  geometry.regions.reduce((sum, { storagePages }) => sum + storagePages, 0),
  tagValues,
  byteValues,
];

const withoutAmounts = ({ geometry: _, tagValues: __, byteValues: ___, ...rest }: Scope) => rest;

/** Nothing is more than in the other, and something is less. */
const isSmaller = (one: Scope, other: Scope): boolean => {
  const theirs = amountsOf(other);
  const steps = amountsOf(one).map((amount, index) => (theirs[index] ?? 0) - amount);
  return steps.every((step) => step >= 0) && steps.some((step) => step > 0);
};

/** Of regions with a page, a block and a value each nothing can go. */
const hasOneOfEach = ({ geometry, tagValues, byteValues }: Scope): boolean =>
  geometry.pagesPerStoragePage === 1 &&
  geometry.regions.every(({ storagePages }) => storagePages === geometry.blockPages) &&
  tagValues === 1 &&
  byteValues === 1;

const machines = { phone: phone(), "two regions": shippedMachine("two-regions") } as const;

describe.each(designs.map((design) => ({ name: design.name, design })))("$name", ({ design }) => {
  test.each(Object.entries(machines))("%s: every slice grows, and can be run", (_, machine) => {
    let least = 0;
    for (const slice of slicesOf(machine, design)) {
      const { scope } = slice;
      const smaller = sized(slice, "smaller").scope;
      const larger = sized(slice, "larger").scope;
      expect(sized(slice, "usual")).toEqual(slice);
      const isLeast = hasOneOfEach(scope);
      least += isLeast ? 1 : 0;
      expect(isSmaller(smaller, scope), slice.name).toBe(!isLeast);
      expect(isSmaller(scope, larger), slice.name).toBe(true);
      for (const other of [smaller, larger]) {
        expect(withoutAmounts(other)).toEqual(withoutAmounts(scope));
        const machinery = new Machinery(design, other);
        expect(machinery.moves(machinery.initial).length).toBeGreaterThan(0);
      }
    }
    expect(least).toBeLessThanOrEqual(machine === machines.phone ? 0 : 3);
  });
});
