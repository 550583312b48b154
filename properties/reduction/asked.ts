/** What an operation was asked to work on, and which of it still counts while it is under way. */
import { type Actor, at, type Job, type Label, labels } from "../../model/index.ts";

/** The page is on its way to the free list, or the slot is: nobody asks any more which it was. */
const forgetsHandle: ReadonlySet<Label> = new Set(["invalidate-tag-lines", "uncount", "give-back"]);
const forgetsSlot: ReadonlySet<Label> = new Set([...forgetsHandle, "map-swapped"]);

/**
 * What an actor still knows of the names that it began with. A fault that replaced a page gives the
 * old one back and goes on with the handle.
 */
export const remembers = (
  { kind }: Job,
  { label }: Actor,
): { readonly handle: boolean; readonly slot: boolean } => {
  const name = at(labels, label);
  return {
    handle: kind === "enable-tags" || !forgetsHandle.has(name),
    slot: !forgetsSlot.has(name),
  };
};

/** The handle or slot that an operation was asked for. */
type Asked = { readonly of: "handle" | "slot"; readonly name: number };

const askedOf = (operation: Job): Asked | null => {
  switch (operation.kind) {
    case "copy":
      return { of: "handle", name: operation.from };
    case "swap-out":
      return { of: "handle", name: at(operation.handles, 0) };
    case "swap-in":
      return { of: "slot", name: operation.slot };
    default:
      return "handle" in operation ? { of: "handle", name: operation.handle } : null;
  }
};

/** The same operation on another handle or slot. */
const onAnother = (operation: Job, name: number): Job => {
  switch (operation.kind) {
    case "copy":
      return { ...operation, from: name };
    case "swap-out":
      return { ...operation, handles: [name] };
    case "swap-in":
      return { ...operation, slot: name };
    default:
      return "handle" in operation ? { ...operation, handle: name } : operation;
  }
};

/** The handle or slot that an actor was asked to work on, if that still counts. */
export const askedBy = (operation: Job, actor: Actor): Asked | null => {
  const asked = askedOf(operation);
  return asked && remembers(operation, actor)[asked.of] ? asked : null;
};

/** What is said in an operation of file pages and owners, under other names. */
export type Said = {
  readonly key: (key: number) => number;
  readonly file: (file: number) => number;
  readonly owner: (owner: number) => number;
  readonly pagesPerFile: number;
};

/** The same operation, said by another, on another handle or slot, of another file page. */
export const saidOf = (job: Job, name: number | null, said: Said): Job => {
  const operation = name === null ? job : onAnother(job, name);
  if ("owner" in operation) return { ...operation, owner: said.owner(operation.owner) };
  if (!("file" in operation)) return operation;
  if (!("index" in operation)) return { ...operation, file: said.file(operation.file) };
  const key = said.key(operation.file * said.pagesPerFile + operation.index);
  const file = Math.floor(key / said.pagesPerFile);
  return { ...operation, file, index: key % said.pagesPerFile };
};

/** Operations on files have a storage page in `target`, all others a place. */
export const isOfFiles = (operation: Job): boolean =>
  "file" in operation || operation.kind === "mount" || operation.kind === "unmount";
