/** Transparent huge pages, as far as user space can tell them: blocks of 2 MiB. */
import { pageOfId, setPage } from "./changes.ts";
import type { Area, PageNumber, Process, ProcessName, ProcessState } from "./state.ts";
import { entriesBetween } from "./table.ts";

/** Pages of a huge page. */
export const hugePages = 512;

export const blockOf = (page: PageNumber): PageNumber => page - (page % hugePages);

/** The block that a first write may fill with one huge page; null when it has to be a small one. */
export const eligibleBlock = (
  process: Process,
  area: Area,
  page: PageNumber,
): PageNumber | null => {
  const block = blockOf(page);
  const fits = area.start <= block && block + hugePages <= area.end;
  if (!fits || area.huge === "never" || area.hugetlb || area.backing) return null;
  return entriesBetween(process.pages, block, block + hugePages).length === 0 ? block : null;
};

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
