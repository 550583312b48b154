/**
 * Page faults. What an access needs is brought about before it is made: a zeroed page, a page from
 * swap, a copy of a shared one. What cannot be brought about is said.
 */
import { areaAt } from "./areas.ts";
import {
  entryOf,
  fresh,
  newPage,
  newPages,
  pageOfId,
  setEntry,
  setFile,
  setPage,
  setProcess,
  zeroedPage,
  zeroPage,
} from "./changes.ts";
import { pageSize } from "./configuration.ts";
import { eligibleBlock, hugePages, isUntouched } from "./huge.ts";
import type { Area, PageId, PageNumber, Process, ProcessName, ProcessState } from "./state.ts";
import { enter, enterAll, lookUp } from "./table.ts";

/** `force`: whatever the permissions of the mapping, as ptrace and /proc/PID/mem may. */
export type Access = "read" | "write" | "force-read" | "force-write";

export type Reached =
  | {
      readonly kind: "page";
      readonly state: ProcessState;
      readonly id: PageId;
      readonly area: Area;
    }
  /** No mapping. */
  | { readonly kind: "unmapped" }
  /** The mapping forbids it. */
  | { readonly kind: "forbidden"; readonly area: Area }
  /** Past the end of the file. */
  | { readonly kind: "beyond-end"; readonly area: Area }
  /** Missing, and a userfaultfd is to fill it. */
  | { readonly kind: "waits" };

const isWrite = (access: Access): boolean => access === "write" || access === "force-write";

/** On this architecture what may be written may be read. */
const permits = (area: Area, access: Access): boolean => {
  if (access === "read") return area.read || area.write;
  if (access === "write") return area.write;
  return access === "force-read" || area.write || !area.shared;
};

/** The page in a frame: swapped in if it was out, and flagged when the mapping is PROT_MTE. */
const settled = (state: ProcessState, id: PageId, area: Area): ProcessState => {
  const page = pageOfId(state, id);
  const flags = area.tagged && !page.tagged && id !== zeroPage;
  if (!page.swapped && !flags) return state;
  const [after, place] = page.swapped ? fresh(state) : [state, page.place];
  return setPage(after, id, {
    ...page,
    place,
    swapped: false,
    ...(flags ? { tagged: true, tags: null } : {}),
  });
};

/** Copy-on-write: bytes, tags and the flag go along, whatever the mapping says. */
const copied = (
  state: ProcessState,
  id: PageId,
  process: Process,
): readonly [ProcessState, PageId] => {
  const { bytes, tags, tagged } = pageOfId(state, id);
  const copyOf = id === zeroPage ? null : id;
  return newPage(state, { ...zeroedPage, bytes, tags, tagged, copyOf, owner: process.generation });
};

type Place = {
  readonly name: ProcessName;
  readonly process: Process;
  readonly area: Area;
  readonly number: PageNumber;
};

/** The first touch of private anonymous memory. */
const populated = (
  state: ProcessState,
  { name, process, area, number }: Place,
  write: boolean,
): readonly [ProcessState, PageId] => {
  if (!write) return [setEntry(state, name, number, zeroPage), zeroPage];
  const blank = { ...zeroedPage, tagged: area.tagged, owner: process.generation };
  const block = eligibleBlock(process, area, number);
  if (block === null) {
    const [after, id] = newPage(state, blank);
    return [setEntry(after, name, number, id), id];
  }
  if (!area.hugetlb && (area.huge === "default" || !isUntouched(process, block))) {
    // Whether a huge page was to be had is the kernel's business.
    const [after, id] = newPage(state, { ...blank, huge: "maybe" });
    return [setEntry(after, name, number, id), id];
  }
  const [after, first] = newPages(state, hugePages, {
    ...blank,
    huge: area.hugetlb ? "no" : "yes",
  });
  const entries = Array.from({ length: hugePages }, (_, at) => [block + at, first + at] as const);
  const pages = enterAll(process.pages, entries);
  return [setProcess(after, name, { ...process, pages }), first + number - block];
};

/** Private memory that has a page of its own, or may share one until it writes. */
const reachPrivate = (
  state: ProcessState,
  place: Place,
  id: PageId,
  write: boolean,
): readonly [ProcessState, PageId] => {
  const { name, process, area, number } = place;
  const inFrame = settled(state, id, area);
  if (!write) return [inFrame, id];
  const page = pageOfId(inFrame, id);
  if (page.owner === process.generation)
    return [page.droppable ? setPage(inFrame, id, { ...page, droppable: false }) : inFrame, id];
  const [after, own] = copied(inFrame, id, process);
  return [setEntry(settled(after, own, area), name, number, own), own];
};

/** The page of a file, in the page cache; a hole gets a page of zeroes. */
const filePage = (
  state: ProcessState,
  area: Area,
  file: number,
  index: number,
): readonly [ProcessState, PageId] | null => {
  const cached = lookUp(state.files, file);
  if (!cached || index * pageSize >= cached.size) return null;
  const known = lookUp(cached.pages, index);
  if (known !== undefined) return [settled(state, known, area), known];
  const [after, id] = newPage(state, zeroedPage);
  const pages = enter(cached.pages, index, id);
  return [settled(setFile(after, file, { ...cached, pages }), id, area), id];
};

const hasFilePage = (state: ProcessState, file: number, index: number): boolean => {
  const cached = lookUp(state.files, file);
  return cached !== undefined && lookUp(cached.pages, index) !== undefined;
};

/** Makes the page at `number` ready for the access, or says why it cannot be. */
export const reach = (
  state: ProcessState,
  name: ProcessName,
  number: PageNumber,
  access: Access,
): Reached => {
  const process = state.processes.get(name);
  const area = process && areaAt(process, number);
  if (!process || !area) return { kind: "unmapped" };
  if (!permits(area, access)) return { kind: "forbidden", area };
  const write = isWrite(access);
  const place = { name, process, area, number };
  const found = ([after, id]: readonly [ProcessState, PageId]): Reached => ({
    kind: "page",
    state: after,
    id,
    area,
  });
  const entry = entryOf(process, number);
  const blank = entry === zeroPage && write && !area.backing;
  if (entry !== undefined && !blank) return found(reachPrivate(state, place, entry, write));
  if (!area.backing) {
    if (area.userfault !== null && !blank) return { kind: "waits" };
    return found(populated(state, place, write));
  }
  const { file, first } = area.backing;
  const index = first + number - area.start;
  if (area.userfault !== null && !hasFilePage(state, file, index)) return { kind: "waits" };
  const cached = filePage(state, area, file, index);
  if (!cached) return { kind: "beyond-end", area };
  return found(area.shared || !write ? cached : reachPrivate(cached[0], place, cached[1], true));
};
