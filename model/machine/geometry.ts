/**
 * Which storage page holds the tags of which data page.
 *
 * One type serves real machines and the tiny scopes of a checker; only the numbers differ. Data
 * pages, storage pages and blocks are each numbered densely from 0, region after region, so that
 * arrays can be indexed by them. Physical frame numbers are a machine's affair (see `frames.ts`).
 *
 * The map is the hardware's static one. For data page P of a region whose data start at A and whose
 * storage starts at X, the tags lie in storage page `X + floor((P - A) / 32)`, and the block to
 * reserve starts at `X + rounddown((P - A) / 32, b)`. Blocks are counted from the start of their
 * region's storage, so b need not be a power of two. (Source: RFC v1 patch 25, RFC v2 cover.)
 */

/** One contiguous taggable range and the storage for its tags. */
export type Region = {
  readonly firstPage: number;
  /** Data pages served; exactly `storagePages * pagesPerStoragePage`. */
  readonly pages: number;
  readonly firstStoragePage: number;
  /** A whole number of blocks. */
  readonly storagePages: number;
};

export type Geometry = {
  /** Granules of 16 bytes in a page: 256 on real hardware with 4 KiB pages. */
  readonly granulesPerPage: number;
  /** Data pages whose tags fill one storage page: 32 on real hardware, whatever the page size. */
  readonly pagesPerStoragePage: number;
  /** b: storage pages of one block. */
  readonly blockPages: number;
  readonly regions: readonly Region[];
};

/** The numbers `first` to `first + count - 1`. */
export type IndexRange = { readonly first: number; readonly count: number };

/** Where the tags of one page begin. */
export type TagPlace = {
  readonly storagePage: number;
  /** In tags (4 bits each) from the start of the storage page. */
  readonly tagOffset: number;
  /** In bytes, rounded down: two tags share a byte. 128 bytes a page on 4 KiB hardware. */
  readonly byteOffset: number;
};

function demandPositive(value: number, name: string): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new RangeError(`${name}: expected a positive integer, found ${value}`);
  }
}

/**
 * Numbers pages, storage pages and blocks for regions of the given sizes.
 *
 * @param blocksOfRegions blocks of storage in each region, in order; one region at least
 * @throws RangeError when a number is not a positive integer or the pages cannot be counted safely
 */
export function makeGeometry(
  shape: Omit<Geometry, "regions">,
  blocksOfRegions: readonly number[],
): Geometry {
  const { granulesPerPage, pagesPerStoragePage, blockPages } = shape;
  demandPositive(granulesPerPage, "granulesPerPage");
  demandPositive(pagesPerStoragePage, "pagesPerStoragePage");
  demandPositive(blockPages, "blockPages");
  demandPositive(blocksOfRegions.length, "number of regions");
  const regions: Region[] = [];
  let firstPage = 0;
  let firstStoragePage = 0;
  for (const blocks of blocksOfRegions) {
    demandPositive(blocks, "blocks of a region");
    const storagePages = blocks * blockPages;
    const pages = storagePages * pagesPerStoragePage;
    regions.push({ firstPage, pages, firstStoragePage, storagePages });
    firstPage += pages;
    firstStoragePage += storagePages;
  }
  demandPositive(firstPage * granulesPerPage, "number of granules");
  return { granulesPerPage, pagesPerStoragePage, blockPages, regions };
}

/** Data pages of all regions. */
export function totalPages(geometry: Geometry): number {
  const last = geometry.regions.at(-1);
  return last === undefined ? 0 : last.firstPage + last.pages;
}

/** Storage pages of all regions. */
export function totalStoragePages(geometry: Geometry): number {
  const last = geometry.regions.at(-1);
  return last === undefined ? 0 : last.firstStoragePage + last.storagePages;
}

/** Blocks of all regions. */
export function totalBlocks(geometry: Geometry): number {
  return totalStoragePages(geometry) / geometry.blockPages;
}

/**
 * The index of the region that holds a data page.
 *
 * @throws RangeError when there is no such page
 */
export function regionOfPage(geometry: Geometry, page: number): number {
  if (Number.isInteger(page) && page >= 0) {
    let index = 0;
    for (const { firstPage, pages } of geometry.regions) {
      if (page < firstPage + pages) return index;
      index += 1;
    }
  }
  throw new RangeError(`page: expected 0..${totalPages(geometry) - 1}, found ${page}`);
}

function regionHolding(geometry: Geometry, page: number): Region {
  const region = geometry.regions[regionOfPage(geometry, page)];
  if (region === undefined) throw new RangeError(`page ${page} is in no region`);
  return region;
}

/** The storage page that holds a data page's tags. @throws RangeError when there is no such page */
export function storagePageOf(geometry: Geometry, page: number): number {
  const region = regionHolding(geometry, page);
  const within = Math.floor((page - region.firstPage) / geometry.pagesPerStoragePage);
  return region.firstStoragePage + within;
}

/**
 * The block a storage page belongs to.
 *
 * Every region is a whole number of blocks, so counting blocks over all of the storage gives the
 * same grouping as counting from the start of each region.
 *
 * @throws RangeError when there is no such storage page
 */
export function blockOfStoragePage(geometry: Geometry, storagePage: number): number {
  const total = totalStoragePages(geometry);
  if (!Number.isInteger(storagePage) || storagePage < 0 || storagePage >= total) {
    throw new RangeError(`storage page: expected 0..${total - 1}, found ${storagePage}`);
  }
  return Math.floor(storagePage / geometry.blockPages);
}

/** The block that must be free of data before a page may carry tags. @throws RangeError */
export function blockOfPage(geometry: Geometry, page: number): number {
  return blockOfStoragePage(geometry, storagePageOf(geometry, page));
}

/** The storage pages of a block: always b of them. @throws RangeError when there is none such */
export function storagePagesOf(geometry: Geometry, block: number): IndexRange {
  const total = totalBlocks(geometry);
  if (!Number.isInteger(block) || block < 0 || block >= total) {
    throw new RangeError(`block: expected 0..${total - 1}, found ${block}`);
  }
  return { first: block * geometry.blockPages, count: geometry.blockPages };
}

/** The data pages a block serves, as a range: always `b * pagesPerStoragePage`. @throws RangeError */
export function pageRangeServedBy(geometry: Geometry, block: number): IndexRange {
  const storage = storagePagesOf(geometry, block);
  const perStoragePage = geometry.pagesPerStoragePage;
  // Dense numbering keeps the ratio exact across regions, so no region has to be looked up.
  return { first: storage.first * perStoragePage, count: storage.count * perStoragePage };
}

/** The data pages a block serves, listed. @throws RangeError when there is no such block */
export function pagesServedBy(geometry: Geometry, block: number): readonly number[] {
  const { first, count } = pageRangeServedBy(geometry, block);
  return Array.from({ length: count }, (_, offset) => first + offset);
}

/** Where a page's tags begin within their storage page. @throws RangeError for no such page */
export function tagOffset(geometry: Geometry, page: number): TagPlace {
  const region = regionHolding(geometry, page);
  const slot = (page - region.firstPage) % geometry.pagesPerStoragePage;
  const tags = slot * geometry.granulesPerPage;
  const byteOffset = Math.floor(tags / 2);
  return { storagePage: storagePageOf(geometry, page), tagOffset: tags, byteOffset };
}

/**
 * True when a region other than the first begins at this page, so that its neighbour below is no
 * neighbour in memory. @throws RangeError when there is no such page
 */
export function isSeam(geometry: Geometry, page: number): boolean {
  return page > 0 && page === regionHolding(geometry, page).firstPage;
}

/**
 * The blocks a folio of `2^order` pages needs. With b no power of two a naturally aligned folio may
 * begin or end inside a block; such a block is counted.
 *
 * @throws RangeError when the order is no integer in 0..30 or the folio leaves its region
 */
export function blocksOfFolio(geometry: Geometry, firstPage: number, order: number): IndexRange {
  if (!Number.isInteger(order) || order < 0 || order > 30) {
    throw new RangeError(`order: expected 0..30, found ${order}`);
  }
  const lastPage = firstPage + 2 ** order - 1;
  if (regionOfPage(geometry, firstPage) !== regionOfPage(geometry, lastPage)) {
    throw new RangeError(`folio: expected one region for pages ${firstPage}..${lastPage}`);
  }
  const first = blockOfPage(geometry, firstPage);
  return { first, count: blockOfPage(geometry, lastPage) - first + 1 };
}
