/**
 * The search applies a script to a copy of the state; the specification is the same script as an
 * immutable step (immer). Both must agree, on every transition of a breadth-first beginning of each
 * slice of each design, and the immutable one must leave its argument alone.
 */
import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { type Design, designs, Machinery } from "../../model/index.ts";
import { slicesOf } from "../../properties/slices.ts";
import { phone } from "../machines.ts";

/** A variant has most of its steps from its base. */
const transitionsAtMost = ({ variantOf }: Design): number => (variantOf === undefined ? 400 : 100);

describe.each(designs.map((design) => [design.name, design] as const))("%s", (_name, design) => {
  test.each(slicesOf(phone(), design).map((slice) => [slice.name, slice.scope] as const))(
    "%s: both steps agree",
    (_slice, scope) => {
      const machinery = new Machinery(design, scope);
      const keys = [machinery.key(machinery.initial)];
      const known = new Set(keys);
      let transitions = 0;
      for (const key of keys) {
        const world = machinery.fromKey(key);
        for (const move of machinery.moves(world)) {
          const fast = machinery.step(world, move);
          const plain = machinery.stepImmutably(world, move);
          /** Compared by hand first: a matcher for each of 100,000 steps takes longer than they do. */
          if (!isDeepStrictEqual(plain, fast)) expect(plain).toEqual(fast);
          if (machinery.key(world) !== key) expect.fail("the immutable step changed its argument");
          const next = machinery.key(fast.next);
          if (!known.has(next)) {
            known.add(next);
            keys.push(next);
          }
          transitions++;
        }
        if (transitions > transitionsAtMost(design)) break;
      }
      expect(transitions).toBeGreaterThan(50);
    },
  );
});
