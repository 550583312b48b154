/** Operations and outcomes with the numbers of a small memory, and messages with those of the log. */
import { match, P } from "ts-pattern";
import type { Operation, Outcome } from "../../model/index.ts";
import {
  largePage,
  largeSlot,
  type Numbering,
  smallFile,
  smallIndex,
  smallPage,
  smallSlot,
} from "./small-memory.ts";

const onPage = P.union(
  "free",
  "migrate",
  "enable-tags",
  "write-tag",
  "read-tag",
  "write-bytes",
  "read-bytes",
);
const onSlot = P.union("swap-in", "share-slot", "free-slot");
const onKey = P.union(
  "read-file",
  "write-file",
  "write-back",
  "direct-write",
  "truncate",
  "evict",
  "put",
  "get",
  "invalidate-page",
  "drop",
);
const onFile = P.union("unlink", "create", "invalidate-object");
const onAll = P.union("allocate", "swapoff", "unmount", "mount", "invalidate-pool");

export const smallOperation = (numbering: Numbering, operation: Operation): Operation => {
  const page = (handle: number) => smallPage(numbering, handle);
  return match(operation)
    .returnType<Operation>()
    .with({ kind: onPage }, (each) => ({ ...each, handle: page(each.handle) }))
    .with({ kind: "copy" }, (each) => ({ ...each, from: page(each.from) }))
    .with({ kind: "copy-again" }, (each) => ({
      ...each,
      from: page(each.from),
      to: page(each.to),
    }))
    .with({ kind: "swap-out" }, (each) => ({ ...each, handles: each.handles.map(page) }))
    .with({ kind: onSlot }, (each) => ({ ...each, slot: smallSlot(numbering, each.slot) }))
    .with({ kind: "restore-again" }, (each) => ({
      ...each,
      slot: smallSlot(numbering, each.slot),
      handle: page(each.handle),
    }))
    .with({ kind: onKey }, (each) => ({
      ...each,
      file: smallFile(numbering, each.file),
      index: smallIndex(numbering, each.file, each.index),
    }))
    .with({ kind: onFile }, (each) => ({ ...each, file: smallFile(numbering, each.file) }))
    .with({ kind: onAll }, (each) => each)
    .exhaustive();
};

const renamed = (
  outcome: Outcome,
  page: (handle: number) => number,
  slot: (slot: number) => number,
): Outcome =>
  match(outcome)
    .returnType<Outcome>()
    .with({ kind: "pages" }, (each) => ({ ...each, handles: each.handles.map(page) }))
    .with({ kind: "page" }, (each) => ({ ...each, handle: page(each.handle) }))
    .with({ kind: "swapped" }, (each) => ({ ...each, slots: each.slots.map(slot) }))
    .otherwise((each) => each);

export const smallOutcome = (numbering: Numbering, outcome: Outcome): Outcome =>
  renamed(
    outcome,
    (handle) => smallPage(numbering, handle),
    (slot) => smallSlot(numbering, slot),
  );

export const largeOutcome = (numbering: Numbering, outcome: Outcome): Outcome =>
  renamed(
    outcome,
    (page) => largePage(numbering, page),
    (slot) => largeSlot(numbering, slot),
  );

/** A cause of the contract names things of the small memory, and stand-ins by their numbers. */
export const inWordsOfLog = (numbering: Numbering, cause: string): string =>
  cause
    .replace(/\bpage (\d+)/g, (_, page: string) => `page ${largePage(numbering, Number(page))}`)
    .replace(/\bslot (\d+)/g, (_, slot: string) => `slot ${largeSlot(numbering, Number(slot))}`)
    .replace(/\btags [\d ]+/g, (tags) => tags.replace(/\b\d{3,}\b/g, "?"))
    .replace(/(?<![\w.])-\d+/g, "unknown ones");
