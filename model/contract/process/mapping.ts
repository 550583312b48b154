/** mmap, munmap, brk, shmat: where mappings come from and go to. */
import { addressOf, type Pointer } from "../architecture/index.ts";
import { addArea, areasBetween, changeAreas, isFree } from "./areas.ts";
import {
  type Allowed,
  type Asked,
  allow,
  failed,
  isTagged,
  pagesIn,
  pointerTo,
  rangeOf,
  returned,
} from "./asked.ts";
import { anonymous, layout } from "./begin.ts";
import { fresh, setFile, setProcess } from "./changes.ts";
import { isSince, pageSize } from "./configuration.ts";
import { cutAt, hugePages } from "./huge.ts";
import type { MapFlag, MappingOperation } from "./operations.ts";
import { reach } from "./reach.ts";
import type { Area, File, PageNumber, Process, ProcessName, ProcessState } from "./state.ts";
import { emptyTable, lookUp, without } from "./table.ts";

type Of<Kind extends MappingOperation["kind"]> = Asked<Extract<MappingOperation, { kind: Kind }>>;

/** Free pages between two mappings, so that running off one end does not reach the next. */
const gap = 16;

const roundUp = (value: number, unit: number): number => Math.ceil(value / unit) * unit;

/** Where the kernel puts a mapping that may lie anywhere, and the process that remembers it. */
export const placeFor = (
  process: Process,
  pages: number,
  align: number,
): readonly [PageNumber, Process] => {
  const unit = Math.max(1, Math.ceil(align / pageSize));
  let start = roundUp(process.cursor, unit);
  while (!isFree(process, start - 1, start + pages + 1)) start += unit;
  return [start, { ...process, cursor: start + pages + gap }];
};

/** Takes the pages from `start` up to `end` out of the address space. */
export const unmapped = (
  state: ProcessState,
  name: ProcessName,
  start: PageNumber,
  end: PageNumber,
): ProcessState => {
  const cut = cutAt(cutAt(state, name, start), name, end);
  const process = cut.processes.get(name);
  if (!process) return state;
  const rest = changeAreas(process, start, end, () => null);
  return setProcess(cut, name, { ...rest, pages: without(rest.pages, start, end) });
};

const isHugeFile = (file: File | undefined): boolean => file?.system === "hugetlbfs";

/** May PROT_MTE be asked of such a mapping (VM_MTE_ALLOWED)? */
const allowsTags = (
  { configuration }: ProcessState,
  file: File | undefined,
  hugetlb: boolean,
): boolean => {
  if (hugetlb) return isSince(configuration.kernel, 6, 13);
  if (!file) return true;
  return file.system === "tmpfs" || file.system === "anon";
};

/** A nameless file of tmpfs: shared anonymous memory, or a System V segment. */
const anonymousFile = (
  state: ProcessState,
  pages: number,
  system: "anon" | "hugetlbfs",
): readonly [ProcessState, number] => {
  const [after, number] = fresh(state);
  const file: File = { system, size: pages * pageSize, pages: emptyTable };
  return [setFile(after, number, file), number];
};

type Spot =
  | { readonly kind: "at"; readonly start: PageNumber; readonly process: Process }
  | { readonly kind: "no"; readonly errno: "EINVAL" | "ENOMEM" | "EEXIST" };

/** The top of user addresses: 48 bits. */
export const topPage = 2 ** 36;

const spotFor = (
  process: Process,
  flags: readonly MapFlag[],
  address: Pointer | null,
  pages: number,
  align: number,
): Spot => {
  const noreplace = flags.includes("fixed_noreplace");
  const anywhere = (): Spot => {
    const [start, moved] = placeFor(process, pages, align);
    return { kind: "at", start, process: moved };
  };
  if (pages > topPage) return { kind: "no", errno: "ENOMEM" };
  if (address === null) return anywhere();
  const plain = addressOf(address);
  const start = plain / pageSize;
  if (flags.includes("fixed") || noreplace) {
    if (isTagged(address) || start > topPage - pages) return { kind: "no", errno: "ENOMEM" };
    if (plain % pageSize !== 0) return { kind: "no", errno: "EINVAL" };
    if (noreplace && !isFree(process, start, start + pages)) return { kind: "no", errno: "EEXIST" };
    return { kind: "at", start, process };
  }
  const hint = Math.ceil(start);
  const fits = hint > 0 && hint <= topPage - pages;
  const usable = !isTagged(address) && fits && isFree(process, hint, hint + pages);
  return usable ? { kind: "at", start: hint, process } : anywhere();
};

/** Makes every page of the mapping, as MAP_POPULATE does. */
export const populate = (
  state: ProcessState,
  name: ProcessName,
  { start, end, write }: Pick<Area, "start" | "end" | "write">,
): ProcessState => {
  let so = state;
  for (let page = start; page < end; page += 1) {
    const reached = reach(so, name, page, write ? "write" : "read");
    if (reached.kind === "page") so = reached.state;
  }
  return so;
};

const mmap = ({ state, name, process, operation }: Of<"mmap">): readonly Allowed[] => {
  const { length, protection, flags, offset } = operation;
  const has = (flag: MapFlag) => flags.includes(flag);
  const invalid = () => failed(state, "EINVAL", "mmap-refuses-nonsense");
  const file = operation.file === null ? undefined : lookUp(state.files, operation.file);
  if (!has("anon") && !file) return failed(state, "EBADF", "mmap-refuses-nonsense");
  if (has("private") === has("shared") || length <= 0 || offset % pageSize !== 0) return invalid();
  const hugetlb = has("hugetlb") || (!has("anon") && isHugeFile(file));
  const unit = hugetlb ? hugePages : 1;
  const pages = roundUp(pagesIn(length), unit);
  const align = Math.max(operation.align, unit * pageSize);
  const spot = spotFor(process, flags, operation.address, pages, align);
  if (spot.kind === "no") {
    const tagged = operation.address !== null && isTagged(operation.address);
    return failed(
      state,
      spot.errno,
      tagged ? "new-places-are-named-untagged" : "mmap-refuses-nonsense",
    );
  }
  if (spot.start % unit !== 0) return invalid();
  const taggable = allowsTags(state, has("anon") ? undefined : file, hugetlb);
  if (protection.tagged && !taggable)
    return failed(state, "EINVAL", hugetlb ? "hugetlb-has-tags-since-6.13" : "tags-need-ram");
  const { start } = spot;
  const cleared = unmapped(setProcess(state, name, spot.process), name, start, start + pages);
  const nameless = has("anon") && has("shared");
  const [after, number] = nameless
    ? anonymousFile(cleared, pages, hugetlb ? "hugetlbfs" : "anon")
    : ([cleared, operation.file] as const);
  const first = has("anon") ? 0 : offset / pageSize;
  const area: Area = {
    ...anonymous,
    start,
    end: start + pages,
    ...protection,
    taggable,
    shared: has("shared"),
    backing: number === null || (has("anon") && !nameless) ? null : { file: number, first },
    hugetlb,
  };
  const now = after.processes.get(name) ?? process;
  const mapped = setProcess(after, name, addArea(now, area));
  const made = has("populate") ? populate(mapped, name, area) : mapped;
  return allow(
    made,
    { kind: "pointer", pointer: pointerTo(start) },
    protection.tagged ? "new-tags-are-zero" : "mmap-maps-zeroes",
  );
};

/** Does a range cut a huge page of hugetlb memory? */
export const cutsHugetlb = (process: Process, start: PageNumber, end: PageNumber): boolean =>
  areasBetween(process, start, end).some(
    (area) =>
      area.hugetlb &&
      ((area.start < start && start % hugePages !== 0) ||
        (end < area.end && end % hugePages !== 0)),
  );

const munmap = ({ state, name, process, operation }: Of<"munmap">): readonly Allowed[] => {
  const range = rangeOf(operation.address, operation.length);
  if (!range || range.end > topPage) return failed(state, "EINVAL", "munmap-takes-whole-pages");
  if (operation.length <= 0 || cutsHugetlb(process, range.start, range.end))
    return failed(state, "EINVAL", "munmap-takes-whole-pages");
  return returned(unmapped(state, name, range.start, range.end), 0, "munmap-discards-tags");
};

const brkalloc = ({ state, name, process, operation }: Of<"brkalloc">): readonly Allowed[] => {
  const start = process.break;
  const end = start + pagesIn(operation.length);
  const area: Area = { ...anonymous, start, end };
  const grown = addArea({ ...process, break: end }, area);
  return allow(
    setProcess(state, name, grown),
    { kind: "pointer", pointer: pointerTo(start) },
    "mmap-maps-zeroes",
  );
};

const stackvar = ({ state }: Of<"stackvar">): readonly Allowed[] => {
  const page = layout.stack + layout.stackPages / 2;
  return allow(state, { kind: "pointer", pointer: pointerTo(page) }, "mmap-maps-zeroes");
};

const shmat = ({ state, name, process, operation }: Of<"shmat">): readonly Allowed[] => {
  const { address, length } = operation;
  const pages = pagesIn(length);
  if (address !== null && isTagged(address))
    return failed(state, "ENOMEM", "new-places-are-named-untagged");
  if (length <= 0) return failed(state, "EINVAL", "mmap-refuses-nonsense");
  const spot = spotFor(process, address === null ? [] : ["fixed"], address, pages, pageSize);
  if (spot.kind === "no") return failed(state, "EINVAL", "mmap-refuses-nonsense");
  const { start } = spot;
  if (!isFree(process, start, start + pages))
    return failed(state, "EINVAL", "mmap-refuses-nonsense");
  const [after, file] = anonymousFile(setProcess(state, name, spot.process), pages, "anon");
  const area: Area = {
    ...anonymous,
    start,
    end: start + pages,
    shared: true,
    backing: { file, first: 0 },
  };
  return allow(
    setProcess(after, name, addArea(spot.process, area)),
    { kind: "pointer", pointer: pointerTo(start) },
    "mmap-maps-zeroes",
  );
};

export const mapping = { mmap, munmap, brkalloc, stackvar, shmat };
