/** A fresh state, table by table, and how large each is. */
import { describe, expect, test } from "vitest";
import { freshState, idleRegisters, registerNames } from "../../../impl/state.ts";
import { junk, nothing } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

/** 3 blocks of 2 storage pages, each for 3 pages of 3 granules. */
const shape = { blocks: 3, blockPages: 2, pages: 3, granules: 3, slots: 4, files: 3 } as const;
const scope = scopeOf({ ...shape, pagesPerFile: 2 });
const words = (length: number, value: number) => new Int32Array(length).fill(value);
const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

test("everything is free, nothing is tagged, files are there and full of zeroes", () => {
  const state = freshState({ scope, locks: 5, stash: true, lists: true });
  expect(state.frames.bytes).toEqual(words(18, junk));
  for (const column of [state.frames.use, state.frames.flagged])
    expect(column).toEqual(bytes(18, 0));
  expect(state.storage.key).toEqual(words(6, -1));
  expect(state.holders).toEqual(words(6, -1));
  expect(state.users).toEqual(words(3, 0));
  expect([state.held.at, state.held.owner]).toEqual([words(24, -1), words(24, -1)]);
  expect([state.slots.owner, state.slots.bytes]).toEqual([words(4, -1), words(4, junk)]);
  expect([state.cached.bytes, state.cached.disk]).toEqual([words(6, junk), words(6, 0)]);
  expect([state.exists, state.mounted]).toEqual([bytes(3, 1), bytes(1, 1)]);
  expect([state.locks, state.stashed]).toEqual([bytes(5, 0), bytes(18, 0)]);
  expect(state.bucketBits).toBe(3);
  expect([state.buckets, state.chain]).toEqual([words(8, -1), words(6, -1)]);
  expect([state.arena, state.stash, state.slotTags]).toEqual([
    bytes(6 * 5, 0),
    bytes(18 * 2, 0),
    bytes(4 * 2, 0),
  ]);
  expect([state.dataLines.length, state.tagLines.length]).toEqual([0, 0]);
  expect([state.freeHandles.smallest(), state.freeSlots.smallest()]).toEqual([0, 0]);
  expect([state.freeFrames.kept, state.freeFrames.first(0), state.freeFrames.first(1)]).toEqual([
    true,
    -1,
    -1,
  ]);
  expect([state.storageLists.first(0), state.storageLists.first(1)]).toEqual([-1, -1]);
});

test("what a design or a scope has no use for takes no room", () => {
  const needs = { scope, locks: 5, stash: true, lists: true };
  const size = (more: Partial<typeof needs>) => freshState({ ...needs, ...more }).all.length;
  const full = size({});
  expect(full - size({ stash: false })).toBe(18 + 18 * 2);
  expect(full - size({ lists: false })).toBe(4 * (2 * 20 + 2 + 2 * 8 + 2));
  const dirty = freshState({ ...needs, scope: { ...scope, dirtyLines: true } });
  expect([dirty.dataLines, dirty.tagLines]).toEqual([bytes(6, nothing), bytes(18 * 3, nothing)]);
});

test("one storage page has two buckets, not none", () => {
  const needs = { scope: scopeOf({ blocks: 1 }), locks: 1, stash: false, lists: false };
  const { bucketBits, buckets } = freshState(needs);
  expect([bucketBits, buckets.length]).toEqual([1, 2]);
});

describe("registers", () => {
  const task = { kind: "task", cpu: 0, owner: 0, everyones: true, may: [] } as const;
  const actors = [
    { ...task, name: "one" },
    { ...task, name: "two" },
  ];

  test("are those of an idle actor, for each of them", () => {
    const state = freshState({ scope: { ...scope, actors }, locks: 1, stash: false, lists: false });
    const idle: readonly number[] = Object.values(idleRegisters);
    expect([...state.actors]).toEqual([...idle, ...idle]);
    expect(registerNames.slice(-7)).toEqual([
      "kind",
      "first",
      "second",
      "third",
      "key",
      "spinLocks",
      "irqLocks",
    ]);
    expect(idle.slice(-7)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });
});
