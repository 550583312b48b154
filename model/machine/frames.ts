/**
 * Page frame numbers of a machine and the dense numbers of its geometry.
 *
 * Data pages are numbered region after region in ascending order of the tagged ranges: page p of
 * region r is frame `r.tagged.firstFrame + (p - firstPage)`. Storage pages likewise, in the same
 * order of regions, which need not be the order of their addresses.
 *
 * A frame may be both a data page and a storage page: storage carved out of a taggable range. Such
 * a page has a number in both spaces; {@link isTagStorage} is true for it, and it is never tagged.
 */
import type { FrameRange, Machine } from "./machine.ts";

function offsetIn(range: FrameRange, frame: number): number | undefined {
  const offset = frame - range.firstFrame;
  return Number.isInteger(offset) && offset >= 0 && offset < range.frames ? offset : undefined;
}

/** The data page at a frame; undefined where the hardware has no tags for it. */
export function pageOfPfn(machine: Machine, pfn: number): number | undefined {
  for (const [index, { tagged }] of machine.regions.entries()) {
    const offset = offsetIn(tagged, pfn);
    const region = machine.geometry.regions[index];
    if (offset !== undefined && region !== undefined) return region.firstPage + offset;
  }
  return undefined;
}

/** The storage page at a frame; undefined where a frame holds no tags. */
export function storagePageOfPfn(machine: Machine, pfn: number): number | undefined {
  for (const [index, { storage }] of machine.regions.entries()) {
    const offset = offsetIn(storage, pfn);
    const region = machine.geometry.regions[index];
    if (offset !== undefined && region !== undefined) return region.firstStoragePage + offset;
  }
  return undefined;
}

/** The frame of a data page. @throws RangeError when there is no such page */
export function pfnOfPage(machine: Machine, page: number): number {
  for (const [index, { firstPage, pages }] of machine.geometry.regions.entries()) {
    const offset = offsetIn({ firstFrame: firstPage, frames: pages }, page);
    const region = machine.regions[index];
    if (offset !== undefined && region !== undefined) return region.tagged.firstFrame + offset;
  }
  throw new RangeError(`page: found ${page}, which is in no region`);
}

/** The frame of a storage page. @throws RangeError when there is no such storage page */
export function pfnOfStoragePage(machine: Machine, storagePage: number): number {
  for (const [index, part] of machine.geometry.regions.entries()) {
    const numbers = { firstFrame: part.firstStoragePage, frames: part.storagePages };
    const offset = offsetIn(numbers, storagePage);
    const region = machine.regions[index];
    if (offset !== undefined && region !== undefined) return region.storage.firstFrame + offset;
  }
  throw new RangeError(`storage page: found ${storagePage}, which is in no region`);
}

/** True for a frame of any region's tag storage; it must never be tagged. */
export function isTagStorage(machine: Machine, pfn: number): boolean {
  return storagePageOfPfn(machine, pfn) !== undefined;
}
