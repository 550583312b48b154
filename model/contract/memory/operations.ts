/**
 * What a caller can ask, what somebody may decide, and what the caller sees: three unions of plain
 * data. A trace of the contract is a list of `{ operation, choice, outcome }` and nothing else.
 */
import type { Bytes, Handle, Home, Owner, SlotIndex, Tag } from "./state.ts";

/** May the caller sleep? An interrupt, or code that holds a spin lock, may not. */
export type AllocationContext = "sleepable" | "atomic";

export type PageOperation =
  /** 2^order pages for `owner`. Zeroing of bytes and of tags are independent wishes. */
  | {
      readonly kind: "allocate";
      readonly owner: Owner;
      readonly tagged: boolean;
      readonly zeroed: boolean;
      readonly context: AllocationContext;
      readonly order: number;
    }
  | { readonly kind: "free"; readonly handle: Handle }
  /** A silent re-home: the page lies elsewhere afterwards, and no caller can tell. */
  | { readonly kind: "migrate"; readonly handle: Handle };

export type AccessOperation =
  /** PROT_MTE on a page that exists, as far as the next access: the page is tagged afterwards. */
  | { readonly kind: "enable-tags"; readonly handle: Handle }
  | {
      readonly kind: "write-tag";
      readonly handle: Handle;
      readonly granule: number;
      readonly tag: Tag;
    }
  | { readonly kind: "read-tag"; readonly handle: Handle; readonly granule: number }
  | { readonly kind: "write-bytes"; readonly handle: Handle; readonly bytes: Bytes }
  | { readonly kind: "read-bytes"; readonly handle: Handle };

export type CopyOperation =
  /** A new page for `owner` with the bytes and tags of `from` (copy-on-write, fork). */
  | { readonly kind: "copy"; readonly from: Handle; readonly owner: Owner }
  /** The same copy once more, onto the page that it made (a migration that is tried again). */
  | { readonly kind: "copy-again"; readonly from: Handle; readonly to: Handle };

/** How a swapped page comes back. */
export type SwapInPath = "fault" | "swapoff" | "shmem";

export type SwapOperation =
  /** One page, or a whole folio at once. */
  | { readonly kind: "swap-out"; readonly handles: readonly Handle[] }
  /** One user of the slot gets its page back; the last one frees the slot. */
  | {
      readonly kind: "swap-in";
      readonly slot: SlotIndex;
      readonly path: SwapInPath;
      /** Does the page-table entry that asks have PROT_MTE? Tags come back either way. */
      readonly mapping: "tagged" | "untagged";
    }
  /** The tags of the slot are restored a second time onto a page that has them. */
  | { readonly kind: "restore-again"; readonly slot: SlotIndex; readonly handle: Handle }
  | { readonly kind: "share-slot"; readonly slot: SlotIndex }
  | { readonly kind: "free-slot"; readonly slot: SlotIndex }
  /** The swap device is gone when this returns. */
  | { readonly kind: "swapoff" };

export type FileOperation =
  | { readonly kind: "read-file"; readonly file: number; readonly index: number }
  | {
      readonly kind: "write-file";
      readonly file: number;
      readonly index: number;
      readonly bytes: Bytes;
    }
  | { readonly kind: "write-back"; readonly file: number; readonly index: number }
  /** Past the page cache, to the disk. */
  | {
      readonly kind: "direct-write";
      readonly file: number;
      readonly index: number;
      readonly bytes: Bytes;
    }
  /** Cuts off one page (a longer truncation is several); read again it is a hole: zeroes. */
  | { readonly kind: "truncate"; readonly file: number; readonly index: number }
  /** The resident copy leaves the page cache. */
  | { readonly kind: "evict"; readonly file: number; readonly index: number }
  | { readonly kind: "unlink"; readonly file: number }
  /** A new file under the identity (inode number) of one that was unlinked. */
  | { readonly kind: "create"; readonly file: number }
  | { readonly kind: "unmount" }
  | { readonly kind: "mount" };

/** The cleancache interface. A put hands over the bytes of a page that is about to be forgotten. */
export type CacheOperation =
  | { readonly kind: "put"; readonly file: number; readonly index: number; readonly bytes: Bytes }
  | { readonly kind: "get"; readonly file: number; readonly index: number }
  | { readonly kind: "invalidate-page"; readonly file: number; readonly index: number }
  | { readonly kind: "invalidate-object"; readonly file: number }
  | { readonly kind: "invalidate-pool" }
  /** The back end forgets an entry of its own accord, at any time. */
  | { readonly kind: "drop"; readonly file: number; readonly index: number };

export type Operation =
  | PageOperation
  | AccessOperation
  | CopyOperation
  | SwapOperation
  | FileOperation
  | CacheOperation;

/**
 * What somebody decides inside an operation. `placed` and `stored`/`dropped` are the
 * implementer's, `short` (how many taggable pages operations under way hold, neither free nor
 * anybody's) is the environment's.
 */
export type Choice =
  | { readonly kind: "none" }
  | { readonly kind: "placed"; readonly homes: readonly Home[] }
  | { readonly kind: "short"; readonly inFlight: number }
  | { readonly kind: "stored" }
  | { readonly kind: "dropped" };

/**
 * What is seen of a page at the moment it is handed over; a field left out was not looked at.
 * Bytes that nobody zeroed and nobody looked at count as zeroes: look before you read them.
 */
export type Seen = {
  readonly tagged?: boolean;
  readonly tags?: readonly Tag[];
  readonly bytes?: Bytes;
};

export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "pages"; readonly handles: readonly Handle[]; readonly seen: readonly Seen[] }
  | { readonly kind: "page"; readonly handle: Handle; readonly seen: Seen }
  | { readonly kind: "no-memory" }
  | { readonly kind: "tag"; readonly tag: Tag }
  | { readonly kind: "bytes"; readonly bytes: Bytes }
  | { readonly kind: "swapped"; readonly slots: readonly SlotIndex[] }
  /** `entriesLeft`: saved tags that can still be found under the slots of the failed attempt. */
  | { readonly kind: "save-failed"; readonly entriesLeft: number }
  | { readonly kind: "hit"; readonly bytes: Bytes }
  /** `touched`: the caller's page is no longer what it was. */
  | { readonly kind: "miss"; readonly touched: boolean }
  | { readonly kind: "slot"; readonly freed: boolean }
  | { readonly kind: "failed" };

export const noChoice: Choice = { kind: "none" };
export const done: Outcome = { kind: "done" };
export const noMemory: Outcome = { kind: "no-memory" };
