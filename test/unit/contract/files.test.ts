/** What the contract accepts of files, the page cache, and the cache behind it. */
import { describe, expect, test } from "vitest";
import { alwaysMisses, newestBytes } from "../../../model/contract/index.ts";
import {
  contractOf,
  create,
  directWrite,
  drop,
  evict,
  happens,
  hit,
  judge,
  miss,
  mount,
  put,
  readFile,
  replay,
  truncate,
  unlink,
  unmount,
  writeBack,
  writeFile,
} from "./happenings.ts";

const contract = contractOf();
const key = { file: 0, index: 0 };
const clean = [writeFile(7), writeBack()];
const stored = [...clean, put(7), evict];
const first = (history: typeof stored) => replay(contract, history).files[0]?.pages[0];

describe("files", () => {
  test("the resident copy shadows the disk, and a stale copy in the cache", () => {
    const page = first([...clean, put(7), writeFile(8), hit(7), readFile(8)]);
    expect(page).toMatchObject({ disk: 7, resident: { bytes: 8, dirty: true } });
    expect(page && newestBytes(page)).toBe(8);
  });

  test("write-back puts the bytes on the disk; evicted, they are read from there", () => {
    expect(first([...clean, evict, readFile(7)])).toMatchObject({
      disk: 7,
      resident: { bytes: 7, dirty: false },
    });
  });

  test("a direct write goes past the page cache and a truncated page is a hole", () => {
    expect(first([...clean, directWrite(9), readFile(9)])?.disk).toBe(9);
    expect(first([...clean, truncate, readFile(0)])?.disk).toBe(0);
  });

  test("a new file of the same identity is empty", () => {
    expect(first([...stored, unlink, create, miss, readFile(0)])?.disk).toBe(0);
  });

  test("an unmount keeps the disk and empties every key", () => {
    expect(first([...stored, unmount, mount, miss, readFile(7)])?.disk).toBe(7);
    const dirty = replay(contract, [writeFile(7)]);
    expect(judge(contract, dirty, unmount)).toMatchObject({ rule: "no-dirty-data-is-dropped" });
  });

  test("after a failed write-back a reader may see the old bytes or the new", () => {
    const failed = [writeFile(7), writeBack({ kind: "failed" })];
    expect(() => replay(contract, [...failed, readFile(7)])).not.toThrow();
    const evicted = replay(contract, [...failed, put(7), evict]);
    for (const bytes of [0, 7])
      expect(judge(contract, evicted, readFile(bytes)).kind).toBe("accepted");
    expect(judge(contract, evicted, hit(7)).kind).toBe("accepted");
    expect(judge(contract, evicted, readFile(6)).kind).toBe("refused");
    const settled = replay(contract, [writeFile(8), writeBack(), evict], evicted);
    expect(judge(contract, settled, readFile(7)).kind).toBe("refused");
  });
});

describe("the cache", () => {
  test("a keeping get hits again, a consuming get once", () => {
    expect(() => replay(contract, [...stored, hit(7), hit(7)])).not.toThrow();
    const consuming = contractOf({ getForm: "consuming" });
    expect(() => replay(consuming, [...stored, hit(7), miss, miss])).not.toThrow();
  });

  test("may forget anything at any time, told or not", () => {
    expect(() => replay(contract, [...stored, drop, miss])).not.toThrow();
    expect(() => replay(contract, [...stored, miss, miss])).not.toThrow();
  });

  test("a second put replaces the first", () => {
    const twice = [...clean, put(7), writeFile(8), writeBack(), put(8), evict];
    expect(() => replay(contract, [...twice, hit(8)])).not.toThrow();
    expect(judge(contract, replay(contract, twice), hit(7)).kind).toBe("refused");
  });

  test("a put of a key that was emptied fills it again", () => {
    expect(() => replay(contract, [...stored, miss, readFile(7), put(7), hit(7)])).not.toThrow();
  });

  test.each([
    ["page", { kind: "invalidate-page", ...key }],
    ["object", { kind: "invalidate-object", file: 0 }],
    ["pool", { kind: "invalidate-pool" }],
  ] as const)("invalidating the %s empties the key and may be repeated", (_, operation) => {
    const empty = replay(contract, [...stored, happens(operation)]);
    expect(empty.files[0]?.pages[0]?.cached).toEqual({ kind: "empty", because: "invalidated" });
    expect(replay(contract, [happens(operation), miss], empty)).toEqual(empty);
  });

  test("invalidating one page leaves the others, and an empty key its first reason", () => {
    const other = { file: 0, index: 1 } as const;
    const both = [
      ...stored,
      happens({ kind: "read-file", ...other }, { kind: "bytes", bytes: 0 }),
      happens({ kind: "put", ...other, bytes: 0 }, { kind: "done" }, { kind: "stored" }),
      happens({ kind: "invalidate-page", ...other }),
    ];
    expect(() => replay(contract, [...both, hit(7)])).not.toThrow();
    const reasons = [drop, happens({ kind: "invalidate-object", file: 0 })];
    expect(first([...stored, ...reasons])?.cached).toEqual({ kind: "empty", because: "dropped" });
  });

  test("without a pool every operation does nothing", () => {
    const bare = replay(contract, [unmount]);
    const idle = [
      put(3, "dropped"),
      miss,
      drop,
      happens({ kind: "invalidate-page", ...key }),
      happens({ kind: "invalidate-object", file: 0 }),
      happens({ kind: "invalidate-pool" }),
    ];
    expect(replay(contract, idle, bare)).toEqual(bare);
  });

  test("the trivial back end is always allowed", () => {
    const asked = [
      { kind: "put", ...key, bytes: 7 },
      { kind: "get", ...key },
      { kind: "invalidate-page", ...key },
      { kind: "invalidate-object", file: 0 },
      { kind: "invalidate-pool" },
      { kind: "drop", ...key },
    ] as const;
    const answers = asked.map((operation) => ({ operation, ...alwaysMisses(operation) }));
    expect(() => replay(contract, [...clean, ...answers])).not.toThrow();
  });
});
