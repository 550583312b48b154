import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  blockOfPage,
  blockOfStoragePage,
  blocksOfFolio,
  type Geometry,
  isSeam,
  makeGeometry,
  pageRangeServedBy,
  pagesServedBy,
  regionOfPage,
  storagePageOf,
  storagePagesOf,
  tagOffset,
  totalBlocks,
  totalPages,
  totalStoragePages,
} from "../../../model/machine/index.ts";
import { shippedMachine } from "./shipped.ts";

const SEED = 20240125;

const geometries: fc.Arbitrary<Geometry> = fc
  .record({
    shape: fc.record({
      granulesPerPage: fc.integer({ min: 1, max: 4 }),
      pagesPerStoragePage: fc.constantFrom(1, 2, 3, 32),
      blockPages: fc.integer({ min: 1, max: 5 }),
    }),
    blocks: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ shape, blocks }) => makeGeometry(shape, blocks));

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

describe("at real parameters", () => {
  const { geometry } = shippedMachine("phone-16g");

  test("16 GiB are 4,194,304 pages of 256 granules and 131,072 storage pages", () => {
    expect(geometry.granulesPerPage).toBe(256);
    expect(totalPages(geometry)).toBe(4_194_304);
    expect(totalStoragePages(geometry)).toBe(131_072);
    expect(totalBlocks(geometry)).toBe(131_072);
  });

  test.each([
    [0, 0, 0],
    [1, 0, 128],
    [31, 0, 3968],
    [32, 1, 0],
    [4_194_303, 131_071, 3968],
  ])("page %i has its tags in storage page %i at byte %i", (page, storagePage, byteOffset) => {
    expect(tagOffset(geometry, page)).toEqual({
      storagePage,
      tagOffset: byteOffset * 2,
      byteOffset,
    });
    expect(blockOfPage(geometry, page)).toBe(storagePage);
  });

  test("every page has one storage page, and every storage page serves 32", () => {
    const served = new Uint8Array(totalStoragePages(geometry));
    for (let page = 0; page < totalPages(geometry); page += 1) {
      const storagePage = storagePageOf(geometry, page);
      served[storagePage] = (served[storagePage] ?? 0) + 1;
    }
    expect(served.every((count) => count === 32)).toBe(true);
  });

  test("a folio of order 9 needs 16 storage pages, whatever b", () => {
    expect(blocksOfFolio(geometry, 512, 9)).toEqual({ first: 16, count: 16 });
    const { geometry: two } = shippedMachine("two-regions");
    expect(blocksOfFolio(two, 512, 9)).toEqual({ first: 8, count: 8 });
    expect(blocksOfFolio(two, 0, 0)).toEqual({ first: 0, count: 1 });
  });
});

describe("seams", () => {
  const { geometry } = shippedMachine("two-regions");
  const seam = geometry.regions[1]?.firstPage ?? 0;

  test("the first page of the second region is the only seam nearby", () => {
    expect(seam).toBe(524_288);
    expect([seam - 1, seam, seam + 1].map((page) => isSeam(geometry, page))).toEqual([
      false,
      true,
      false,
    ]);
    expect(isSeam(geometry, 0)).toBe(false);
    expect([regionOfPage(geometry, seam - 1), regionOfPage(geometry, seam)]).toEqual([0, 1]);
  });

  test("blocks and storage pages do not reach across", () => {
    expect(storagePageOf(geometry, seam) - storagePageOf(geometry, seam - 1)).toBe(1);
    expect(blockOfPage(geometry, seam) - blockOfPage(geometry, seam - 1)).toBe(1);
    expect(pageRangeServedBy(geometry, blockOfPage(geometry, seam)).first).toBe(seam);
  });

  test("a folio across a seam is refused", () => {
    expect(() => blocksOfFolio(geometry, seam - 1, 1)).toThrow(RangeError);
    expect(blocksOfFolio(geometry, seam - 2, 1).count).toBe(1);
  });
});

describe("b that is no power of two", () => {
  const shape = { granulesPerPage: 2, pagesPerStoragePage: 32, blockPages: 3 };
  const geometry = makeGeometry(shape, [4, 2]);

  test("block = rounddown((P - A) / 32, b), counted from the region's start", () => {
    for (const [index, region] of geometry.regions.entries()) {
      const firstBlock = region.firstStoragePage / 3;
      for (let offset = 0; offset < region.pages; offset += 1) {
        const storagePage = Math.floor(offset / 32);
        const start = region.firstStoragePage + (storagePage - (storagePage % 3));
        const page = region.firstPage + offset;
        expect(storagePagesOf(geometry, blockOfPage(geometry, page)).first).toBe(start);
        expect(blockOfPage(geometry, page)).toBe(firstBlock + Math.floor(offset / 96));
        expect(regionOfPage(geometry, page)).toBe(index);
      }
    }
  });

  test("an aligned folio may begin or end inside a block, and each such block counts", () => {
    expect(blocksOfFolio(geometry, 64, 6)).toEqual({ first: 0, count: 2 });
    expect(blocksOfFolio(geometry, 128, 7)).toEqual({ first: 1, count: 2 });
    expect(blocksOfFolio(geometry, 0, 8)).toEqual({ first: 0, count: 3 });
  });
});

describe("for any geometry", () => {
  test("the maps are total, agree with each other, and partition the pages", () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const pages = numbers(totalPages(geometry));
        const blocks = numbers(totalBlocks(geometry));
        expect(blocks.flatMap((block) => [...pagesServedBy(geometry, block)])).toEqual(pages);
        for (const page of pages) {
          const storagePage = storagePageOf(geometry, page);
          const block = blockOfPage(geometry, page);
          expect(blockOfStoragePage(geometry, storagePage)).toBe(block);
          const storage = storagePagesOf(geometry, block);
          expect(storagePage - storage.first).toBeGreaterThanOrEqual(0);
          expect(storagePage - storage.first).toBeLessThan(storage.count);
          const served = pageRangeServedBy(geometry, block);
          expect(page - served.first).toBeGreaterThanOrEqual(0);
          expect(page - served.first).toBeLessThan(served.count);
        }
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  test("no two pages share a place for their tags, and all of the storage is used", () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        const tagsPerStoragePage = geometry.granulesPerPage * geometry.pagesPerStoragePage;
        const places = numbers(totalPages(geometry)).map((page) => {
          const place = tagOffset(geometry, page);
          expect(place.byteOffset).toBe(Math.floor(place.tagOffset / 2));
          return place.storagePage * tagsPerStoragePage + place.tagOffset;
        });
        const expected = numbers(totalPages(geometry)).map((p) => p * geometry.granulesPerPage);
        expect(places).toEqual(expected);
      }),
      { seed: SEED, numRuns: 30 },
    );
  });

  test("a folio's blocks are those of its pages", () => {
    fc.assert(
      fc.property(geometries, fc.nat(), fc.integer({ min: 0, max: 5 }), (geometry, from, order) => {
        const first = from % totalPages(geometry);
        const last = first + 2 ** order - 1;
        if (last >= totalPages(geometry)) return;
        if (regionOfPage(geometry, first) !== regionOfPage(geometry, last)) return;
        const range = blocksOfFolio(geometry, first, order);
        const blocks = new Set(numbers(2 ** order).map((at) => blockOfPage(geometry, first + at)));
        expect([...blocks]).toEqual(numbers(range.count).map((at) => range.first + at));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  test("numbers outside are refused", () => {
    fc.assert(
      fc.property(geometries, (geometry) => {
        for (const wrong of [-1, 0.5, Number.NaN, 1e9]) {
          expect(() => storagePageOf(geometry, wrong)).toThrow(RangeError);
          expect(() => blockOfPage(geometry, wrong)).toThrow(RangeError);
          expect(() => blockOfStoragePage(geometry, wrong)).toThrow(RangeError);
          expect(() => pagesServedBy(geometry, wrong)).toThrow(RangeError);
          expect(() => tagOffset(geometry, wrong)).toThrow(RangeError);
          expect(() => blocksOfFolio(geometry, 0, wrong)).toThrow(RangeError);
        }
      }),
      { seed: SEED, numRuns: 10 },
    );
  });

  test.each([
    [{ granulesPerPage: 0, pagesPerStoragePage: 1, blockPages: 1 }, [1]],
    [{ granulesPerPage: 1, pagesPerStoragePage: 1.5, blockPages: 1 }, [1]],
    [{ granulesPerPage: 1, pagesPerStoragePage: 1, blockPages: -1 }, [1]],
    [{ granulesPerPage: 1, pagesPerStoragePage: 1, blockPages: 1 }, []],
    [{ granulesPerPage: 1, pagesPerStoragePage: 1, blockPages: 1 }, [1, 0]],
    [{ granulesPerPage: 2 ** 40, pagesPerStoragePage: 32, blockPages: 2 ** 20 }, [1]],
  ])("an impossible shape %j with regions %j is refused", (shape, blocks) => {
    expect(() => makeGeometry(shape, blocks)).toThrow(RangeError);
  });
});
