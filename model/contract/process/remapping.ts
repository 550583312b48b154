/** mremap: a mapping goes elsewhere, with its pages and their tags. */
import { addressOf } from "../architecture/index.ts";
import { addArea, areaAt, isFree } from "./areas.ts";
import {
  type Allowed,
  type Asked,
  allow,
  failed,
  isTagged,
  pagesIn,
  pointerTo,
  type Range,
} from "./asked.ts";
import { setProcess } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import { cutAt, hugePages } from "./huge.ts";
import { placeFor, topPage, unmapped } from "./mapping.ts";
import type { MappingOperation, RemapFlag } from "./operations.ts";
import type { Area, PageNumber, ProcessName, ProcessState } from "./state.ts";
import { enter, entriesBetween, without } from "./table.ts";

type Remap = Asked<Extract<MappingOperation, { kind: "mremap" }>>;

const shifted = (area: Area, from: PageNumber, to: PageNumber, pages: number): Area => ({
  ...area,
  start: to,
  end: to + pages,
  backing: area.backing && {
    file: area.backing.file,
    first: area.backing.first + from - area.start,
  },
});

/** Moves the entries of the page table; a page keeps everything, its tags included. */
const movedEntries = (
  state: ProcessState,
  name: ProcessName,
  { start, end }: Range,
  to: PageNumber,
): ProcessState => {
  const cut = cutAt(cutAt(state, name, start), name, end);
  const process = cut.processes.get(name);
  if (!process) return state;
  const entries = entriesBetween(process.pages, start, end);
  const pages = entries.reduce(
    (table, [number, id]) => enter(table, number - start + to, id),
    without(process.pages, start, end),
  );
  return setProcess(cut, name, { ...process, pages });
};

type Move = {
  readonly area: Area;
  readonly from: Range;
  readonly to: PageNumber;
  readonly pages: number;
  /** The old mapping stays, without pages (MREMAP_DONTUNMAP, or a duplicate of shared memory). */
  readonly keep: boolean;
};

const moved = ({ state, name }: Remap, { area, from, to, pages, keep }: Move): ProcessState => {
  const cleared = unmapped(state, name, to, to + pages);
  const kept = { start: from.start, end: Math.min(from.end, from.start + pages) };
  const shifting = movedEntries(cleared, name, kept, to);
  const rest = keep ? shifting : unmapped(shifting, name, from.start, from.end);
  const process = rest.processes.get(name);
  if (!process) return state;
  return setProcess(rest, name, addArea(process, shifted(area, from.start, to, pages)));
};

const invalid = (
  { process, operation }: Remap,
  has: (flag: RemapFlag) => boolean,
  from: Range,
): boolean => {
  const { address, newLength, oldLength, to } = operation;
  if (addressOf(address) % pageSize !== 0 || newLength <= 0) return true;
  if (has("fixed") && !has("maymove")) return true;
  if (has("dontunmap") && (!has("maymove") || pagesIn(oldLength) !== pagesIn(newLength)))
    return true;
  if (has("fixed") && to !== null) {
    const start = addressOf(to) / pageSize;
    const overlaps = start < from.end && from.start < start + pagesIn(newLength);
    if (start % 1 !== 0 || overlaps || start > topPage - pagesIn(newLength)) return true;
  }
  const area = areaAt(process, from.start);
  // Only shared memory can be duplicated, and huge pages move whole.
  return area !== undefined && ((oldLength === 0 && !area.shared) || cutsHuge(area, operation));
};

const cutsHuge = ({ hugetlb }: Area, { oldLength, newLength }: Remap["operation"]): boolean =>
  hugetlb && (pagesIn(oldLength) % hugePages !== 0 || pagesIn(newLength) % hugePages !== 0);

export const mremap = (asked: Remap): readonly Allowed[] => {
  const { state, name, process, operation } = asked;
  const { address, oldLength, newLength, flags, to, force } = operation;
  const has = (flag: RemapFlag) => flags.includes(flag);
  const start = addressOf(address) / pageSize;
  const from = { start, end: start + pagesIn(oldLength) };
  if (to !== null && has("fixed") && isTagged(to))
    return failed(state, "EINVAL", "new-places-are-named-untagged");
  if (invalid(asked, has, from)) return failed(state, "EINVAL", "mremap-refuses-nonsense");
  const area = areaAt(process, start);
  if (!area || area.end < from.end) return failed(state, "EFAULT", "mremap-refuses-nonsense");
  const pages = pagesIn(newLength);
  const at = (after: ProcessState, place: PageNumber) =>
    allow(after, { kind: "pointer", pointer: pointerTo(place) }, "tags-move-with-the-mapping");
  const keep = has("dontunmap") || oldLength === 0;
  const elsewhere = () => {
    const unit = area.hugetlb ? hugePages * pageSize : pageSize;
    const [place, remembered] = placeFor(process, pages, unit);
    const ready = { ...asked, state: setProcess(state, name, remembered) };
    return at(moved(ready, { area, from, to: place, pages, keep }), place);
  };
  if (has("fixed") && to !== null) {
    const place = addressOf(to) / pageSize;
    return at(moved(asked, { area, from, to: place, pages, keep }), place);
  }
  if (force || keep)
    return has("maymove") ? elsewhere() : failed(state, "ENOMEM", "growing-may-fail");
  const old = from.end - from.start;
  if (pages <= old) return at(unmapped(state, name, start + pages, from.end), start);
  const free = area.end === from.end && isFree(process, from.end, start + pages);
  const grown = () => {
    const extra = shifted(area, from.end, from.end, pages - old);
    return at(setProcess(state, name, addArea(process, extra)), start);
  };
  // What lies behind a mapping is up to where the kernel put the others.
  return [
    ...(free ? grown() : []),
    ...(has("maymove") ? elsewhere() : failed(state, "ENOMEM", "growing-may-fail")),
  ];
};
