import { describe, expect, test } from "vitest";
import {
  describeMachine,
  isTagStorage,
  pageOfPfn,
  pfnOfPage,
  pfnOfStoragePage,
  readMachine,
  storagePageOfPfn,
  totalPages,
  totalStoragePages,
} from "../../../model/machine/index.ts";
import { shippedMachine, shippedNames, shippedSource } from "./shipped.ts";

describe("the shipped machines", () => {
  test("phone-16g is one region of 16 GiB whose storage lies inside it", () => {
    expect(describeMachine(shippedMachine("phone-16g"))).toBe(
      [
        "1 region(s), 4194304 pages of 4096 bytes, 131072 storage pages, 131072 blocks of b = 1",
        "tag-storage@c60000000: tagged 0x880000000 + 0x400000000, storage 0xc60000000 + 0x20000000, inside what it serves",
      ].join("\n"),
    );
  });

  test("fvp is one region of 2 GiB with its storage elsewhere", () => {
    expect(describeMachine(shippedMachine("fvp"))).toBe(
      [
        "1 region(s), 524288 pages of 4096 bytes, 16384 storage pages, 16384 blocks of b = 1",
        "tag-storage@8f8000000: tagged 0x80000000 + 0x80000000, storage 0x8f8000000 + 0x4000000, apart from what it serves",
      ].join("\n"),
    );
  });

  test("two-regions has blocks of two storage pages", () => {
    expect(describeMachine(shippedMachine("two-regions"))).toBe(
      [
        "2 region(s), 1015808 pages of 4096 bytes, 31744 storage pages, 15872 blocks of b = 2",
        "tag-storage@fc000000: tagged 0x80000000 + 0x80000000, storage 0xfc000000 + 0x4000000, inside what it serves",
        "tag-storage@8fc000000: tagged 0x880000000 + 0x78000000, storage 0x8fc000000 + 0x3c00000, apart from what it serves",
      ].join("\n"),
    );
  });

  test.each([
    ["phone-16g", 16384, 1, 1_048_576, 1024],
    ["two-regions", 16384, 1, 253_952, 1024],
    ["two-regions", 65536, 1, 63_488, 4096],
    ["fvp", 65536, 1, 32_768, 4096],
  ] as const)("%s with pages of %i bytes: b = %i", (name, pageSizeBytes, b, pages, granules) => {
    const { geometry } = shippedMachine(name, pageSizeBytes);
    expect(geometry.blockPages).toBe(b);
    expect(geometry.granulesPerPage).toBe(granules);
    expect(geometry.pagesPerStoragePage).toBe(32);
    expect(totalPages(geometry)).toBe(pages);
    expect(totalStoragePages(geometry)).toBe(pages / 32);
  });

  test.each([
    ["0x3000", 4096, 3],
    ["0x6000", 16384, 3],
    ["0xc000", 16384, 3],
    ["0x3000", 16384, 3],
  ] as const)(
    "block-size %s with pages of %i bytes gives b = %i",
    (blockSize, pageSizeBytes, b) => {
      // 3 GiB, so that 1/32 of it divides into blocks of three pages.
      const text = shippedSource("fvp")
        .replace(
          "reg = <0x00 0x80000000 0x00 0x80000000>",
          "reg = <0x00 0x80000000 0x00 0xc0000000>",
        )
        .replaceAll("0x00 0x04000000", "0x00 0x06000000")
        .replace("<0x1000>", `<${blockSize}>`);
      const result = readMachine(text, "fvp.dts", { pageSizeBytes });
      expect(result.ok && result.machine.geometry.blockPages).toBe(b);
    },
  );
});

describe("frames and pages", () => {
  test.each(shippedNames)("%s: the maps are inverse of each other, at every edge", (name) => {
    const machine = shippedMachine(name);
    for (const { tagged, storage } of machine.regions) {
      for (const pfn of [tagged.firstFrame, tagged.firstFrame + tagged.frames - 1]) {
        const page = pageOfPfn(machine, pfn);
        expect(page).toBeDefined();
        expect(pfnOfPage(machine, page ?? -1)).toBe(pfn);
      }
      for (const pfn of [storage.firstFrame, storage.firstFrame + storage.frames - 1]) {
        const storagePage = storagePageOfPfn(machine, pfn);
        expect(storagePage).toBeDefined();
        expect(pfnOfStoragePage(machine, storagePage ?? -1)).toBe(pfn);
        expect(isTagStorage(machine, pfn)).toBe(true);
      }
      expect(isTagStorage(machine, tagged.firstFrame)).toBe(false);
      expect(pageOfPfn(machine, tagged.firstFrame - 1)).toBeUndefined();
    }
    expect(() => pfnOfPage(machine, totalPages(machine.geometry))).toThrow(RangeError);
    expect(() => pfnOfPage(machine, -1)).toThrow(RangeError);
    expect(() => pfnOfStoragePage(machine, 0.5)).toThrow(RangeError);
  });

  test("storage inside a taggable range has numbers as data pages too", () => {
    const phone = shippedMachine("phone-16g");
    const storagePfn = phone.regions[0]?.storage.firstFrame ?? 0;
    expect(pageOfPfn(phone, storagePfn)).toBe(4_194_304 - 131_072);
    expect(isTagStorage(phone, storagePfn)).toBe(true);
    expect(isTagStorage(phone, storagePfn - 1)).toBe(false);
    const fvp = shippedMachine("fvp");
    expect(pageOfPfn(fvp, fvp.regions[0]?.storage.firstFrame ?? 0)).toBeUndefined();
  });

  test("regions are ordered by address, whatever the order of the file", () => {
    const text = shippedSource("two-regions");
    const swapped = text
      .replace("<&memory0>", "<&other>")
      .replace("<&memory1>", "<&memory0>")
      .replace("<&other>", "<&memory1>")
      .replace("<0x00 0xfc000000 0x00 0x04000000>", "<0x00 0xfc000000 0x00 0x03c00000>")
      .replaceAll("<0x08 0xfc000000 0x00 0x03c00000>", "<0x08 0xfc000000 0x00 0x04000000>");
    const result = readMachine(swapped, "swapped.dts", { pageSizeBytes: 4096 });
    expect(result.ok && result.machine.regions.map(({ name }) => name)).toEqual([
      "tag-storage@8fc000000",
      "tag-storage@fc000000",
    ]);
    expect(result.ok && result.machine.regions.map((r) => r.storageInsideTagged)).toEqual([
      false,
      false,
    ]);
  });
});
