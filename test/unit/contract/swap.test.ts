/** What the contract accepts of swap. */
import { describe, expect, test } from "vitest";
import { noMemory } from "../../../model/contract/index.ts";
import {
  contractOf,
  gets,
  happens,
  judge,
  placed,
  replay,
  store,
  swapIn,
  swapOut,
  tag,
  tagged,
  untagged,
} from "./happenings.ts";

const contract = contractOf();
const page = [tagged(0), tag(0, 5), store(0, 7)];
const share = happens({ kind: "share-slot", slot: 0 });
const leave = (freed: boolean) => happens({ kind: "free-slot", slot: 0 }, { kind: "slot", freed });

describe("swap out", () => {
  test("a folio goes out whole, each page with its own tags or none", () => {
    const folio = happens(
      { kind: "swap-out", handles: [0, 1] },
      { kind: "swapped", slots: [1, 0] },
    );
    const { pages, slots } = replay(contract, [...page, untagged(1), folio]);
    expect(pages.every((left) => left === null)).toBe(true);
    expect(slots).toEqual([
      { owner: 1, sharers: 1, tags: null, bytes: 0 },
      { owner: 1, sharers: 1, tags: [5, 0], bytes: 7 },
    ]);
  });

  test("one slot does not take two pages of a folio", () => {
    const folio = happens(
      { kind: "swap-out", handles: [0, 1] },
      { kind: "swapped", slots: [0, 0] },
    );
    expect(judge(contract, replay(contract, [...page, untagged(1)]), folio)).toMatchObject({
      kind: "refused",
      rule: "a-slot-is-given-once",
    });
  });

  test("a save that fails changes nothing", () => {
    const before = replay(contract, page);
    const failed = happens(
      { kind: "swap-out", handles: [0] },
      { kind: "save-failed", entriesLeft: 0 },
    );
    expect(replay(contract, [failed], before)).toEqual(before);
  });
});

describe("swap in", () => {
  const paths = ["fault", "swapoff", "shmem"] as const;
  const mappings = ["tagged", "untagged"] as const;

  test.each(paths.flatMap((path) => mappings.map((mapping) => [path, mapping] as const)))(
    "by %s for a mapping that is %s brings tags and bytes back and frees the slot",
    (path, mapping) => {
      const seen = { tagged: true, tags: [5, 0], bytes: 7 };
      const { pages, slots } = replay(contract, [
        ...page,
        swapOut(0, 1),
        happens(swapIn(1, path, mapping), gets(3, seen)),
      ]);
      expect(pages[3]).toMatchObject({ owner: 1, ...seen });
      expect(slots).toEqual([null, null]);
    },
  );

  test("an untagged page comes back untagged, in storage if need be", () => {
    const { pages } = replay(contract, [
      untagged(0),
      swapOut(0, 0),
      happens(swapIn(0), gets(0, { tagged: false, tags: [] }), placed("untaggable")),
    ]);
    expect(pages[0]).toMatchObject({ tagged: false, home: "untaggable" });
  });

  test("may fail when memory is short, and then leaves the slot", () => {
    const tight = contractOf({ taggablePages: 1 });
    const before = replay(tight, [...page, swapOut(0, 0), tagged(1)]);
    expect(replay(tight, [happens(swapIn(0), noMemory)], before)).toEqual(before);
  });
});

describe("slots", () => {
  test("each user of a shared slot gets the page, and the last one frees the slot", () => {
    const back = (handle: number) => happens(swapIn(0), gets(handle, { tags: [5, 0], bytes: 7 }));
    const { pages, slots } = replay(contract, [
      ...page,
      swapOut(0, 0),
      share,
      back(0),
      tag(0, 9),
      back(1),
    ]);
    expect(pages.slice(0, 2).map((found) => found?.tags)).toEqual([
      [9, 0],
      [5, 0],
    ]);
    expect(slots[0]).toBe(null);
  });

  test("are freed by the last user that leaves; swapoff waits for all", () => {
    const shared = replay(contract, [...page, swapOut(0, 0), share]);
    const left = replay(contract, [leave(false), leave(true)], shared);
    expect(left.slots[0]).toBe(null);
    expect(replay(contract, [happens({ kind: "swapoff" })], left)).toEqual(left);
    expect(judge(contract, replay(contract, [leave(false)], shared), leave(false)).kind).toBe(
      "refused",
    );
  });

  test("whose tags are restored again change nothing, whatever the page holds by now", () => {
    const again = (tags: readonly number[]) =>
      happens({ kind: "restore-again", slot: 0, handle: 0 }, gets(0, { tagged: true, tags }));
    const back = replay(contract, [...page, swapOut(0, 0), share, happens(swapIn(0), gets(0))]);
    expect(replay(contract, [again([5, 0])], back)).toEqual(back);
    const newer = replay(contract, [tag(0, 9)], back);
    expect(replay(contract, [again([9, 0])], newer)).toEqual(newer);
  });
});
