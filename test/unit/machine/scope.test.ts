import { describe, expect, test } from "vitest";
import { isSeam, shrink, totalBlocks, totalPages } from "../../../model/machine/index.ts";
import { shippedMachine } from "./shipped.ts";

const small = { pagesPerStoragePage: 2, granulesPerPage: 1 };

describe("shrink", () => {
  test("keeps b and one region of the phone", () => {
    expect(shrink(shippedMachine("phone-16g"), { blocks: 2, ...small })).toEqual({
      granulesPerPage: 1,
      pagesPerStoragePage: 2,
      blockPages: 1,
      regions: [{ firstPage: 0, pages: 4, firstStoragePage: 0, storagePages: 2 }],
    });
  });

  test("keeps the seam and b = 2 of two regions; the first takes what is left over", () => {
    const geometry = shrink(shippedMachine("two-regions"), { blocks: 3, ...small });
    expect(geometry.blockPages).toBe(2);
    expect(geometry.regions).toEqual([
      { firstPage: 0, pages: 8, firstStoragePage: 0, storagePages: 4 },
      { firstPage: 8, pages: 4, firstStoragePage: 4, storagePages: 2 },
    ]);
    expect(isSeam(geometry, 8)).toBe(true);
    expect(totalBlocks(geometry)).toBe(3);
  });

  test("drops a region when there is one block only", () => {
    const geometry = shrink(shippedMachine("two-regions"), { blocks: 1, ...small });
    expect(geometry.regions).toHaveLength(1);
    expect(totalPages(geometry)).toBe(4);
  });

  test("at the machine's own size it is the machine's geometry", () => {
    for (const name of ["phone-16g", "fvp"]) {
      const { geometry } = shippedMachine(name);
      const blocks = totalBlocks(geometry);
      const { pagesPerStoragePage, granulesPerPage } = geometry;
      expect(shrink({ geometry }, { blocks, pagesPerStoragePage, granulesPerPage })).toEqual(
        geometry,
      );
    }
    const { geometry } = shippedMachine("two-regions");
    const full = { blocks: totalBlocks(geometry), pagesPerStoragePage: 32, granulesPerPage: 256 };
    expect(shrink({ geometry }, full)).toEqual(geometry);
  });

  test.each([
    { blocks: 0, ...small },
    { blocks: 1.5, ...small },
    { blocks: 1e9, ...small },
    { blocks: 1, pagesPerStoragePage: 0, granulesPerPage: 1 },
    { blocks: 1, pagesPerStoragePage: 33, granulesPerPage: 1 },
    { blocks: 1, pagesPerStoragePage: 1, granulesPerPage: 257 },
    { blocks: -1, ...small },
  ])("refuses %j", (size) => {
    expect(() => shrink(shippedMachine("fvp"), size)).toThrow(RangeError);
  });
});
