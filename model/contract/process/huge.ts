/** Transparent huge pages, as far as user space can tell them: blocks of 2 MiB. */
import { pageOfId, setPage, zeroPage } from "./changes.ts";
import type { Area, PageNumber, Process, ProcessName, ProcessState } from "./state.ts";
import { entriesBetween } from "./table.ts";

/** Pages of a huge page. */
export const hugePages = 512;

export const blockOf = (page: PageNumber): PageNumber => page - (page % hugePages);

/** The block that a first write may fill at once; null when it has to be one small page. */
export const eligibleBlock = (
  process: Process,
  area: Area,
  page: PageNumber,
): PageNumber | null => {
  const block = blockOf(page);
  const fits = area.start <= block && block + hugePages <= area.end;
  if (!fits || area.backing || (area.huge === "never" && !area.hugetlb)) return null;
  const entries = entriesBetween(process.pages, block, block + hugePages);
  return entries.every(([, id]) => id === zeroPage) ? block : null;
};

/** Has the block no page at all, not even that of zeroes? */
export const isUntouched = (process: Process, block: PageNumber): boolean =>
  entriesBetween(process.pages, block, block + hugePages).length === 0;

/**
 * A mapping is cut at this page: the huge page across it may be split, and may stay whole with
 * only its mapping split.
 */
export const cutAt = (state: ProcessState, name: ProcessName, page: PageNumber): ProcessState => {
  const process = state.processes.get(name);
  if (!process || page % hugePages === 0) return state;
  const block = blockOf(page);
  return entriesBetween(process.pages, block, block + hugePages).reduce((so, [, id]) => {
    const known = pageOfId(so, id);
    return known.huge === "yes" ? setPage(so, id, { ...known, huge: "maybe" }) : so;
  }, state);
};
