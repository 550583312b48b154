/**
 * From a machine to a scope small enough for a checker.
 *
 * Kept: the number of regions, as far as there are blocks for them, so that seams stay; the number
 * b of storage pages in a block, exactly; the order of the regions; the form of the map from pages
 * to storage pages and blocks; that every region is a whole number of blocks.
 *
 * Dropped: addresses; the sizes of regions and their proportions; the real numbers of pages for
 * each storage page and of granules in a page, for which the caller chooses small ones; regions
 * beyond the number of blocks (the last ones); and whether storage lies inside the range it serves.
 * In a scope no data page is a storage page: such pages are never tagged, so all that is lost is
 * storage nobody needs.
 */
import { type Geometry, makeGeometry } from "./geometry.ts";
import type { Machine } from "./machine.ts";

export type ScopeSize = {
  /** Blocks in all; shared out evenly, the first regions taking what is left over. */
  readonly blocks: number;
  /** At most the machine's own. */
  readonly pagesPerStoragePage: number;
  /** At most the machine's own. */
  readonly granulesPerPage: number;
};

function demandWithin(value: number, limit: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > limit) {
    throw new RangeError(`${name}: expected an integer in 1..${limit}, found ${value}`);
  }
}

/**
 * Shrinks a machine. The same machine and size give the same geometry.
 *
 * Each region gets at least one block and never more than it has; the rest is dealt out one block
 * at a time, round the regions in order.
 *
 * @throws RangeError when a size is not a positive integer or exceeds the machine's own
 */
export function shrink(machine: Pick<Machine, "geometry">, size: ScopeSize): Geometry {
  const { granulesPerPage, pagesPerStoragePage, blockPages, regions } = machine.geometry;
  const realBlocks = regions.map((region) => region.storagePages / blockPages);
  const regionCount = Math.min(regions.length, size.blocks);
  const available = realBlocks.slice(0, regionCount).reduce((sum, blocks) => sum + blocks, 0);
  demandWithin(size.blocks, available, "blocks");
  demandWithin(size.pagesPerStoragePage, pagesPerStoragePage, "pagesPerStoragePage");
  demandWithin(size.granulesPerPage, granulesPerPage, "granulesPerPage");
  return makeGeometry(
    {
      granulesPerPage: size.granulesPerPage,
      pagesPerStoragePage: size.pagesPerStoragePage,
      blockPages,
    },
    dealOut(size.blocks, realBlocks.slice(0, regionCount)),
  );
}

/** Deals blocks round the regions, passing over those that are full. */
function dealOut(blocks: number, limits: readonly number[]): readonly number[] {
  const dealt = limits.map(() => 0);
  let left = blocks;
  while (left > 0) {
    for (const [index, limit] of limits.entries()) {
      const has = dealt[index] ?? 0;
      if (left === 0 || has >= limit) continue;
      dealt[index] = has + 1;
      left -= 1;
    }
  }
  return dealt;
}
