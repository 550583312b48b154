/** What the contract accepts of allocation, free, migration, access and copies. */
import { describe, expect, test } from "vitest";
import { noMemory } from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  gets,
  getsPages,
  happens,
  judge,
  placed,
  replay,
  short,
  store,
  tag,
  tagged,
  untagged,
} from "./happenings.ts";

const contract = contractOf();
const zeroTagged = { tagged: true, tags: [0, 0], bytes: 0 };
const deferred = { tagged: false, bytes: 0 };
const refusal = (rule: string) => ({ kind: "refused", rule });

describe("allocation", () => {
  test.each(["sleepable", "atomic"] as const)(
    "gives tagged pages, %s, order 0 and 1",
    (context) => {
      const { pages } = replay(contract, [
        happens(allocate({ context }), getsPages([2], zeroTagged), placed("taggable")),
        happens(allocate({ context, order: 1 }), getsPages([0, 1], zeroTagged, zeroTagged)),
      ]);
      expect(pages.map((page) => page?.tags)).toEqual([[0, 0], [0, 0], [0, 0], undefined]);
    },
  );

  test("lets untagged pages lie anywhere, with any bytes when nobody asked for zeroes", () => {
    const wish = { tagged: false, zeroed: false, order: 1 };
    const { pages } = replay(contract, [
      happens(
        allocate(wish),
        getsPages([0, 1], { bytes: 9 }, { tagged: false }),
        placed("untaggable", "taggable"),
      ),
    ]);
    expect(pages[0]).toMatchObject({ home: "untaggable", tagged: false, tags: [], bytes: 9 });
    expect(pages[1]).toMatchObject({ home: "taggable", tagged: false, tags: [], bytes: 0 });
  });

  test("may leave the tags of a sleepable caller to its first access, page by page", () => {
    const half = happens(
      allocate({ order: 1 }),
      getsPages([0, 1], zeroTagged, deferred),
      placed("taggable", "untaggable"),
    );
    const { pages } = replay(contract, [
      half,
      happens({ kind: "migrate", handle: 1 }, gets(1), placed("taggable")),
      happens({ kind: "enable-tags", handle: 1 }, gets(1, zeroTagged)),
    ]);
    expect(pages.map((page) => page?.tagged)).toEqual([true, true, undefined, undefined]);
  });

  test("may fail when every free taggable page is held, and always at a larger order", () => {
    const tight = contractOf({ taggablePages: 2 });
    const memory = replay(tight, [tagged(0)]);
    for (const context of ["sleepable", "atomic"] as const) {
      const ask = allocate({ context });
      expect(judge(tight, memory, happens(ask, noMemory, short(1))).kind).toBe("accepted");
      expect(judge(tight, memory, happens(ask, noMemory, short(0))).kind).toBe("refused");
      const larger = allocate({ context, order: 1 });
      expect(judge(tight, memory, happens(larger, noMemory)).kind).toBe("accepted");
    }
    const full = replay(tight, [tagged(0), tagged(1)]);
    expect(judge(tight, full, happens(allocate(), noMemory)).kind).toBe("accepted");
  });

  test("counts only taggable memory: a page in storage takes none of it", () => {
    const tight = contractOf({ taggablePages: 1 });
    expect(() => replay(tight, [untagged(0, "untaggable"), tagged(1)])).not.toThrow();
  });
});

describe("free and migration", () => {
  test("a freed handle can be given again, and what it held is gone", () => {
    const { pages } = replay(contract, [
      tagged(0),
      tag(0, 5),
      store(0, 7),
      happens({ kind: "free", handle: 0 }),
      happens(allocate({ owner: 2 }), getsPages([0], zeroTagged)),
    ]);
    expect(pages[0]).toMatchObject({ owner: 2, tags: [0, 0], bytes: 0 });
  });

  test("migration changes the home of a page and nothing else", () => {
    const before = replay(contract, [untagged(0, "untaggable"), store(0, 7)]);
    const after = replay(
      contract,
      [happens({ kind: "migrate", handle: 0 }, gets(0, { tagged: false, bytes: 7 }))],
      before,
    );
    expect(after.pages[0]).toEqual({ ...before.pages[0], home: "taggable" });
  });

  test("a tagged page does not move into storage, nor any page into memory that is full", () => {
    const move = (home: "taggable" | "untaggable") =>
      happens({ kind: "migrate", handle: 0 }, gets(0), placed(home));
    const memory = replay(contract, [tagged(0)]);
    expect(judge(contract, memory, move("untaggable"))).toMatchObject(
      refusal("storage-is-never-tagged"),
    );
    const tight = contractOf({ taggablePages: 1 });
    const full = replay(tight, [untagged(0, "untaggable"), tagged(1)]);
    expect(judge(tight, full, move("taggable"))).toMatchObject(
      refusal("no-more-pages-than-memory"),
    );
  });
});

describe("access", () => {
  test("reads return what was written, granule by granule", () => {
    const readTag = (granule: number, value: number) =>
      happens({ kind: "read-tag", handle: 0, granule }, { kind: "tag", tag: value });
    expect(() =>
      replay(contract, [
        tagged(0),
        tag(0, 5),
        tag(0, 6, 1),
        store(0, 7),
        readTag(0, 5),
        readTag(1, 6),
        happens({ kind: "read-bytes", handle: 0 }, { kind: "bytes", bytes: 7 }),
      ]),
    ).not.toThrow();
  });

  test("enabling tags clears them once and keeps the bytes", () => {
    const enable = { kind: "enable-tags", handle: 0 } as const;
    const { pages } = replay(contract, [
      untagged(0),
      store(0, 7),
      happens(enable, gets(0, { tagged: true, tags: [0, 0], bytes: 7 })),
      tag(0, 5),
      happens(enable, gets(0, { tagged: true, tags: [5, 0], bytes: 7 })),
    ]);
    expect(pages[0]).toMatchObject({ tagged: true, tags: [5, 0], bytes: 7 });
  });

  test("enabling tags leaves no page without them, and none in storage with them", () => {
    const enable = (seen = {}) => happens({ kind: "enable-tags", handle: 0 }, gets(0, seen));
    const memory = replay(contract, [untagged(0)]);
    expect(judge(contract, memory, enable({ tagged: false }))).toMatchObject(
      refusal("enabled-tags-are-zero"),
    );
    const stored = replay(contract, [untagged(0, "untaggable")]);
    expect(judge(contract, stored, enable())).toMatchObject(refusal("storage-is-never-tagged"));
  });

  test("enabling tags may fail only when memory is short", () => {
    const tight = contractOf({ taggablePages: 1 });
    const memory = replay(tight, [untagged(0)]);
    const enable = happens({ kind: "enable-tags", handle: 0 }, noMemory);
    expect(judge(tight, memory, enable).kind).toBe("accepted");
    expect(judge(contract, memory, enable)).toMatchObject(refusal("no-memory-only-when-short"));
  });
});

describe("copies", () => {
  const source = [tagged(0), tag(0, 5), store(0, 7)];
  const copy = happens(
    { kind: "copy", from: 0, owner: 2 },
    gets(1, { tagged: true, tags: [5, 0], bytes: 7 }),
  );
  const again = (seen = {}) => happens({ kind: "copy-again", from: 0, to: 1 }, gets(1, seen));

  test("carry tags and bytes, and belong to who asked", () => {
    const { pages } = replay(contract, [...source, copy, tag(0, 9)]);
    expect(pages[1]).toMatchObject({ owner: 2, tags: [5, 0], bytes: 7, copyOf: 0 });
  });

  test("of an untagged page may lie in storage", () => {
    const plain = happens({ kind: "copy", from: 0, owner: 2 }, gets(1), placed("untaggable"));
    expect(replay(contract, [untagged(0), plain]).pages[1]?.tagged).toBe(false);
  });

  test("made again take the source as it is now, until they are used", () => {
    const { pages } = replay(contract, [...source, copy, tag(0, 9), again({ tags: [9, 0] })]);
    expect(pages[1]?.tags).toEqual([9, 0]);
    for (const use of [tag(1, 3), store(1, 8)]) {
      const used = replay(contract, [...source, copy, use]);
      expect(replay(contract, [again()], used)).toEqual(used);
    }
  });

  test("made again after the source is gone leave the page alone", () => {
    const gone = [happens({ kind: "free", handle: 0 }), tagged(0), again({ tags: [5, 0] })];
    expect(replay(contract, [...source, copy, ...gone]).pages[1]?.tags).toEqual([5, 0]);
  });

  test("made again of a page that was tagged meanwhile need a page that can carry tags", () => {
    const enable = happens({ kind: "enable-tags", handle: 0 }, gets(0));
    const plain = (home: "taggable" | "untaggable") => [
      untagged(0),
      happens({ kind: "copy", from: 0, owner: 2 }, gets(1), placed(home)),
      enable,
    ];
    const flagged = again({ tagged: true, tags: [0, 0] });
    expect(replay(contract, [...plain("taggable"), flagged]).pages[1]?.tagged).toBe(true);
    const stored = replay(contract, plain("untaggable"));
    expect(judge(contract, stored, flagged)).toMatchObject(refusal("storage-is-never-tagged"));
  });

  test("made again of an untagged page are not flagged", () => {
    const memory = replay(contract, [
      untagged(0),
      happens({ kind: "copy", from: 0, owner: 2 }, gets(1)),
    ]);
    expect(judge(contract, memory, again({ tagged: true }))).toMatchObject(
      refusal("a-repeated-copy-takes-the-source-again"),
    );
  });
});
