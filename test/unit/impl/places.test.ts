/**
 * Where a put goes: free storage first, and then the place of the copy that was not used for longest.
 * Any place is right to the contract, and so is none; that it is this one is the policy.
 */
import { describe, expect, test } from "vitest";
import { makeGeometry, type Scope } from "../../../model/index.ts";
import { Hand } from "./hand.ts";

const task = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

/** As many files as asked for, and as many storage pages; each page serves a data page or more. */
const scopeWith = (blocks: number, files: number, folioOrder: 0 | 1): Scope => ({
  geometry: makeGeometry({ granulesPerPage: 1, pagesPerStoragePage: 2, blockPages: 1 }, [blocks]),
  ...{ otherCmaPages: 0, tagValues: 2, byteValues: 2, slots: 0, getForm: "keeping", pins: 0 },
  ...{ files, pagesPerFile: 2 ** folioOrder, folioOrder, dirtyLines: false, mayFail: false },
  actors: [
    { ...task, name: "task", may: ["read-file", "evict", "drop"] },
    { ...task, name: "other", cpu: 1, may: ["allocate-tagged", "free"] },
  ],
});

/** Read, then given to the back end. */
const cached = (hand: Hand, ...keys: readonly number[]): void => {
  for (const index of keys) {
    hand.all(0, { kind: "read-file", file: index, index: 0 });
    hand.all(0, { kind: "evict", file: index, index: 0 });
  }
};

const keysIn = ({ lockstep }: Hand): readonly number[] =>
  lockstep.world.storage.map(({ use, key }) => (use === "cached" ? key : -1));

describe("a page", () => {
  test("goes to free storage while there is some, then to that of the oldest copy", () => {
    const hand = new Hand("cleancache-page", scopeWith(2, 3, 0));
    cached(hand, 0, 1);
    expect(keysIn(hand).toSorted()).toEqual([0, 1]);
    cached(hand, 2);
    expect(keysIn(hand).toSorted()).toEqual([1, 2]);
  });
});

describe("a folio", () => {
  test("goes to free storage while there is some, then to that of the oldest copy", () => {
    const hand = new Hand("cleancache-folio", scopeWith(4, 3, 1));
    cached(hand, 0, 1);
    expect(keysIn(hand).toSorted()).toEqual([0, 1, 2, 3]);
    cached(hand, 2);
    expect(keysIn(hand).toSorted()).toEqual([2, 3, 4, 5]);
  });

  test.each([0, 1])("takes the one free page and the place of one old copy: %i", (which) => {
    const hand = new Hand("cleancache-folio", scopeWith(4, 3, 1));
    cached(hand, 0);
    const { world } = hand.lockstep;
    const free = world.storage.flatMap(({ use }, page) => (use === "free" ? [page] : []));
    const [taken = -1, left = -1] = which === 0 ? free : free.toReversed();
    hand.all(1, { kind: "allocate" }, 2 * taken);
    cached(hand, 1);
    const keys = keysIn(hand);
    expect(keys.toSorted()).toEqual([-1, -1, 2, 3]);
    expect(keys[left]).toBeGreaterThan(0);
  });

  test.each([0, 1, 2, 3])("is not kept by halves where only page %i is free", (page) => {
    const hand = new Hand("cleancache-folio", scopeWith(4, 3, 1));
    for (let storage = 0; storage < 4; storage++)
      if (storage !== page) hand.all(1, { kind: "allocate" }, 2 * storage);
    cached(hand, 0);
    expect(keysIn(hand)).toEqual([-1, -1, -1, -1]);
  });
});

test("the second folio of a file is put and found by itself", () => {
  const scope = scopeWith(4, 1, 1);
  const hand = new Hand("cleancache-folio", { ...scope, pagesPerFile: 4 });
  hand.all(0, { kind: "read-file", file: 0, index: 2 });
  hand.all(0, { kind: "evict", file: 0, index: 2 });
  expect(keysIn(hand).toSorted()).toEqual([-1, -1, 2, 3]);
});

test("only who reads in the very block is revoked by a claim", () => {
  const hand = new Hand("cleancache-page", {
    ...scopeWith(2, 2, 0),
    actors: [
      { ...task, name: "task", may: ["read-file", "evict"] },
      { ...task, name: "other", cpu: 1, may: ["allocate-tagged"] },
    ],
  });
  cached(hand, 0, 1);
  const { world } = hand.lockstep;
  /** Somebody is in the middle of reading the copy in the last block. */
  const file = world.storage[1]?.key ?? -1;
  hand.begin(0, { kind: "read-file", file, index: 0 });
  while (world.actors[0]?.storage !== 1) expect(hand.goOn(0)).toBe(true);
  hand.all(1, { kind: "allocate" }, 0);
  expect(hand.marks).toContain("claim-drops-a-copy");
  expect(hand.marks).not.toContain("claim-revokes-a-reader");
  hand.finish(0);
});
