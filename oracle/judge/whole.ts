/**
 * Operations on everything: a file with all its pages, the file system, the pool, the swap device.
 * They do the same to each thing, whatever the others are, so each group is judged by itself and
 * the product of groups stays one.
 */
import {
  type EmptyBecause,
  emptyBecause,
  type FilePage,
  freshFilePage,
  type Operation,
} from "../../model/index.ts";
import { type Complaint, explainedFrom, type Setting } from "./explain.ts";
import { Group } from "./group.ts";
import type { Observed, Part } from "./part.ts";
import { type Names, noNames } from "./piece.ts";
import type { FlatFile, Store } from "./store.ts";

export type WholeOperation = Extract<
  Operation,
  { kind: "unlink" | "unmount" | "invalidate-object" | "invalidate-pool" | "swapoff" }
>;

export const isWhole = (operation: Operation): operation is WholeOperation =>
  /^(unlink|unmount|invalidate-object|invalidate-pool|swapoff)$/.test(operation.kind);

type Judging = {
  readonly store: Store;
  readonly operation: WholeOperation;
  readonly observed: Observed;
  readonly setting: Omit<Setting, "left">;
};

const names = ({ operation }: Judging): Names => {
  if (operation.kind === "unlink")
    return { ...noNames, files: [operation.file], mount: ["mounted"] };
  return operation.kind === "unmount" ? { ...noNames, mount: ["mounted"] } : noNames;
};

/** Judges one group, which need not hold all that the operation is about. */
const judgeGroup = (judging: Judging, group: Group): Complaint | null => {
  const { store, operation, observed, setting } = judging;
  const part: Part = { operation, choice: undefined, observed, names: group.names };
  const full = { ...setting, left: { least: 0, most: store.limits.taggablePages } };
  const found = group.pieces.map((piece) => explainedFrom(part, group.names, piece, full));
  const pieces = found.flatMap((each) => each.pieces);
  const [complaint] = found.flatMap((each) => each.complaints);
  if (pieces.length === 0 && complaint) return complaint;
  store.replace(group, pieces);
  return null;
};

/** What there is to the operation beyond single pages: whether it may be asked at all. */
const judgeAsking = (judging: Judging): Complaint | null => {
  const { store, operation, observed, setting } = judging;
  const gathered = store.gather(names(judging));
  const part: Part = { operation, choice: undefined, observed, names: gathered.group.names };
  const full = { ...setting, left: gathered.left };
  const found = gathered.group.pieces.map((piece) =>
    explainedFrom(part, gathered.group.names, piece, full),
  );
  const pieces = found.flatMap((each) => each.pieces);
  const [complaint] = found.flatMap((each) => each.complaints);
  if (pieces.length === 0 && complaint) return complaint;
  store.commit(gathered, gathered.group.names, pieces);
  return null;
};

const emptied = (page: FilePage, because: EmptyBecause): FilePage =>
  page.cached.kind === "holds" ? { ...page, cached: emptyBecause(because) } : page;

/** What becomes of a page that is certain. */
const pageAfter = ({ operation }: Judging, page: FilePage): FilePage => {
  switch (operation.kind) {
    case "unlink":
      return { ...freshFilePage, cached: emptyBecause("unlinked") };
    case "unmount":
      return { ...freshFilePage, disk: page.disk, cached: emptyBecause("unmounted") };
    default:
      return emptied(page, "invalidated");
  }
};

/** Groups of uncertain pages, and what every certain one becomes. */
const judgeFile = (judging: Judging, file: FlatFile): Complaint | null => {
  const groups = new Set<Group>();
  for (const [index, page] of file.pages)
    if (page instanceof Group) groups.add(page);
    else {
      const after = pageAfter(judging, page);
      if (after !== page) file.pages.set(index, after);
    }
  if (file.rest !== null) file.rest = pageAfter(judging, file.rest);
  for (const group of groups) {
    const complaint = judgeGroup(judging, group);
    if (complaint) return complaint;
  }
  return null;
};

const dirty = ({ files }: Store): boolean => {
  for (const { pages } of files.values())
    for (const page of pages.values())
      if (!(page instanceof Group) && page.resident?.dirty) return true;
  return false;
};

const judgeFiles = (judging: Judging): Complaint | null => {
  const { store, operation, setting } = judging;
  if (operation.kind === "unmount" && dirty(store) && !setting.off.has("no-dirty-data-is-dropped"))
    return { kind: "refused", rule: "no-dirty-data-is-dropped", cause: "a page is dirty" };
  if ("file" in operation) return judgeFile(judging, store.file(operation.file));
  for (const file of [...store.files.values()]) {
    const complaint = judgeFile(judging, file);
    if (complaint) return complaint;
  }
  if (store.fileRest !== null) store.fileRest = pageAfter(judging, store.fileRest);
  return null;
};

/** Swapoff changes nothing: it may return only when no slot is in use. */
const judgeSwapoff = (judging: Judging): Complaint | null => {
  const { store, setting } = judging;
  const groups = new Set<Group>();
  let used = -1;
  for (const [slot, held] of store.slots)
    if (held instanceof Group) groups.add(held);
    else if (held !== null && (used === -1 || slot < used)) used = slot;
  if (used !== -1 && !setting.off.has("swapoff-leaves-no-slot"))
    return { kind: "refused", rule: "swapoff-leaves-no-slot", cause: `slot ${used} is in use` };
  for (const group of groups) {
    const complaint = judgeGroup(judging, group);
    if (complaint) return complaint;
  }
  store.slots.clear();
  store.slotsUnknown = false;
  store.straySlots = 0;
  return null;
};

/** Nobody knows whether it happened: of what it may have changed nothing is known. */
const forgotten = ({ store, operation }: Judging): void => {
  if (operation.kind === "unlink" || operation.kind === "invalidate-object") {
    const file = store.file(operation.file);
    for (const index of [...file.pages.keys()])
      store.forget({ ...noNames, keys: [{ file: operation.file, index }] });
    store.forget({ ...noNames, files: [operation.file] });
    file.rest = null;
  } else if (operation.kind !== "swapoff") store.forgetFiles();
};

/** `null`: explained, and done to every thing. */
export const judgeWhole = (judging: Judging): Complaint | null => {
  const { operation, observed } = judging;
  if (observed === "unknown") {
    forgotten(judging);
    return null;
  }
  const complaint = judgeAsking(judging);
  if (complaint) return complaint;
  return operation.kind === "swapoff" ? judgeSwapoff(judging) : judgeFiles(judging);
};
