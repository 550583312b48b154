/**
 * Operations as four small numbers: a kind and up to three arguments. One table says which fields of
 * an operation they are, in both directions.
 */
import type { Job, Operation } from "../model/index.ts";
import { codesOf } from "./columns.ts";

/** What an actor can be asked to do, and what happens inside of it; in the order of their codes. */
export const operationKinds = [
  "none",
  "allocate",
  "free",
  "migrate",
  "enable-tags",
  "write-tag",
  "read-tag",
  "write-bytes",
  "read-bytes",
  "copy",
  "swap-out",
  "swap-in",
  "share-slot",
  "free-slot",
  "read-file",
  "write-file",
  "write-back",
  "direct-write",
  "truncate",
  "evict",
  "unlink",
  "create",
  "unmount",
  "mount",
  "put",
  "get",
  "invalidate-page",
  "drop",
] as const satisfies readonly (Operation["kind"] | "none")[];

type PackedKind = (typeof operationKinds)[number];
export const kindOf = codesOf(operationKinds);

export type PackedOperation = readonly [kind: number, first: number, second: number, third: number];

/** Wishes of an allocation, as bits of its second argument. */
export const wish = { tagged: 1, zeroed: 2, atomic: 4 } as const;

export const swapInPaths = ["fault", "swapoff", "shmem"] as const;

const packed = (kind: PackedKind, first = 0, second = 0, third = 0): PackedOperation => [
  kindOf[kind],
  first,
  second,
  third,
];

/** The packed form; null for what no packed script stands for. */
export const packOperation = (operation: Job): PackedOperation | null => {
  switch (operation.kind) {
    case "allocate": {
      const wishes =
        (operation.tagged ? wish.tagged : 0) |
        (operation.zeroed ? wish.zeroed : 0) |
        (operation.context === "atomic" ? wish.atomic : 0);
      return operation.order === 0 ? packed("allocate", operation.owner, wishes) : null;
    }
    case "free":
    case "migrate":
    case "enable-tags":
    case "read-bytes":
      return packed(operation.kind, operation.handle);
    case "write-tag":
      return packed("write-tag", operation.handle, operation.granule, operation.tag);
    case "read-tag":
      return packed("read-tag", operation.handle, operation.granule);
    case "write-bytes":
      return packed("write-bytes", operation.handle, operation.bytes);
    case "copy":
      return packed("copy", operation.from, operation.owner);
    case "swap-out":
      return operation.handles.length === 1 ? packed("swap-out", operation.handles[0]) : null;
    case "swap-in": {
      const path = swapInPaths.indexOf(operation.path);
      return packed("swap-in", operation.slot, path, operation.mapping === "tagged" ? 1 : 0);
    }
    case "share-slot":
    case "free-slot":
      return packed(operation.kind, operation.slot);
    case "write-file":
    case "direct-write":
    case "put":
      return packed(operation.kind, operation.file, operation.index, operation.bytes);
    case "read-file":
    case "write-back":
    case "truncate":
    case "evict":
    case "get":
    case "invalidate-page":
    case "drop":
      return packed(operation.kind, operation.file, operation.index);
    case "unlink":
    case "create":
      return packed(operation.kind, operation.file);
    case "unmount":
    case "mount":
      return packed(operation.kind);
    case "copy-again":
    case "restore-again":
    case "swapoff":
    case "invalidate-object":
    case "invalidate-pool":
    case "work":
      return null;
  }
};

/** The operation again, as the contract writes it. */
export const unpackOperation = ([kind, first, second, third]: PackedOperation): Operation => {
  const name = operationKinds[kind] ?? "none";
  switch (name) {
    case "none":
      throw new RangeError("nothing was asked");
    case "allocate":
      return {
        kind: name,
        owner: first,
        tagged: (second & wish.tagged) > 0,
        zeroed: (second & wish.zeroed) > 0,
        context: (second & wish.atomic) > 0 ? "atomic" : "sleepable",
        order: 0,
      };
    case "free":
    case "migrate":
    case "enable-tags":
    case "read-bytes":
      return { kind: name, handle: first };
    case "write-tag":
      return { kind: name, handle: first, granule: second, tag: third };
    case "read-tag":
      return { kind: name, handle: first, granule: second };
    case "write-bytes":
      return { kind: name, handle: first, bytes: second };
    case "copy":
      return { kind: name, from: first, owner: second };
    case "swap-out":
      return { kind: name, handles: [first] };
    case "swap-in": {
      const path = swapInPaths[second] ?? "fault";
      return { kind: name, slot: first, path, mapping: third === 1 ? "tagged" : "untagged" };
    }
    case "share-slot":
    case "free-slot":
      return { kind: name, slot: first };
    case "write-file":
    case "direct-write":
    case "put":
      return { kind: name, file: first, index: second, bytes: third };
    case "read-file":
    case "write-back":
    case "truncate":
    case "evict":
    case "get":
    case "invalidate-page":
    case "drop":
      return { kind: name, file: first, index: second };
    case "unlink":
    case "create":
      return { kind: name, file: first };
    case "unmount":
    case "mount":
      return { kind: name };
  }
};
