/**
 * Blocks of every size, exhausted. `npm run check:deep` explores all of these slices; here are those
 * with blocks of three pages, no power of two, across a seam, and mistakes that must not pass.
 */
import { describe, expect, test } from "vitest";
import { replacing } from "../../model/designs/bugs/bug.ts";
import { memoryOf } from "../../model/designs/cleancache.ts";
import { cleancacheBackEnd } from "../../model/designs/cleancache-back-end.ts";
import { copiesWith, forgetAll } from "../../model/designs/cleancache-index.ts";
import type { Action, Turn } from "../../model/designs/script.ts";
import { claimByDropping } from "../../model/designs/shared/dropping.ts";
import { scriptsOf } from "../../model/designs/shared/scripts.ts";
import {
  at,
  cleancacheFolio,
  cleancachePage,
  type Design,
  designNamed,
  designs,
  type Site,
} from "../../model/index.ts";
import { exploreSlice } from "../../properties/explore.ts";
import { machineryOf } from "../../properties/frugal.ts";
import {
  type BlockSize,
  blockSizes,
  blockSlicesOf,
  compareBlocks,
  expectedHere,
  expectedOfBlocks,
  hasBlocks,
  unlikeTable,
} from "../../properties/index.ts";
import { keptRows } from "../../properties/kept.ts";
import { type Column, columnOf } from "../../properties/table.ts";

const exploring = (design: Design, blockPages: BlockSize, names: readonly string[]): Column =>
  columnOf(
    design,
    blockSlicesOf(design, blockPages)
      .filter(({ name }) => names.includes(name))
      .map((slice) =>
        exploreSlice(design, slice.name, slice.scope, { machinery: machineryOf(design, slice) }),
      ),
  );

/** One of each kind: what migrates, what drops pages, folios, sole copies, what a host resizes. */
const asked = [
  ["cma-hw-kasan", ["seam-data"]],
  ["cleancache-page", ["block-cache", "seam-cache"]],
  ["cleancache-folio", ["block-cache"]],
  ["zswap", ["block-pool", "seam-pool"]],
  ["virtio-tmem", ["seam-resize"]],
] as const;

test.each(asked)("%s: blocks of three pages are as expected", (name, slices) => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  const column = exploring(design, 3, slices);
  expect(column.reports.map(({ slice }) => slice)).toEqual(slices);
  expect(compareBlocks(3, [column], slices)).toEqual([]);
  expect(unlikeTable([column], expectedHere()).filter(({ breaks }) => breaks === "here")).toEqual(
    [],
  );
});

describe("what is expected", () => {
  const { blocks } = expectedOfBlocks();

  test("covers every size, every design that has blocks, and every slice", () => {
    expect(Object.keys(blocks)).toEqual(blockSizes.map(String));
    for (const size of blockSizes) {
      const found = Object.entries(blocks[size] ?? {});
      expect(found.map(([name]) => name)).toEqual(
        designs.filter(hasBlocks).map(({ name }) => name),
      );
      for (const [name, { slices }] of found) {
        const design = designNamed(name);
        const own = design ? blockSlicesOf(design, size) : [];
        expect(Object.keys(slices)).toEqual(own.map((slice) => slice.name));
        expect(own.filter(({ name: slice }) => slice.startsWith("seam"))).not.toEqual([]);
        for (const counts of Object.values(slices)) expect(counts).not.toMatch(/cut/);
      }
    }
  });

  test("a row breaks with blocks of every size or of none", () => {
    const [one, ...others] = blockSizes.map((size) =>
      Object.entries(blocks[size] ?? {}).map(([name, { broken }]) => [name, Object.keys(broken)]),
    );
    for (const other of others) expect(other).toEqual(one);
  });

  test("nothing breaks that holds in the table", () => {
    for (const size of blockSizes)
      for (const [name, { broken }] of Object.entries(blocks[size] ?? {}))
        expect(keptRows(name).filter((row) => row in broken)).toEqual([]);
  });
});

/** Is something broken that the design keeps, in this slice? */
const isSeen = (design: Design, blockPages: BlockSize, name: string): boolean =>
  blockSlicesOf(design, blockPages)
    .filter((slice) => slice.name === name)
    .some((slice) =>
      exploreSlice(design, slice.name, slice.scope, {
        machinery: machineryOf(design, slice),
        only: keptRows(design.name),
        stopAtFirst: true,
      }).findings.some(({ result }) => result.kind === "broken"),
    );

/** An action that goes by another map from pages to storage than there is. */
const byMap =
  (wrong: (turn: Turn) => Partial<Site>) =>
  (action: Action): Action => {
    const lost = (turn: Turn): Turn => ({ ...turn, site: { ...turn.site, ...wrong(turn) } });
    return action.next === undefined
      ? { ...action, do: (turn, choice) => action.do(lost(turn), choice) }
      : { ...action, do: (turn, choice) => action.do(lost(turn), choice) };
  };

const claimsBy = (wrong: (turn: Turn) => Partial<Site>): Design =>
  (["recall", "invalidate-data-lines", "count-user"] as const).reduce<Design>(
    (design, label) => replacing(null, label, byMap(wrong))(design),
    cleancachePage,
  );

/** `b` as if it were a power of two: the start of a block is found with a mask. */
const masked = ({ site: { storageOf, scope } }: Turn): Partial<Site> => {
  const { blockPages } = scope.geometry;
  return {
    blockOf: storageOf.map((storage) => Math.floor((storage & ~(blockPages - 1)) / blockPages)),
  };
};

/** A block of the right size that begins at the page's own storage page, and goes on at the seam. */
const unrounded = ({ site, actor }: Turn): Partial<Site> => {
  const first = at(site.storageOf, actor.frame);
  return {
    storageOfBlock: site.storageOfBlock.map((pages) =>
      pages.map((_, page) => first + page).filter((page) => page < site.storagePages),
    ),
  };
};

const forgettingTheLastPage = ({ site: { storageOfBlock } }: Turn): Partial<Site> => ({
  storageOfBlock: storageOfBlock.map((pages) => (pages.length > 1 ? pages.slice(0, -1) : pages)),
});

const regionOf = ({ scope }: Site, storage: number): number =>
  scope.geometry.regions.findLastIndex(({ firstStoragePage }) => firstStoragePage <= storage);

const { tagStorage } = memoryOf("whole");

/** A claim drops a folio's copies on its own side of the seam, and the others are left. */
const droppingToTheSeam: Design = {
  ...cleancacheFolio,
  scripts: scriptsOf(
    {
      ...memoryOf("whole"),
      tagStorage: tagStorage && {
        ...tagStorage,
        claim: claimByDropping({
          take: "reserving tag storage",
          drop: (turn, storage) => {
            const { world, site } = turn;
            const copies = copiesWith("whole", turn, at(world.storage, storage).key);
            const here = regionOf(site, storage);
            return forgetAll(
              turn,
              copies.filter((copy) => regionOf(site, copy) === here),
            );
          },
        }),
      },
    },
    cleancacheBackEnd("whole"),
  ),
};

describe("a mistake about blocks is seen", () => {
  const seenIn = (design: Design, slice: string, sizes: readonly BlockSize[]): readonly boolean[] =>
    sizes.map((size) => isSeen(design, size, slice));

  test("none where there is none", () => {
    expect(seenIn(cleancachePage, "block-tags", blockSizes)).toEqual([false, false, false, false]);
  });
  test("a claim that forgets the last page of a block", () => {
    const design = claimsBy(forgettingTheLastPage);
    expect(seenIn(design, "block-tags", blockSizes)).toEqual([false, true, true, true]);
  });
  test("a block size taken for a power of two", () => {
    expect(seenIn(claimsBy(masked), "seam-tags", [1, 2, 3])).toEqual([false, false, true]);
  });
  test("a block that begins at the page's own storage page", () => {
    expect(seenIn(claimsBy(unrounded), "seam-tags", blockSizes)).toEqual([false, true, true, true]);
  });
  test("a folio that is dropped up to the seam", () => {
    expect(isSeen(droppingToTheSeam, 2, "block-cache")).toBe(false);
    expect(seenIn(droppingToTheSeam, "seam-cache", [1, 2])).toEqual([true, true]);
  });
});
