/** Lists are lists: both ends, the middle, the last one, and what is read when there is none. */
import { describe, expect, test } from "vitest";
import { cutOf } from "../../../impl/columns.ts";
import { Lists } from "../../../impl/lists.ts";

const nodes = 6;

const fresh = () => {
  const { plan, all } = cutOf((cut) => new Lists(nodes, 2, cut));
  plan.clear();
  return { lists: plan, all };
};

/** Never more than there are nodes, whatever is linked with what. */
const read = (lists: Lists, list: number): readonly number[] => {
  const found: number[] = [];
  for (let at = lists.first(list); at >= 0 && found.length <= nodes; at = lists.after(at))
    found.push(at);
  return found;
};

test("lists are empty at first, and apart", () => {
  const { lists, all } = fresh();
  expect(lists.kept).toBe(true);
  expect(all.length).toBe(4 * (2 * (nodes + 2) + 2));
  for (const list of [0, 1]) {
    expect(read(lists, list)).toEqual([]);
    expect(lists.lengthOf(list)).toBe(0);
  }
});

test("first and last are where they are added", () => {
  const { lists } = fresh();
  lists.addLast(1, 4);
  lists.addFirst(1, 2);
  lists.addLast(1, 0);
  lists.addFirst(1, 5);
  expect(read(lists, 1)).toEqual([5, 2, 4, 0]);
  expect(lists.lengthOf(1)).toBe(4);
  expect(read(lists, 0)).toEqual([]);
  expect(lists.lengthOf(0)).toBe(0);
  lists.addFirst(0, 3);
  lists.addFirst(0, 1);
  expect(read(lists, 0)).toEqual([1, 3]);
  expect(read(lists, 1)).toEqual([5, 2, 4, 0]);
});

describe.each([0, 1])("list %i", (list) => {
  test.each([
    [3, [1, 0, 2]],
    [1, [3, 0, 2]],
    [0, [3, 1, 2]],
    [2, [3, 1, 0]],
  ])("without %i the rest is in order, and can be added to at both ends", (node, left) => {
    const { lists } = fresh();
    for (const each of [3, 1, 0, 2]) lists.addLast(list, each);
    lists.remove(list, node);
    expect(read(lists, list)).toEqual(left);
    expect(lists.lengthOf(list)).toBe(3);
    lists.addFirst(list, 4);
    lists.addLast(list, 5);
    expect(read(lists, list)).toEqual([4, ...left, 5]);
  });

  test("the last one that goes leaves it empty, and clearing empties it", () => {
    const { lists, all } = fresh();
    const empty = all.slice();
    lists.addFirst(list, 0);
    lists.remove(list, 0);
    expect(read(lists, list)).toEqual([]);
    expect(lists.lengthOf(list)).toBe(0);
    lists.addLast(list, 1);
    lists.addLast(list, 2);
    lists.clear();
    expect(read(lists, list)).toEqual([]);
    expect(lists.lengthOf(list)).toBe(0);
    const behind = 4 * nodes;
    const heads = (bytes: Uint8Array) => bytes.slice(behind, behind + 4 * 2);
    expect(heads(all)).toEqual(heads(empty));
  });
});

test("where there are no nodes nothing is kept", () => {
  const { plan, all } = cutOf((cut) => new Lists(0, 2, cut));
  plan.clear();
  expect(plan.kept).toBe(false);
  expect(all.length).toBe(0);
  expect(plan.first(0)).toBe(-1);
});
