/** Tags lie where the static map says, two to a byte, and data fill what they lie in. */
import { describe, expect, test } from "vitest";
import { Arena } from "../../../impl/arena.ts";
import { freshState } from "../../../impl/state.ts";
import { dataCode, junk, type Scope, tagOffset, totalPages } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

const arenaOf = (scope: Scope, locks = 1) => {
  const state = freshState({ scope, locks, stash: true, lists: false });
  return { state, arena: new Arena(state, scope) };
};

/** Even and odd numbers of granules, with and without lines: whole bytes and single nibbles. */
const scopes = [
  scopeOf({ granules: 1 }),
  scopeOf({ granules: 3, pages: 3 }),
  scopeOf({ granules: 4 }),
  scopeOf({ granules: 64, pages: 4 }),
  scopeOf({ granules: 4, dirtyLines: true }),
  scopeOf({ granules: 3, pages: 3, dirtyLines: true }),
];

describe.each(scopes.map((scope, at) => ({ at, scope })))("scope $at", ({ scope }) => {
  const { granulesPerPage } = scope.geometry;
  const pages = totalPages(scope.geometry);
  const pageBytes = Math.ceil((granulesPerPage * scope.geometry.pagesPerStoragePage) / 2);

  test("a tag is one nibble at the offset of the static map", () => {
    const { state, arena } = arenaOf(scope);
    for (let frame = 0; frame < pages; frame++) {
      arena.storeTag(frame, granulesPerPage - 1, 5);
      if (scope.dirtyLines) arena.writeBackTags(frame);
      const { storagePage, tagOffset: nibble } = tagOffset(scope.geometry, frame);
      const place = 2 * storagePage * pageBytes + nibble + granulesPerPage - 1;
      const found = ((state.arena[place >> 1] ?? 0) >> (4 * (place % 2))) & 15;
      expect(found).toBe(5);
      expect(arena.storageOf(frame)).toBe(storagePage);
      state.arena.fill(0);
    }
  });

  test("clearing, copying, saving and restoring move the tags of one page and no other", () => {
    const { state, arena } = arenaOf(scope);
    const tagsOf = (frame: number) =>
      Array.from({ length: granulesPerPage }, (_, granule) => arena.loadTag(frame, granule));
    for (let frame = 0; frame < pages; frame++)
      for (let granule = 0; granule < granulesPerPage; granule++)
        arena.storeTag(frame, granule, (frame + granule) % 7);
    const first = tagsOf(0);
    const others = Array.from({ length: pages - 2 }, (_, at) => tagsOf(at + 2));
    arena.copyTags(0, 1);
    expect(tagsOf(1)).toEqual(first);
    arena.saveTags(1, state.slotTags, 1);
    expect(first.map((_, granule) => arena.shelvedTag(state.slotTags, 1, granule))).toEqual(first);
    arena.clearTags(1);
    expect(tagsOf(1)).toEqual(first.map(() => 0));
    expect(tagsOf(0)).toEqual(first);
    arena.moveShelved(state.slotTags, 1, state.stash, 2);
    arena.emptyShelf(state.slotTags, 1);
    expect(first.map((_, granule) => arena.shelvedTag(state.slotTags, 1, granule))).toEqual(
      first.map(() => 0),
    );
    arena.restoreTags(1, state.stash, 2);
    expect(tagsOf(1)).toEqual(first);
    expect(Array.from({ length: pages - 2 }, (_, at) => tagsOf(at + 2))).toEqual(others);
  });

  test("data fill a storage page; one tag written there and they are junk", () => {
    const { arena } = arenaOf(scope);
    arena.storeData(1, 2);
    if (scope.dirtyLines) arena.writeBackData(1);
    expect(arena.loadData(1)).toBe(2);
    const served = scope.geometry.pagesPerStoragePage;
    for (let frame = served; frame < 2 * served; frame++)
      for (let granule = 0; granule < granulesPerPage; granule++)
        expect(arena.loadTag(frame, granule)).toBe(dataCode + 2);
    for (const [frame, granule] of [
      [served, 0],
      [2 * served - 1, granulesPerPage - 1],
    ] as const) {
      arena.storeData(1, 2);
      if (scope.dirtyLines) arena.writeBackData(1);
      arena.storeTag(frame, granule, 3);
      if (scope.dirtyLines) arena.writeBackTags(frame);
      expect(arena.loadData(1)).toBe(junk);
    }
    arena.poisonStorage(1);
    expect(arena.loadData(1)).toBe(junk);
    arena.storeData(1, junk);
    expect(arena.loadData(1)).toBe(junk);
  });
});

test("a dirty line is seen before memory, until it is written back or forgotten", () => {
  const { arena } = arenaOf(scopeOf({ granules: 2, dirtyLines: true }));
  arena.storeTag(0, 0, 4);
  expect(arena.loadTag(0, 0)).toBe(4);
  expect(arena.nibbleOf(0, 0)).toBe(0);
  arena.invalidateTagLines(0);
  expect(arena.loadTag(0, 0)).toBe(0);
  arena.storeData(0, 1);
  expect(arena.loadData(0)).toBe(1);
  arena.invalidateDataLines(0);
  expect(arena.loadData(0)).toBe(junk);
  arena.storeData(0, 1);
  arena.writeBackData(0);
  arena.invalidateDataLines(0);
  expect(arena.loadData(0)).toBe(1);
  arena.writeBackData(0);
  expect(arena.loadData(0)).toBe(1);
});

/** Locks are bytes that lie before the tags: with one more each, tags begin at every alignment. */
test.each([1, 2, 3, 4])(
  "tags that are whole words are moved right wherever they begin (%i)",
  (locks) => {
    const { state, arena } = arenaOf(scopeOf({ granules: 8 }), locks);
    const tagsOf = (frame: number) =>
      Array.from({ length: 8 }, (_, granule) => arena.loadTag(frame, granule));
    for (const frame of [0, 1, 2])
      for (let granule = 0; granule < 8; granule++) arena.storeTag(frame, granule, frame + granule);
    const [first, second, third] = [tagsOf(0), tagsOf(1), tagsOf(2)];
    expect(first).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    arena.saveTags(1, state.slotTags, 0);
    arena.saveTags(0, state.slotTags, 1);
    arena.copyTags(2, 3);
    arena.clearTags(0);
    expect([tagsOf(0), tagsOf(1), tagsOf(2), tagsOf(3)]).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 0],
      second,
      third,
      third,
    ]);
    arena.moveShelved(state.slotTags, 1, state.stash, 2);
    arena.emptyShelf(state.slotTags, 1);
    arena.restoreTags(0, state.stash, 2);
    arena.restoreTags(3, state.slotTags, 0);
    expect([tagsOf(0), tagsOf(3), tagsOf(1)]).toEqual([first, second, second]);
    expect(state.exists.every((exists) => exists === 1)).toBe(true);
  },
);

test.each([scopeOf({ granules: 4, dirtyLines: true }), scopeOf({ granules: 3, pages: 3 })])(
  "saving the tags of a page leaves the next row of the shelf alone",
  (scope) => {
    const { state, arena } = arenaOf(scope);
    const { granulesPerPage } = scope.geometry;
    for (const frame of [0, 1])
      for (let granule = 0; granule < granulesPerPage; granule++) arena.storeTag(frame, granule, 5);
    arena.saveTags(0, state.slotTags, 1);
    const before = state.slotTags.slice();
    arena.clearTags(1);
    arena.saveTags(1, state.slotTags, 0);
    expect(state.slotTags).toEqual(before);
  },
);

describe("data in a storage page", () => {
  test("of an odd number of tags leave the half byte behind them empty", () => {
    for (const granules of [3, 65]) {
      const { state, arena } = arenaOf(scopeOf({ granules, pages: 3 }));
      const pageBytes = Math.ceil((3 * granules) / 2);
      arena.storeData(1, 2);
      expect(state.arena[2 * pageBytes - 1]).toBe(dataCode + 2);
      expect(arena.loadData(1)).toBe(2);
      arena.storeTag(3, 0, 1);
      expect(arena.loadData(1)).toBe(junk);
    }
  });

  test("are the same nibble throughout, not the same byte", () => {
    const { state, arena } = arenaOf(scopeOf({ granules: 64, pages: 4 }));
    state.arena.fill(dataCode + 1 + ((dataCode + 2) << 4));
    expect(arena.loadData(0)).toBe(junk);
    state.arena.fill(dataCode + 1 + ((dataCode + 1) << 4));
    expect(arena.loadData(0)).toBe(1);
    for (const place of [1, 64, 127]) {
      state.arena[place] = dataCode + 1;
      expect(arena.loadData(0)).toBe(junk);
      state.arena[place] = dataCode + 1 + ((dataCode + 1) << 4);
    }
    expect(arena.loadData(0)).toBe(1);
  });
});
