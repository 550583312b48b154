/** What nobody may ask now: pages, slots and files that are not there, or not in that state. */
import type { Handle, Operation, SlotIndex } from "../../model/index.ts";
import type { OperationKind } from "../protocol/capabilities.ts";
import {
  contents,
  isClean,
  isDirty,
  live,
  on,
  onFile,
  onResident,
  type Possible,
  type Proposing,
  someDirty,
  swappingIn,
} from "./propose.ts";

const upTo = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

const deadPage = ({ draw, limits, memory }: Possible): Handle | null =>
  draw.pick(upTo(limits.handles).filter((handle) => !memory.pages[handle]));
const unusedSlots = ({ limits, memory }: Possible): readonly SlotIndex[] =>
  upTo(limits.slots).filter((slot) => !memory.slots[slot]);
/** A page without tags, or none at all. */
const pageWithoutTags = (possible: Possible): Handle | null => {
  const untagged = live(possible).filter((handle) => !possible.memory.pages[handle]?.tagged);
  return possible.draw.pick(untagged) ?? deadPage(possible);
};

const onDeadPage =
  (kind: "free" | "migrate" | "read-bytes" | "enable-tags"): Proposing =>
  (possible) =>
    on(deadPage(possible), (handle) => ({ kind, handle }));

const onUnusedSlot =
  (kind: "share-slot" | "free-slot"): Proposing =>
  (possible) =>
    on(possible.draw.pick(unusedSlots(possible)), (slot) => ({ kind, slot }));

const wrongProposals: Readonly<Partial<Record<OperationKind, Proposing>>> = {
  free: onDeadPage("free"),
  migrate: onDeadPage("migrate"),
  "enable-tags": onDeadPage("enable-tags"),
  "read-bytes": onDeadPage("read-bytes"),
  "write-bytes": (possible) =>
    on(deadPage(possible), (handle) => ({
      kind: "write-bytes",
      handle,
      bytes: contents(possible),
    })),
  copy: (possible) => on(deadPage(possible), (from) => ({ kind: "copy", from, owner: 0 })),
  "read-tag": (possible) =>
    on(pageWithoutTags(possible), (handle) => ({ kind: "read-tag", handle, granule: 0 })),
  "write-tag": (possible) =>
    on(pageWithoutTags(possible), (handle) => ({
      kind: "write-tag",
      handle,
      granule: 0,
      tag: 1,
    })),
  "swap-out": (possible) =>
    on(deadPage(possible), (handle) => ({ kind: "swap-out", handles: [handle] })),
  "swap-in": (possible) => swappingIn(possible, unusedSlots(possible)),
  "share-slot": onUnusedSlot("share-slot"),
  "free-slot": onUnusedSlot("free-slot"),
  "write-back": onResident("write-back", (page) => !isDirty(page)),
  evict: onResident("evict", (page) => !isClean(page)),
  create: onFile("create", true),
  unlink: onFile("unlink", false),
  mount: ({ memory }) => (memory.mounted ? { kind: "mount" } : null),
  unmount: (possible) =>
    possible.memory.mounted && !someDirty(possible) ? null : { kind: "unmount" },
};

/** An operation of this kind that nobody may ask now; null where the kind has none. */
export const proposeWrong = (kind: OperationKind, possible: Possible): Operation | null =>
  wrongProposals[kind]?.(possible) ?? null;
