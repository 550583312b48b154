/**
 * What a claim of `cma` does with data that lies in the way, where memory is so full that few places
 * are left: too rare for walks. The places of the data are told, those of the claim are its own.
 */
import { describe, expect, test } from "vitest";
import { frameList } from "../../../impl/kit.ts";
import { makeGeometry, type Scope } from "../../../model/index.ts";
import { Hand } from "./hand.ts";

const blank = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

const scopeWith = (
  more: Partial<Scope> & { readonly blocks: number; readonly blockPages?: number },
): Scope => {
  const { blocks, blockPages = 1, ...rest } = more;
  const shape = { granulesPerPage: 1, pagesPerStoragePage: 1, blockPages };
  return {
    geometry: makeGeometry(shape, [blocks]),
    ...{ otherCmaPages: 0, tagValues: 2, byteValues: 2, slots: 0, files: 0, pagesPerFile: 0 },
    ...{ getForm: "keeping", folioOrder: 0, pins: 1, dirtyLines: false, mayFail: false },
    actors: [
      { ...blank, name: "task", may: ["allocate-untagged", "enable-tags", "free", "write-bytes"] },
      { ...blank, name: "other", cpu: 1, may: ["enable-tags", "read-bytes"] },
    ],
    ...rest,
  };
};

describe("data that lies in a block that is claimed", () => {
  test("moves to frame 0 if nothing else is free", () => {
    const hand = new Hand("cma", scopeWith({ blocks: 2 }));
    /** Frames are 0 and 1, storage is 2 and 3; frame 1 wants tags, which belong into 3. */
    hand.fill(1, 2, 3);
    hand.all(0, { kind: "enable-tags", handle: 0 });
    expect(hand.placeOf(2)).toBe(0);
  });

  test("moves to a frame that takes no tags if nothing else is free", () => {
    const hand = new Hand("cma", scopeWith({ blocks: 2, otherCmaPages: 1 }));
    hand.fill(0, 2, 3);
    hand.all(0, { kind: "enable-tags", handle: 0 });
    expect(hand.placeOf(1)).toBe(1);
  });

  test.each([
    [4, 0],
    [5, 0],
    [6, 3],
    [7, 3],
  ])("moves from %i to storage of another block, not of its own", (data, handle) => {
    const hand = new Hand("cma", scopeWith({ blocks: 2, blockPages: 2 }));
    hand.fill(0, 1, 2, 3, data);
    hand.all(0, { kind: "enable-tags", handle });
    /** Storage pages 4 and 5 are one block, 6 and 7 the other. */
    expect(data < 6 ? [6, 7] : [4, 5]).toContain(hand.placeOf(4));
    expect(hand.marks).toContain("claim-moves-data-away");
  });

  test("moves whoever has it, the first of all pages as well", () => {
    const hand = new Hand("cma", scopeWith({ blocks: 2 }));
    hand.fill(2, 0);
    hand.all(0, { kind: "enable-tags", handle: 1 });
    expect(hand.placeOf(0)).toBe(1);
  });

  test("stays if there is no place for all of it; what the claim took by then is free again", () => {
    const hand = new Hand("cma", scopeWith({ blocks: 2, blockPages: 2 }));
    /** Data in both storage pages of the block, 4 and 5; only 6 is free. */
    hand.fill(0, 1, 2, 3, 4, 5, 7);
    hand.begin(0, { kind: "enable-tags", handle: 0 });
    hand.finish(0);
    expect(hand.marks).toContain("claim-gives-up");
    const { storage } = hand.lockstep.world;
    expect(storage.map(({ use }) => use).sort()).toEqual(["data", "data", "data", "free"]);
    expect(storage[2]?.use).toBe("data");
  });

  test("stays while it is pinned, the first of all pages as well", () => {
    const hand = new Hand("cma", scopeWith({ blocks: 2 }));
    hand.fill(2, 0);
    hand.pin(0);
    hand.begin(0, { kind: "enable-tags", handle: 1 });
    hand.finish(0);
    expect(hand.placeOf(0)).toBe(2);
    expect(hand.marks).toContain("claim-finds-a-pinned-page");
  });

  test("stays while somebody else works on it", () => {
    const hand = new Hand("cma", scopeWith({ blocks: 2 }));
    hand.fill(2, 0);
    /** A fault on the data itself has a reference to it. */
    hand.begin(1, { kind: "enable-tags", handle: 0 });
    hand.begin(0, { kind: "enable-tags", handle: 1 });
    hand.finish(0);
    expect(hand.placeOf(0)).toBe(2);
    hand.finish(1);
  });
});

test("a fault on data in tag storage is tried again where no frame is free", () => {
  const hand = new Hand("cma", scopeWith({ blocks: 2 }));
  hand.fill(0, 1, 2);
  hand.begin(0, { kind: "enable-tags", handle: 2 });
  hand.finish(0);
  expect(hand.placeOf(2)).toBe(2);
});

test("a claim throws the dirty lines of its own block away", () => {
  const hand = new Hand("cma", scopeWith({ blocks: 2, dirtyLines: true }));
  hand.fill(2, 0);
  hand.all(0, { kind: "write-bytes", handle: 0, bytes: 1 });
  hand.all(0, { kind: "enable-tags", handle: 1 });
  expect(hand.placeOf(0)).toBe(1);
  hand.all(1, { kind: "read-bytes", handle: 0 });
});

test("a claim leaves the dirty lines of the next block alone", () => {
  const hand = new Hand("cma", scopeWith({ blocks: 2, dirtyLines: true }));
  /** Frame 0 wants tags in storage page 2; storage page 3 has data whose line is still dirty. */
  hand.fill(0, 3);
  hand.all(0, { kind: "write-bytes", handle: 1, bytes: 1 });
  hand.all(0, { kind: "enable-tags", handle: 0 });
  hand.all(1, { kind: "read-bytes", handle: 1 });
});

test("a third fault on a page is refused while two are under way", () => {
  const faults = { ...blank, cpu: 1, may: ["enable-tags"] } as const;
  const hand = new Hand("cma", {
    ...scopeWith({ blocks: 2 }),
    actors: [
      { ...blank, name: "task", may: ["allocate-untagged", "enable-tags"] },
      { ...faults, name: "first" },
      { ...faults, name: "second" },
    ],
  });
  hand.fill(2);
  hand.begin(1, { kind: "enable-tags", handle: 0 });
  hand.begin(2, { kind: "enable-tags", handle: 0 });
  hand.refused(0, { kind: "enable-tags", handle: 0 });
});

test("tags wait in the stash where a swap-in finds no storage", () => {
  const hand = new Hand("cma", {
    ...scopeWith({ blocks: 2, slots: 1, pins: 2 }),
    actors: [
      { ...blank, name: "task", may: ["allocate-tagged", "write-tag", "swap-in-fault"] },
      { ...blank, name: "other", cpu: 1, may: ["allocate-untagged", "swap-out"] },
    ],
  });
  hand.all(0, { kind: "allocate" }, 0);
  hand.all(0, { kind: "write-tag", tag: 1 });
  hand.all(1, { kind: "swap-out" });
  for (const [handle, place] of [2, 3].entries()) {
    hand.all(1, { kind: "allocate" }, place);
    hand.pin(handle);
  }
  hand.all(0, { kind: "swap-in" });
  expect(hand.marks).toContain("tags-are-stashed");
  expect(hand.lockstep.world.stash).toContain(1);
});

/**
 * A frame has a page with tag 1, and the storage page of the other frame has data that cannot be
 * moved away.
 */
const beforePinnedData = (frame: number, ...may: Scope["actors"][number]["may"]): Hand => {
  const hand = new Hand("cma", {
    ...scopeWith({ blocks: 2 }),
    actors: [
      { ...blank, name: "task", may: ["allocate-tagged", "write-tag", "free", ...may] },
      { ...blank, name: "other", cpu: 1, may: ["allocate-untagged"] },
    ],
  });
  hand.all(0, { kind: "allocate" }, frame);
  hand.all(0, { kind: "write-tag", tag: 1 });
  hand.all(1, { kind: "allocate" }, 3 - frame);
  hand.pin(1);
  return hand;
};

test("tags of a copy wait in the stash where its frame finds no storage", () => {
  const hand = beforePinnedData(0, "copy");
  hand.all(0, { kind: "copy" });
  expect(hand.marks).toContain("tags-are-stashed");
  expect(hand.lockstep.world.stash).toContain(1);
});

describe("a page that cannot be moved", () => {
  test.each([0, 1])("stays in frame %i, and its target is free again", (frame) => {
    const hand = beforePinnedData(frame, "migrate");
    hand.all(0, { kind: "migrate" });
    expect(hand.placeOf(0)).toBe(frame);
    expect(hand.lockstep.world.frames[1 - frame]?.use).toBe("free");
  });

  test("stays where no frame is free, and nothing is given back", () => {
    const hand = new Hand("carveout", {
      ...scopeWith({ blocks: 2 }),
      actors: [{ ...blank, name: "task", may: ["allocate-tagged", "migrate", "free"] }],
    });
    hand.all(0, { kind: "allocate" });
    hand.all(0, { kind: "allocate" });
    hand.all(0, { kind: "migrate" });
    expect(hand.lockstep.manager.state.freeFrames.lengthOf(frameList.taggable)).toBe(0);
    hand.all(0, { kind: "free" });
    hand.all(0, { kind: "allocate" });
    expect(hand.lockstep.world.frames.map(({ use }) => use)).toEqual(["held", "held"]);
  });
});
