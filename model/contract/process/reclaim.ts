/** Pages leave their frames: swap, migration, merging. User space can tell frames, not more. */
import { addressOf, type Pointer } from "../architecture/index.ts";
import { areaAt, areasBetween } from "./areas.ts";
import { type Allowed, type Asked, answered, failed, type Range, returned } from "./asked.ts";
import { entryOf, fresh, pageOfId, setEntry, setPage, zeroPage } from "./changes.ts";
import { pageSize } from "./configuration.ts";
import { cutAt, eligibleBlock } from "./huge.ts";
import { merged } from "./merging.ts";
import type { ReclaimOperation } from "./operations.ts";
import { reach } from "./reach.ts";
import type {
  Area,
  File,
  PageId,
  PageNumber,
  Process,
  ProcessName,
  ProcessState,
} from "./state.ts";
import { entriesBetween, lookUp } from "./table.ts";

type Of<Kind extends ReclaimOperation["kind"]> = Asked<Extract<ReclaimOperation, { kind: Kind }>>;

const numberOf = (pointer: Pointer): PageNumber => Math.floor(addressOf(pointer) / pageSize);

const onSwap: readonly File["system"][] = ["tmpfs", "anon"];

/**
 * The pages of a mapping that are in memory or on swap, and that can go there: its own, and those
 * of a file in memory that it shows.
 */
const pagesOf = (
  state: ProcessState,
  process: Process,
  { backing, start: base, shared }: Area,
  { start, end }: Range,
): readonly (readonly [PageNumber, PageId])[] => {
  const own = shared
    ? []
    : entriesBetween(process.pages, start, end).filter(([, id]) => id !== zeroPage);
  const file = backing && lookUp(state.files, backing.file);
  if (!backing || !file || !onSwap.includes(file.system)) return own;
  const hidden = new Set(own.map(([number]) => number));
  const first = backing.first - base;
  const shown = entriesBetween(file.pages, first + start, first + end)
    .map(([at, id]) => [at - first, id] as const)
    .filter(([number]) => !hidden.has(number));
  return [...own, ...shown];
};

const partOf = (area: Area, { start, end }: Range): Range => ({
  start: Math.max(area.start, start),
  end: Math.min(area.end, end),
});

/** Everything of the range that can go to swap is there; what MADV_FREE gave away is gone. */
export const pagedOut = (state: ProcessState, name: ProcessName, range: Range): ProcessState => {
  const process = state.processes.get(name);
  if (!process) return state;
  const cut = cutAt(cutAt(state, name, range.start), name, range.end);
  return areasBetween(process, range.start, range.end)
    .filter(({ locked, hugetlb }) => state.swapOn && !locked && !hugetlb)
    .flatMap((area) => pagesOf(state, process, area, partOf(area, range)))
    .reduce((so, [number, id]) => {
      const page = pageOfId(so, id);
      if (page.droppable) return setEntry(so, name, number, undefined);
      return setPage(so, id, { ...page, swapped: true, huge: page.huge === "no" ? "no" : "maybe" });
    }, cut);
};

const pageout = ({ state, name, operation }: Of<"pageout">): readonly Allowed[] => {
  const start = numberOf(operation.address);
  const end = Math.ceil((addressOf(operation.address) + operation.length) / pageSize);
  const after = pagedOut(state, name, { start, end });
  const process = after.processes.get(name);
  if (!process) return answered(state, false, "swap-keeps-tags");
  const ids = areasBetween(process, start, end).flatMap((area) =>
    pagesOf(after, process, area, partOf(area, { start, end })),
  );
  const out = ids.length > 0 && ids.every(([, id]) => pageOfId(after, id).swapped);
  return answered(after, out, "swap-keeps-tags");
};

/** Every page comes back, to another frame. */
const swapoff = ({ state }: Of<"swapoff" | "swapon">): readonly Allowed[] => {
  if (!state.swapOn) return failed(state, "EINVAL", "swapoff-keeps-tags");
  const back = entriesBetween(state.pages, 0, state.next).reduce((so, [id, page]) => {
    if (!page.swapped) return so;
    const [after, place] = fresh(so);
    return setPage(after, id, { ...page, place, swapped: false });
  }, state);
  return returned({ ...back, swapOn: false }, 0, "swapoff-keeps-tags");
};

const swapon = ({ state }: Of<"swapoff" | "swapon">): readonly Allowed[] =>
  state.swapOn
    ? failed(state, "EBUSY", "swapoff-keeps-tags")
    : returned({ ...state, swapOn: true }, 0, "swapoff-keeps-tags");

/** The page that a process would find at an address without faulting; null: none. */
const found = (state: ProcessState, process: Process, pointer: Pointer): PageId | null => {
  const number = numberOf(pointer);
  const entry = entryOf(process, number);
  if (entry !== undefined) return entry;
  const area = areaAt(process, number);
  const file = area?.backing && lookUp(state.files, area.backing.file);
  if (!area?.backing || !file) return null;
  return lookUp(file.pages, area.backing.first + number - area.start) ?? null;
};

const present = ({ state, process, operation }: Of<"present">): readonly Allowed[] => {
  const id = found(state, process, operation.address);
  const there = id !== null && !pageOfId(state, id).swapped;
  const own = entryOf(process, numberOf(operation.address)) !== undefined;
  // A page of a file can be in memory without being in this page table.
  return [
    ...answered(state, there, "frames-can-be-told-apart"),
    ...(there && !own ? answered(state, false, "frames-can-be-told-apart") : []),
  ];
};

const migrate = ({ state, name, operation }: Of<"migrate">): readonly Allowed[] => {
  const reached = reach(state, name, numberOf(operation.address), "force-read");
  if (reached.kind !== "page" || reached.id === zeroPage)
    return answered(state, false, "migration-is-silent");
  const [after, place] = fresh(reached.state);
  const page = { ...pageOfId(after, reached.id), place, huge: "no" } as const;
  return answered(setPage(after, reached.id, page), true, "migration-is-silent");
};

const sharedFrame = (state: ProcessState, process: Process, a: Pointer, b: Pointer) => {
  const [left, right] = [found(state, process, a), found(state, process, b)];
  return (
    left !== null && right !== null && pageOfId(state, left).place === pageOfId(state, right).place
  );
};

const ksm = ({ state, name, operation }: Of<"ksm">): readonly Allowed[] => {
  const after = merged(state, operation.zero);
  const process = after.processes.get(name);
  const yes = process !== undefined && sharedFrame(after, process, operation.a, operation.b);
  return answered(after, yes, "tagged-pages-never-merge");
};

/** Zeroes read where a huge page could be may be those of the huge zero page. */
const mayBeHugeZero = (process: Process, pointer: Pointer): boolean => {
  const number = numberOf(pointer);
  const area = areaAt(process, number);
  const reads = entryOf(process, number) === zeroPage;
  return reads && area !== undefined && eligibleBlock(process, area, number) !== null;
};

const pfneq = ({ state, process, operation }: Of<"pfneq">): readonly Allowed[] => {
  const { a, b } = operation;
  const yes = sharedFrame(state, process, a, b);
  const zeroes = numberOf(a) !== numberOf(b) && [a, b].some((at) => mayBeHugeZero(process, at));
  return [
    ...answered(state, yes, "frames-can-be-told-apart"),
    ...(yes && zeroes ? answered(state, false, "frames-can-be-told-apart") : []),
  ];
};

const isthp = ({ state, process, operation }: Of<"isthp">): readonly Allowed[] => {
  const entry = entryOf(process, numberOf(operation.address));
  const known = entry === undefined ? "no" : pageOfId(state, entry).huge;
  const huge = mayBeHugeZero(process, operation.address) ? "maybe" : known;
  return [
    ...(huge === "no" ? [] : answered(state, true, "huge-pages-are-silent")),
    ...(huge === "yes" ? [] : answered(state, false, "huge-pages-are-silent")),
  ];
};

const smaps = ({ state, process, operation }: Of<"smaps">): readonly Allowed[] => {
  const area = areaAt(process, numberOf(operation.address));
  return answered(state, area?.tagged === true, "smaps-shows-prot-mte");
};

export const reclaim = {
  pageout,
  swapoff,
  swapon,
  present,
  migrate,
  ksm,
  pfneq,
  isthp,
  smaps,
};
