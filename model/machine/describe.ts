/** A machine in a few lines of text, for people who want to see what was read. */
import { totalBlocks, totalPages, totalStoragePages } from "./geometry.ts";
import type { FrameRange, Machine } from "./machine.ts";

/**
 * One line for the whole and one for each region: pages, storage pages, blocks, b, and where they
 * lie. Ends without a newline; the same machine gives the same text.
 */
export function describeMachine(machine: Machine): string {
  const { geometry, pageSizeBytes } = machine;
  const address = (frame: number): string => `0x${(frame * pageSizeBytes).toString(16)}`;
  const extent = ({ firstFrame, frames }: FrameRange): string =>
    `${address(firstFrame)} + ${address(frames)}`;
  const whole = [
    `${geometry.regions.length} region(s)`,
    `${totalPages(geometry)} pages of ${pageSizeBytes} bytes`,
    `${totalStoragePages(geometry)} storage pages`,
    `${totalBlocks(geometry)} blocks of b = ${geometry.blockPages}`,
  ];
  const regions = machine.regions.map((region) => {
    const layout = region.storageInsideTagged ? "inside" : "apart from";
    const storage = `storage ${extent(region.storage)}`;
    return `${region.name}: tagged ${extent(region.tagged)}, ${storage}, ${layout} what it serves`;
  });
  return [whole.join(", "), ...regions].join("\n");
}
