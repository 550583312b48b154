/**
 * The fault on access of RFC v3 moves a page whose own tag storage it cannot have. The page may have
 * tags by then: kept aside since a swap-in, or because somebody else's fault came first. Either they
 * go along, or they are kept aside once more.
 *
 * Frames are 0, 1 and 2, and the storage of each is three further on.
 */
import { describe, expect, test } from "vitest";
import { makeGeometry, nothing, type Scope } from "../../../model/index.ts";
import { Hand } from "./hand.ts";

const blank = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

const scope: Scope = {
  geometry: makeGeometry({ granulesPerPage: 1, pagesPerStoragePage: 1, blockPages: 1 }, [3]),
  ...{ otherCmaPages: 0, tagValues: 2, byteValues: 2, slots: 1, files: 0, pagesPerFile: 0 },
  ...{ getForm: "keeping", folioOrder: 0, pins: 3, dirtyLines: false, mayFail: false },
  actors: [],
};

const taskMay = ["allocate-tagged", "write-tag", "read-tag", "enable-tags"] as const;

/** Data that cannot be moved away, in the storage of these frames; gives the handles. */
const pinStorageOf = (hand: Hand, ...frames: readonly number[]): readonly number[] =>
  frames.map((frame) => {
    hand.all(1, { kind: "allocate" }, frame + 3);
    const handle = hand.handleAt(frame + 3);
    hand.pin(handle);
    return handle;
  });

/** A page lies in frame 0 again after it was swapped; its tag, 1, is kept aside. */
const swappedIn = (...pinned: readonly number[]): Hand => {
  const hand = new Hand("cma", {
    ...scope,
    actors: [
      { ...blank, name: "task", may: [...taskMay, "swap-in-fault"] },
      { ...blank, name: "other", cpu: 1, may: ["allocate-untagged", "swap-out"] },
    ],
  });
  hand.all(0, { kind: "allocate" }, 0);
  hand.all(0, { kind: "write-tag", tag: 1 });
  hand.all(1, { kind: "swap-out" });
  pinStorageOf(hand, 0, ...pinned);
  hand.all(0, { kind: "swap-in" }, 0);
  expect(hand.lockstep.world.stash).toEqual([1, nothing, nothing]);
  return hand;
};

describe("a page whose tags were kept aside since it was swapped in", () => {
  test("has them in its new place", () => {
    const hand = swappedIn();
    const handle = hand.handleAt(0);
    hand.marks.clear();
    hand.begin(0, { kind: "enable-tags", handle });
    hand.goTo(0, "move-tags");
    hand.finish(0);
    expect(hand.placeOf(handle)).toBe(1);
    expect(hand.marks).toContain("stash-is-replayed");
    expect(hand.marks).not.toContain("a-tagged-page-is-migrated");
    expect(hand.lockstep.world.stash).toEqual([nothing, nothing, nothing]);
    hand.all(0, { kind: "read-tag", handle });
  });

  test("has them kept aside for the new place where that has no storage either", () => {
    const hand = swappedIn(1, 2);
    const handle = hand.handleAt(0);
    hand.begin(0, { kind: "enable-tags", handle });
    hand.marks.clear();
    hand.goTo(0, "stash-tags");
    expect(hand.marks).not.toContain("tags-are-stashed");
    hand.goOn(0);
    expect(hand.marks).toContain("tags-are-stashed");
    hand.goTo(0, "replay-fault");
    expect(hand.placeOf(handle)).toBe(1);
    expect(hand.lockstep.world.stash).toEqual([nothing, 1, nothing]);
  });
});

/** The task has taken frame 1 for page 0, whose own storage is pinned; the other's fault comes first. */
const overtaken = (...pinned: readonly number[]): Hand => {
  const hand = new Hand("cma", {
    ...scope,
    actors: [
      { ...blank, name: "task", may: ["enable-tags"] },
      { ...blank, name: "other", cpu: 1, may: ["allocate-untagged", "enable-tags", "write-tag"] },
    ],
  });
  hand.all(1, { kind: "allocate" }, 0);
  const [inTheWay = -1] = pinStorageOf(hand, 0, ...pinned);
  hand.begin(0, { kind: "enable-tags", handle: 0 });
  hand.goTo(0, "isolate-page");
  hand.unpin(inTheWay);
  hand.all(1, { kind: "enable-tags", handle: 0 });
  hand.all(1, { kind: "write-tag", handle: 0, tag: 1 });
  expect(hand.lockstep.world.frames[0]?.flagged).toBe(true);
  return hand;
};

describe("a page that somebody else gave tags meanwhile", () => {
  test("takes them along", () => {
    const hand = overtaken();
    hand.goTo(0, "move-tags");
    hand.finish(0);
    expect(hand.placeOf(0)).toBe(1);
    expect(hand.marks).toContain("a-tagged-page-is-migrated");
    expect(hand.lockstep.world.frames[1]?.flagged).toBe(true);
  });

  test("has them kept aside where the new place has no storage", () => {
    const hand = overtaken(1, 2);
    hand.goTo(0, "stash-tags");
    hand.goOn(0);
    expect(hand.marks).toContain("tags-are-stashed");
    expect(hand.lockstep.world.stash).toEqual([nothing, 1, nothing]);
    hand.goTo(0, "replay-fault");
    expect(hand.placeOf(0)).toBe(1);
  });
});

test("a fault that is replayed waits while somebody's claim moves its page", () => {
  const hand = new Hand("cma", {
    ...scope,
    actors: [
      { ...blank, name: "task", may: ["allocate-untagged", "enable-tags"] },
      { ...blank, name: "other", cpu: 1, may: ["enable-tags"] },
    ],
  });
  /** Every frame is held, so that the fault on the data in storage finds no other place for it. */
  hand.fill(0, 1, 2, 3);
  hand.begin(0, { kind: "enable-tags", handle: 3 });
  hand.goTo(0, "look-at-page");
  const { manager } = hand.lockstep;
  expect(manager.isReady(0)).toBe(true);
  hand.begin(1, { kind: "enable-tags", handle: 0 });
  hand.goTo(1, "move-storage");
  expect(manager.isReady(0)).toBe(false);
  hand.goTo(1, "check-block");
  expect(manager.isReady(0)).toBe(true);
});
