/** Volatile memory: halves of a page that is taken meanwhile, and what comes of not asking. */
import { describe, expect, test } from "vitest";
import { ownMemory } from "../../../model/designs/shared/cache-memory.ts";
import { foundOutBy } from "../../../model/designs/volatile.ts";
import {
  accessFault,
  type Detection,
  generationWord,
  notificationQueue,
  setStableIfPresent,
} from "../../../model/designs/volatile-detection.ts";
import { discard, storeHalf } from "../../../model/hardware/device-memory.ts";
import { type Design, designNamed, loadData, Machinery } from "../../../model/index.ts";
import { exploreSlice, slicesOf } from "../../../properties/index.ts";
import { phone } from "../../machines.ts";

const design = (name: string): Design => {
  const found = designNamed(name);
  if (!found) throw new Error(`there is no design ${name}`);
  return found;
};

const scopeOf = (name: string, slice: string) => {
  const found = slicesOf(phone(), design(name)).find((each) => each.name === slice);
  if (!found) throw new Error(`there is no slice ${slice}`);
  return found.scope;
};

test("a page whose first half was lost holds neither the old bytes nor the new", () => {
  const { initial: world, site } = new Machinery(design("volatile"), scopeOf("volatile", "cache"));
  storeHalf(world, 0, "first", 1);
  expect(loadData(world, site, 0)).not.toBe(1);
  storeHalf(world, 0, "second", 1);
  expect(loadData(world, site, 0)).toBe(1);
  storeHalf(world, 0, "first", 1);
  discard(world, 0);
  storeHalf(world, 0, "second", 1);
  expect(loadData(world, site, 0)).not.toBe(1);
});

/** The host does what it did, and the guest asks nothing; a page that is filled is there. */
const asksNothing = (how: Detection, { memory: { beginFilling } } = how): Detection => ({
  ...how,
  memory: { ...ownMemory, isOutOfOurHands: true, beginFilling },
});

describe("a guest that asks nothing reads what the host took", () => {
  test.each([
    ["volatile", asksNothing(accessFault)],
    ["volatile-stable", asksNothing(setStableIfPresent, accessFault)],
    ["volatile-word", asksNothing(generationWord)],
    ["volatile-queue", asksNothing(notificationQueue)],
  ] as const)("%s", (name, blindly) => {
    const blind = { ...design(name), ...foundOutBy(blindly) };
    const { findings } = exploreSlice(blind, "cache", scopeOf(name, "cache"), {
      only: ["a-hit-is-the-newest-or-a-miss"],
      stopAtFirst: true,
      bounds: { maxStates: 30_000 },
    });
    expect(findings.map(({ result: { kind } }) => kind)).toEqual(["broken"]);
  });
});
