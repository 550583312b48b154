/** Tag checks: which accesses are checked, against what, and what a mismatch does. */
import type { Cpu, Response } from "./cpu.ts";
import type { MappedPage } from "./memory.ts";
import type { Tag } from "./operations.ts";
import { granule, offsetInPage } from "./pointer.ts";

/** What an access does to memory. An atomic one reads and writes. */
export type Direction = "load" | "store" | "both";

/**
 * The response to a mismatch of such an access; `ignore` too where nothing is compared. In
 * asymmetric mode what reads at all is sync.
 */
export const responseTo = (cpu: Cpu, direction: Direction): Response => {
  if (cpu.override === 1 || !cpu.tagAccess) return "ignore";
  if (direction === "load" && cpu.storeOnly) return "ignore";
  return direction === "store" ? cpu.stores : cpu.loads;
};

/** The allocation tag of the granule at `address`; memory that carries none reads as 0. */
export const tagAt = (cpu: Cpu, page: MappedPage, address: number): Tag =>
  cpu.tagAccess && page.tagged
    ? (page.tags?.[Math.floor(offsetInPage(address) / granule)] ?? 0)
    : 0;

/** Does the granule at `address` refuse this logical tag? Untagged memory refuses none. */
export const mismatches = (page: MappedPage, logical: Tag, address: number): boolean =>
  page.tagged && (page.tags?.[Math.floor(offsetInPage(address) / granule)] ?? 0) !== logical;
