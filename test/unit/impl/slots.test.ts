/** Who shares a slot, and that the last of them frees it. */
import { expect, test } from "vitest";
import { Hand } from "./hand.ts";
import { scopeOf } from "./scopes.ts";

const task = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

test.each(["carveout", "cma", "cleancache-page"])("%s: the last sharer frees a slot", (design) => {
  const hand = new Hand(design, {
    ...scopeOf({ blocks: 2, pages: 2, slots: 2, files: 0, pagesPerFile: 0 }),
    actors: [
      { ...task, name: "task", may: ["allocate-tagged", "swap-out", "share-slot", "free-slot"] },
    ],
  });
  const sharers = (): readonly number[] => hand.lockstep.world.slots.map((slot) => slot.sharers);
  hand.all(0, { kind: "allocate", tagged: true });
  hand.all(0, { kind: "swap-out" });
  expect(sharers()).toEqual([1, 0]);
  hand.all(0, { kind: "share-slot", slot: 0 });
  expect(sharers()).toEqual([2, 0]);
  hand.all(0, { kind: "free-slot", slot: 0 });
  expect(sharers()).toEqual([1, 0]);
  hand.all(0, { kind: "free-slot", slot: 0 });
  expect(sharers()).toEqual([0, 0]);
});
