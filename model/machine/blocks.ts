/**
 * Block arithmetic as the posted series does it (RFC v3, "Add support for arm64 MTE dynamic tag
 * storage reuse", patches 19 and 23), by page frame numbers and region by region, with the exact
 * cover that it means to have: v2 reserves too much and v3 too little when a block is larger than
 * one page. A `Geometry` numbers pages densely and wants whole blocks; a region here may have less
 * storage than its memory needs, as a wrong device tree may give it.
 */

/** Data pages whose tags fill one storage page, whatever the page size: 4 bits for 16 bytes. */
const dataPagesPerStoragePage = 32;
/** Device trees state block sizes in multiples of this (patch 19, binding). */
const blockUnitBytes = 4096;
/** The series' own limit on regions. */
export const mostRegions = 32;

export type StorageRegion = {
  readonly memoryFrame: number;
  readonly memoryPages: number;
  readonly storageFrame: number;
  readonly storagePages: number;
  readonly blockPages: number;
};

const divisorOf = (a: number, b: number): number => (b === 0 ? a : divisorOf(b, a % b));

/** The least common multiple of page and block size, in pages; null for a block of no bytes. */
export const pagesOfBlock = (pageBytes: number, blockBytes: number): number | null =>
  pageBytes > 0 && blockBytes > 0 ? blockBytes / divisorOf(pageBytes, blockBytes) : null;

/** Storage pages for so much memory: 1/32 of it, whole pages. */
export const storagePagesFor = (memoryBytes: number, pageBytes: number): number =>
  Math.ceil(memoryBytes / dataPagesPerStoragePage / pageBytes);

/**
 * The block-size to state when the tags of contiguous data are interleaved over a span of storage:
 * the smallest multiple of 4 KiB that is whole spans, and that holds the tags of all of the data.
 */
export const blockBytesForInterleave = (dataBytes: number, spanBytes: number): number => {
  const span = Math.max(spanBytes, Math.ceil(dataBytes / dataPagesPerStoragePage));
  return (span * blockUnitBytes) / divisorOf(span, blockUnitBytes);
};

/** What the probe of one storage node says: pages of a block, or null for a node it refuses. */
export const probed = (
  storagePages: number,
  pageBytes: number,
  blockBytes: number,
): number | null => {
  const pages = pagesOfBlock(pageBytes, blockBytes);
  return pages !== null && storagePages % pages === 0 ? pages : null;
};

/** The first storage page of the block that serves a data page, or null where there is none. */
export const blockOfFrame = (region: StorageRegion, frame: number): number | null => {
  const { memoryFrame, memoryPages, storageFrame, storagePages, blockPages } = region;
  const offset = frame - memoryFrame;
  if (offset < 0 || offset >= memoryPages || blockPages < 1) return null;
  const storagePage = Math.floor(offset / dataPagesPerStoragePage);
  const first = storagePage - (storagePage % blockPages);
  return first + blockPages <= storagePages ? storageFrame + first : null;
};

/** Blocks that a folio needs when it starts at a block's first page, and references each gets. */
export const coverOfFolio = (
  order: number,
  blockPages: number,
): { readonly blocks: number; readonly references: number } => {
  const served = blockPages * dataPagesPerStoragePage;
  const pages = 2 ** order;
  return { blocks: Math.ceil(pages / served), references: Math.min(pages, served) };
};
