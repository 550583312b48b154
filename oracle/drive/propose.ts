/**
 * What may be asked now: for each kind of operation one that is possible in this state, drawn so
 * that pages, slots and file pages are used again and again.
 */
import {
  type FilePage,
  freeTaggablePages,
  type Handle,
  type Limits,
  type Memory,
  type Operation,
  type SlotIndex,
} from "../../model/index.ts";
import type { Capabilities, OperationKind } from "../protocol/capabilities.ts";
import type { Draw } from "./draw.ts";

export type Possible = {
  readonly draw: Draw;
  readonly limits: Limits;
  readonly memory: Memory;
  readonly capabilities: Capabilities;
};

type Where = { readonly file: number; readonly index: number };

/** Few values meet by chance, many are never told apart from what they should not be. */
const mostContents = 250;

export const contents = ({ draw, capabilities }: Possible): number =>
  draw.between(0, Math.min(capabilities.largestContents, mostContents));

const handlesWhere = (
  { memory }: Possible,
  fits: (page: Memory["pages"][number]) => boolean,
): readonly Handle[] => memory.pages.flatMap((page, handle) => (fits(page) ? [handle] : []));

export const live = (possible: Possible): readonly Handle[] =>
  handlesWhere(possible, (page) => page !== null);
const tagged = (possible: Possible): readonly Handle[] =>
  handlesWhere(possible, (page) => page?.tagged === true);

const usedSlots = ({ memory }: Possible): readonly number[] =>
  memory.slots.flatMap((slot, index) => (slot ? [index] : []));
const freeSlots = ({ memory }: Possible): number =>
  memory.slots.filter((slot) => slot === null).length;

/** Pages of files that exist, on a file system that is mounted. */
export const filePages = (
  { memory }: Pick<Possible, "memory">,
  fits: (page: FilePage) => boolean,
): readonly Where[] =>
  memory.mounted
    ? memory.files.flatMap(({ exists, pages }, file) =>
        exists ? pages.flatMap((page, index) => (fits(page) ? [{ file, index }] : [])) : [],
      )
    : [];

const filesThat = ({ memory }: Possible, exist: boolean): readonly number[] =>
  memory.mounted
    ? memory.files.flatMap(({ exists }, file) => (exists === exist ? [file] : []))
    : [];

export const someDirty = ({ memory }: Pick<Possible, "memory">): boolean =>
  filePages({ memory }, ({ resident }) => resident?.dirty === true).length > 0;

export const on = <T>(chosen: T | null, make: (chosen: T) => Operation): Operation | null =>
  chosen === null ? null : make(chosen);

export type Proposing = (possible: Possible) => Operation | null;
type OneKind<Kind extends OperationKind> = Extract<Operation, { readonly kind: Kind }>;

const onLivePage =
  (kind: "free" | "migrate" | "read-bytes"): Proposing =>
  (possible) =>
    on(possible.draw.pick(live(possible)), (handle) => ({ kind, handle }));

const onFilePage =
  (kind: "read-file" | "truncate" | "drop" | "get" | "invalidate-page"): Proposing =>
  (possible) =>
    on(somewhere(possible), (where) => ({ kind, ...where }));

const onDisk =
  (kind: "write-file" | "direct-write"): Proposing =>
  (possible) =>
    on(somewhere(possible), (where) => ({ kind, ...where, bytes: contents(possible) }));

const somewhere = (possible: Possible): Where | null =>
  possible.draw.pick(filePages(possible, () => true));

export const isDirty = ({ resident }: FilePage): boolean => resident?.dirty === true;
export const isClean = ({ resident }: FilePage): boolean => resident?.dirty === false;

export const onResident =
  (kind: "write-back" | "evict", fits: (page: FilePage) => boolean): Proposing =>
  (possible) =>
    on(possible.draw.pick(filePages(possible, fits)), (where) => ({ kind, ...where }));

export const onFile =
  (kind: "unlink" | "invalidate-object" | "create", exists: boolean): Proposing =>
  (possible) =>
    on(possible.draw.pick(filesThat(possible, exists)), (file) => ({ kind, file }));

const ownerIn = ({ draw, capabilities }: Possible): number =>
  draw.between(0, capabilities.owners - 1);
const granuleIn = ({ draw, limits }: Possible): number =>
  draw.between(0, limits.granulesPerPage - 1);

/** Full memory is asked for a page now and then only. */
const whileFull = 25;

const allocation: Proposing = (possible) => {
  const { draw, capabilities, limits, memory } = possible;
  if (freeTaggablePages(limits, memory) <= 0 && !draw.some(whileFull)) return null;
  return {
    kind: "allocate",
    owner: ownerIn(possible),
    tagged: draw.some(60),
    zeroed: draw.some(75),
    context: draw.pick(capabilities.contexts) ?? "sleepable",
    order: draw.some(80) ? 0 : draw.between(0, capabilities.largestOrder),
  };
};

const enabling: Proposing = (possible) => {
  const { draw, memory } = possible;
  const untagged = live(possible).filter((handle) => !memory.pages[handle]?.tagged);
  const again = untagged.length === 0 || draw.some(20);
  const handle = draw.pick(again ? live(possible) : untagged);
  return on(handle, (chosen) => ({ kind: "enable-tags", handle: chosen }));
};

const copyingAgain: Proposing = (possible) => {
  const { draw, memory } = possible;
  const copies = live(possible).flatMap((to) => {
    const from = memory.pages[to]?.copyOf ?? null;
    return from === null || !memory.pages[from] ? [] : [{ from, to }];
  });
  return on(draw.pick(copies), (pair) => ({ kind: "copy-again", ...pair }));
};

const swappingOut: Proposing = (possible) => {
  const { draw, capabilities } = possible;
  const most = Math.min(capabilities.largestFolio, freeSlots(possible));
  const handles = draw.shuffled(live(possible)).slice(0, draw.between(1, Math.max(1, most)));
  return most === 0 || handles.length === 0 ? null : { kind: "swap-out", handles };
};

export const swappingIn = (
  { draw, capabilities }: Possible,
  slots: readonly SlotIndex[],
): Operation | null =>
  on(draw.pick(slots), (slot): OneKind<"swap-in"> => {
    const path = draw.pick(capabilities.swapInPaths) ?? "fault";
    return { kind: "swap-in", slot, path, mapping: draw.some(70) ? "tagged" : "untagged" };
  });

const restoringAgain: Proposing = (possible) => {
  const { draw, memory } = possible;
  const pairs = usedSlots(possible).flatMap((slot) => {
    const fitting = memory.slots[slot]?.tags === null ? live(possible) : tagged(possible);
    return fitting.map((handle) => ({ slot, handle }));
  });
  return on(draw.pick(pairs), (pair) => ({ kind: "restore-again", ...pair }));
};

const sharing: Proposing = (possible) => {
  const { draw, memory, limits, capabilities } = possible;
  const most = Math.min(capabilities.mostSharers, limits.handles);
  const open = usedSlots(possible).filter((slot) => (memory.slots[slot]?.sharers ?? 0) < most);
  return on(draw.pick(open), (slot) => ({ kind: "share-slot", slot }));
};

/** Half of the time one of which there is a copy already: what becomes of that? */
const putting: Proposing = (possible) => {
  const { draw, memory } = possible;
  const clean = filePages(possible, isClean);
  const copied = clean.filter(
    ({ file, index }) => memory.files[file]?.pages[index]?.cached.kind === "holds",
  );
  return on(draw.pick(copied.length > 0 && draw.some(50) ? copied : clean), (where) => {
    const bytes = memory.files[where.file]?.pages[where.index]?.resident?.bytes ?? 0;
    return { kind: "put", ...where, bytes };
  });
};

const proposals: Readonly<Record<OperationKind, Proposing>> = {
  allocate: allocation,
  free: onLivePage("free"),
  migrate: onLivePage("migrate"),
  "enable-tags": enabling,
  "write-tag": (possible) =>
    on(possible.draw.pick(tagged(possible)), (handle) => ({
      kind: "write-tag",
      handle,
      granule: granuleIn(possible),
      tag: possible.draw.between(0, possible.capabilities.largestTag),
    })),
  "read-tag": (possible) =>
    on(possible.draw.pick(tagged(possible)), (handle) => ({
      kind: "read-tag",
      handle,
      granule: granuleIn(possible),
    })),
  "write-bytes": (possible) =>
    on(possible.draw.pick(live(possible)), (handle) => ({
      kind: "write-bytes",
      handle,
      bytes: contents(possible),
    })),
  "read-bytes": onLivePage("read-bytes"),
  copy: (possible) =>
    on(possible.draw.pick(live(possible)), (from) => ({
      kind: "copy",
      from,
      owner: ownerIn(possible),
    })),
  "copy-again": copyingAgain,
  "swap-out": swappingOut,
  "swap-in": (possible) => swappingIn(possible, usedSlots(possible)),
  "restore-again": restoringAgain,
  "share-slot": sharing,
  "free-slot": (possible) =>
    on(possible.draw.pick(usedSlots(possible)), (slot) => ({ kind: "free-slot", slot })),
  swapoff: (possible) => (usedSlots(possible).length === 0 ? { kind: "swapoff" } : null),
  "read-file": onFilePage("read-file"),
  "write-file": onDisk("write-file"),
  "write-back": onResident("write-back", isDirty),
  "direct-write": onDisk("direct-write"),
  truncate: onFilePage("truncate"),
  evict: onResident("evict", isClean),
  unlink: onFile("unlink", true),
  create: onFile("create", false),
  unmount: (possible) =>
    possible.memory.mounted && !someDirty(possible) ? { kind: "unmount" } : null,
  mount: ({ memory }) => (memory.mounted ? null : { kind: "mount" }),
  put: putting,
  get: onFilePage("get"),
  "invalidate-page": onFilePage("invalidate-page"),
  "invalidate-object": onFile("invalidate-object", true),
  "invalidate-pool": ({ memory }) => (memory.mounted ? { kind: "invalidate-pool" } : null),
  drop: onFilePage("drop"),
};

/** An operation of this kind that somebody may ask now; null where there is none. */
export const propose = (kind: OperationKind, possible: Possible): Operation | null =>
  proposals[kind](possible);
