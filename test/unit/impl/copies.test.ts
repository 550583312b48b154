/** The index of copies: found by key, in chains that are the same bytes whatever came first. */
import { expect, test } from "vitest";
import { Copies } from "../../../impl/copies.ts";
import { freshState } from "../../../impl/state.ts";
import { scopeOf } from "./scopes.ts";

const keys = 32;
const pages = 9;

const fresh = () => {
  const scope = scopeOf({ blocks: pages, files: 4, pagesPerFile: 8 });
  const state = freshState({ scope, locks: 1, stash: false, lists: false });
  const copies = new Copies(state);
  const put = (page: number, key: number) => {
    state.storage.key[page] = key;
    copies.insert(page);
  };
  const found = () => Array.from({ length: keys }, (_, key) => copies.find(key));
  return { state, copies, put, found };
};

/** Keys that fall into the bucket of the most of them. */
const together = (() => {
  const { state, copies } = fresh();
  const bucketOf = (key: number) => {
    state.buckets.fill(-1);
    state.storage.key[0] = key;
    copies.insert(0);
    return state.buckets.indexOf(0);
  };
  const all = Array.from({ length: keys }, (_, key) => ({ key, bucket: bucketOf(key) }));
  const groups = all.map(({ bucket }) => all.filter((other) => other.bucket === bucket));
  const [most = []] = groups.toSorted((one, other) => other.length - one.length);
  return most.map(({ key }) => key);
})();

/** Every order of some things. */
const orders = <T>(things: readonly T[]): readonly (readonly T[])[] =>
  things.length === 0
    ? [[]]
    : things.flatMap((thing) =>
        orders(things.filter((other) => other !== thing)).map((rest) => [thing, ...rest]),
      );

test("there are more buckets than pages, a power of two, and some are shared", () => {
  const { state } = fresh();
  expect(state.buckets.length).toBe(16);
  expect(together.length).toBeGreaterThanOrEqual(3);
});

test("chains are in the order of pages, whatever came and went first", () => {
  const all = [0, 4, 8].map((page, at) => ({ page, key: together[at] ?? -1 }));
  for (const coming of orders(all)) {
    const { state, copies, put } = fresh();
    for (const { page, key } of coming) put(page, key);
    expect(state.buckets.filter((page) => page >= 0)).toEqual(new Int32Array([0]));
    expect([state.chain[0], state.chain[4], state.chain[8]]).toEqual([4, 8, -1]);
    for (const { page, key } of all) expect(copies.find(key)).toBe(page);
    for (const going of orders(all)) {
      const again = fresh();
      for (const { page, key } of coming) again.put(page, key);
      const left = new Map(all.map(({ page, key }) => [key, page]));
      for (const { page, key } of going) {
        again.copies.remove(page);
        left.delete(key);
        for (const each of together.slice(0, 3))
          expect(again.copies.find(each)).toBe(left.get(each) ?? -1);
        expect(again.state.chain[page]).toBe(-1);
      }
      expect(again.state.buckets.every((page) => page === -1)).toBe(true);
    }
  }
});

test("what is not there is not found, and taking it away changes nothing", () => {
  const { state, copies, put, found } = fresh();
  expect(found().every((page) => page === -1)).toBe(true);
  const [here = 0, other = 0] = together;
  put(5, here);
  state.storage.key[6] = other;
  const before = state.all.slice();
  copies.remove(6);
  expect(state.all).toEqual(before);
  copies.remove(5);
  copies.remove(5);
  expect(found().every((page) => page === -1)).toBe(true);
});
