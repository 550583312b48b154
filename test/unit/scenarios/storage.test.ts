/** Tag storage by blocks, and the cleancache interface: vectors worked out by hand. */
import { describe, expect, test } from "vitest";
import {
  blockBytesForInterleave,
  blockOfFrame,
  coverOfFolio,
  pagesOfBlock,
  probed,
  storagePagesFor,
} from "../../../model/index.ts";
import { kindOf, rowOf, type Written } from "./rows.ts";

describe("blocks", () => {
  test.each([
    [4096, 0x1000, 1],
    [4096, 0x3000, 3],
    [16384, 0x1000, 1],
    [16384, 0x6000, 3],
    [65536, 0x2000, 1],
    [4096, 0, null],
  ])("page %i and block-size %i make %j pages", (page, block, pages) => {
    expect(pagesOfBlock(page, block)).toBe(pages);
  });

  test.each([
    [2 ** 34, 4096, 131072],
    [2 ** 34, 65536, 8192],
    [33 * 4096, 4096, 2],
  ])("%i bytes of memory in pages of %i need %i storage pages", (memory, page, pages) => {
    expect(storagePagesFor(memory, page)).toBe(pages);
  });

  test.each([
    [0x40000, 0x2000, 0x2000],
    [0x20000, 0x1000, 0x1000],
    [0x8000, 0x400, 0x1000],
    [0x30000, 0x1800, 0x3000],
  ])("data of %i over a span of %i: block-size %i", (data, span, block) => {
    expect(blockBytesForInterleave(data, span)).toBe(block);
  });

  test.each([
    [16384, 0x2000, 2],
    [16384, 0x3000, null],
    [16383, 0x3000, 3],
    [16, 0, null],
  ])("a node of %i storage pages with block-size %i is probed as %j", (pages, block, found) => {
    expect(probed(pages, 4096, block)).toBe(found);
  });

  const region = {
    memoryFrame: 0x1000,
    memoryPages: 320,
    storageFrame: 0x5000,
    storagePages: 9,
    blockPages: 3,
  };

  test.each([
    [0x0fff, null],
    [0x1000, 0x5000],
    [0x1000 + 95, 0x5000],
    [0x1000 + 96, 0x5003],
    [0x1000 + 287, 0x5006],
    [0x1000 + 288, null],
    [0x1000 + 320, null],
  ])("frame %i lies in block %j", (frame, block) => {
    expect(blockOfFrame(region, frame)).toBe(block);
  });

  test.each([
    [0, 1, 1, 1],
    [5, 1, 1, 32],
    [6, 1, 2, 32],
    [9, 2, 8, 64],
    [7, 2, 2, 64],
    [9, 3, 6, 96],
  ])("order %i with blocks of %i pages: %i blocks of %i references", (order, pages, ...cover) => {
    const { blocks, references } = coverOfFolio(order, pages);
    expect([blocks, references]).toEqual(cover);
  });
});

const region: Written = {
  op: "tsRegion",
  memPfn: "0x1000",
  memPages: 640,
  tagPfn: "0x5000",
  tagPages: 20,
  blockPages: 2,
};
const ok: Written = { ok: true };
const block = (refs: number): Written => ({ reserved: refs > 0, refs });
const first: Written = { op: "tsBlock", block: "0x5000" };
const second: Written = { op: "tsBlock", block: "0x5002" };
const reserve = (pfn: number, order = 0): Written => ({ op: "tsReserve", pfn, order });
const free = (pfn: number, order = 0): Written => ({ op: "tsFree", pfn, order });

describe("references of blocks", () => {
  test.each<[string, readonly (readonly [Written, Written])[]]>([
    [
      "one for the block and one for each page",
      [
        [region, ok],
        [reserve(0x1000), ok],
        [reserve(0x103f), ok],
        [first, block(3)],
        [second, block(0)],
      ],
    ],
    [
      "a page is counted once",
      [
        [region, ok],
        [reserve(0x1000), ok],
        [reserve(0x1000), ok],
        [first, block(2)],
      ],
    ],
    [
      "the last page gives the block back",
      [
        [region, ok],
        [reserve(0x1000), ok],
        [free(0x1000), ok],
        [first, block(0)],
      ],
    ],
    [
      "what holds no reference has none to give",
      [
        [region, ok],
        [reserve(0x1000), ok],
        [free(0x1001), ok],
        [free(0x2000), ok],
        [first, block(2)],
      ],
    ],
    [
      "a folio may lie in two blocks",
      [
        [region, ok],
        [reserve(0x1030, 5), ok],
        [first, block(17)],
        [second, block(17)],
      ],
    ],
    [
      "a folio that leaves its region changes nothing",
      [
        [region, ok],
        [reserve(0x127f, 1), { errno: "EINVAL" }],
        [{ op: "tsBlock", block: "0x5012" }, block(0)],
      ],
    ],
    [
      "a second region has blocks of its own",
      [
        [region, ok],
        [{ ...region, memPfn: "0x9000", tagPfn: "0x8000", blockPages: 1 }, ok],
        [reserve(0x9020), ok],
        [{ op: "tsBlock", block: "0x8001" }, block(2)],
        [{ op: "tsFindBlock", pfn: "0x9020" }, { val: "0x8001" }],
      ],
    ],
  ])("%s", (_name, pairs) => {
    expect(kindOf(rowOf(pairs))).toBe("pass");
  });

  test("there are at most 32 regions, and at most 32 nodes that are probed", () => {
    const probe: Written = { op: "tsProbe", tagPages: 4, pageSize: 4096, blockSize: "0x1000" };
    const pairs = Array.from({ length: 32 }, (): readonly [Written, Written] => [region, ok]);
    const probes = pairs.map((): readonly [Written, Written] => [probe, { val: 1 }]);
    const invalid: Written = { errno: "EINVAL" };
    expect(kindOf(rowOf([...pairs, [region, invalid], ...probes, [probe, invalid]]))).toBe("pass");
  });

  test("a wrong count is noticed", () => {
    expect(
      kindOf(
        rowOf([
          [region, ok],
          [reserve(0x1000), ok],
          [first, block(1)],
        ]),
      ),
    ).toBe("fail");
  });
});

const fs: Written = { op: "ccInitFs", as: "f" };
const key: Written = { pool: "f", key: "i", index: 0 };
const put = (data: string, rest: Written = {}): Written => ({ op: "ccPut", ...key, data, ...rest });
const get = (rest: Written = {}): Written => ({ op: "ccGet", ...key, ...rest });
const hit = (data: string): Written => ({ hit: true, data });
const perhaps = (data: string): Written => ({ hitOneOf: [false, true], dataIfHit: data });
const miss: Written = { hit: false };
const shared: Written = { op: "ccInitSharedFs", as: "f", uuid: "u" };
const must: Written = { forceHit: true };

describe("cleancache", () => {
  test.each<[string, readonly (readonly [Written, Written])[]]>([
    [
      "nothing put, nothing found",
      [
        [fs, ok],
        [get(), miss],
        [get(must), miss],
      ],
    ],
    [
      "a get may hit with what was put",
      [
        [fs, ok],
        [put("A"), ok],
        [get(), perhaps("A")],
      ],
    ],
    [
      "a put may be dropped",
      [
        [fs, ok],
        [put("A", { forceMiss: true }), ok],
        [get(must), miss],
      ],
    ],
    [
      "the last put counts",
      [
        [fs, ok],
        [put("A", must), ok],
        [put("B", must), ok],
        [get(must), hit("B")],
      ],
    ],
    [
      "a put that is dropped leaves nothing older",
      [
        [fs, ok],
        [put("A", must), ok],
        [put("B", { forceMiss: true }), ok],
        [get(must), miss],
      ],
    ],
    [
      "a hit consumes in a private pool",
      [
        [fs, ok],
        [put("A", must), ok],
        [get(must), hit("A")],
        [get(must), miss],
      ],
    ],
    [
      "and leaves in a shared one",
      [
        [shared, ok],
        [put("A", must), ok],
        [get(must), hit("A")],
        [get(must), hit("A")],
      ],
    ],
    [
      "a shared pool is one by its uuid",
      [
        [shared, ok],
        [put("A", must), ok],
        [{ ...shared, as: "g" }, ok],
        [get({ pool: "g", ...must }), hit("A")],
      ],
    ],
    [
      "a miss stays one",
      [
        [fs, ok],
        [put("A", must), ok],
        [get({ forceMiss: true }), miss],
        [get(must), miss],
      ],
    ],
    [
      "an invalidated page is gone",
      [
        [fs, ok],
        [put("A", must), ok],
        [{ op: "ccInvalidatePage", ...key }, ok],
        [get(must), miss],
      ],
    ],
    [
      "and no other is",
      [
        [fs, ok],
        [put("A", must), ok],
        [{ op: "ccInvalidatePage", ...key, index: 1 }, ok],
        [get(must), hit("A")],
      ],
    ],
    [
      "an inode goes with all its pages",
      [
        [fs, ok],
        [put("A", must), ok],
        [put("B", { index: 1, ...must }), ok],
        [{ op: "ccInvalidateInode", pool: "f", key: "i" }, ok],
        [get(must), miss],
        [get({ index: 1, ...must }), miss],
      ],
    ],
    [
      "and no other inode does",
      [
        [fs, ok],
        [put("A", must), ok],
        [{ op: "ccInvalidateInode", pool: "f", key: "j" }, ok],
        [get(must), hit("A")],
      ],
    ],
    [
      "after an unmount nothing is stored or found",
      [
        [fs, ok],
        [put("A", must), ok],
        [{ op: "ccInvalidateFs", pool: "f" }, ok],
        [get(must), miss],
        [put("A", must), ok],
        [get(must), miss],
      ],
    ],
    [
      "without a back end nothing is stored",
      [
        [{ op: "ccUnregister" }, ok],
        [fs, ok],
        [put("A", must), ok],
        [{ op: "ccRegister" }, ok],
        [get(must), miss],
      ],
    ],
    ["there is one back end", [[{ op: "ccRegister" }, { errno: "EBUSY" }]]],
  ])("%s", (_name, pairs) => {
    expect(kindOf(rowOf(pairs))).toBe("pass");
  });

  test.each<[string, readonly (readonly [Written, Written])[]]>([
    [
      "a hit is never certain",
      [
        [fs, ok],
        [put("A"), ok],
        [get(), hit("A")],
      ],
    ],
    [
      "a miss is not certain either",
      [
        [fs, ok],
        [put("A"), ok],
        [get(), miss],
      ],
    ],
    [
      "other data",
      [
        [fs, ok],
        [put("A"), ok],
        [get(), perhaps("B")],
      ],
    ],
  ])("%s", (_name, pairs) => {
    expect(kindOf(rowOf(pairs))).toBe("fail");
  });

  test("a back end cannot be made to do both", () => {
    const both = { forceHit: true, forceMiss: true };
    expect(
      kindOf(
        rowOf([
          [fs, ok],
          [get(both), miss],
        ]),
      ),
    ).toBe("refused");
  });
});
