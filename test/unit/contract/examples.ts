/** One plain value of every kind that a trace can hold, each with the clause that tells it. */
import type { Choice, Operation, Outcome } from "../../../model/contract/index.ts";
import { allocate, getsPages, placed, short, swapIn } from "./happenings.ts";

const page = { handle: 2 };
const slot = { slot: 1 };
const file = { file: 3 };
const key = { file: 3, index: 4 };

export const operations: readonly (readonly [Operation, string])[] = [
  [allocate(), "allocates a tagged page, zeroed, for owner 1 in sleepable context"],
  [{ kind: "free", ...page }, "frees page 2"],
  [{ kind: "migrate", ...page }, "migrates page 2"],
  [{ kind: "enable-tags", ...page }, "enables tags on page 2"],
  [{ kind: "write-tag", ...page, granule: 5, tag: 6 }, "writes tag 6 to granule 5 of page 2"],
  [{ kind: "read-tag", ...page, granule: 5 }, "reads the tag of granule 5 of page 2"],
  [{ kind: "write-bytes", ...page, bytes: 7 }, "writes bytes 7 to page 2"],
  [{ kind: "read-bytes", ...page }, "reads the bytes of page 2"],
  [{ kind: "copy", from: 2, owner: 8 }, "copies page 2 for owner 8"],
  [{ kind: "copy-again", from: 2, to: 9 }, "copies page 2 onto page 9 again"],
  [{ kind: "swap-out", handles: [2, 9] }, "swaps pages 2 9 out"],
  [swapIn(1), "swaps slot 1 in by a fault, for a tagged mapping"],
  [{ kind: "restore-again", ...slot, ...page }, "restores the tags of slot 1 onto page 2 again"],
  [{ kind: "share-slot", ...slot }, "shares slot 1 with one more user"],
  [{ kind: "free-slot", ...slot }, "drops one use of slot 1"],
  [{ kind: "swapoff" }, "takes the swap device away"],
  [{ kind: "read-file", ...key }, "reads page 4 of file 3"],
  [{ kind: "write-file", ...key, bytes: 7 }, "writes bytes 7 to page 4 of file 3"],
  [{ kind: "write-back", ...key }, "writes page 4 of file 3 back to the disk"],
  [
    { kind: "direct-write", ...key, bytes: 7 },
    "writes bytes 7 straight to the disk under page 4 of file 3",
  ],
  [{ kind: "truncate", ...key }, "cuts off page 4 of file 3"],
  [{ kind: "evict", ...key }, "evicts page 4 of file 3 from the page cache"],
  [{ kind: "unlink", ...file }, "unlinks file 3"],
  [{ kind: "create", ...file }, "creates a new file 3"],
  [{ kind: "unmount" }, "unmounts the file system"],
  [{ kind: "mount" }, "mounts the file system"],
  [{ kind: "put", ...key, bytes: 7 }, "puts page 4 of file 3, holding bytes 7"],
  [{ kind: "get", ...key }, "gets page 4 of file 3"],
  [{ kind: "invalidate-page", ...key }, "invalidates page 4 of file 3"],
  [{ kind: "invalidate-object", ...file }, "invalidates every page of file 3"],
  [{ kind: "invalidate-pool" }, "invalidates the whole pool"],
  [{ kind: "drop", ...key }, "drops the cached copy of page 4 of file 3"],
];

export const choices: readonly (readonly [Choice, string])[] = [
  [{ kind: "none" }, "nothing is left to decide"],
  [placed("taggable", "untaggable"), "placed in taggable memory and memory without tags"],
  [short(2), "2 operations under way could hold pages"],
  [{ kind: "stored" }, "the cache stores it"],
  [{ kind: "dropped" }, "the cache does not store it"],
];

const seen = { tagged: true, tags: [5, 0], bytes: 7 };

export const outcomes: readonly (readonly [Outcome, string])[] = [
  [{ kind: "done" }, "sees it done"],
  [getsPages([2, 9], seen, seen), "gets pages 2 9: tags 5 0, bytes 7"],
  [{ kind: "page", handle: 2, seen }, "gets page 2: tags 5 0, bytes 7"],
  [{ kind: "no-memory" }, "is told there is no memory"],
  [{ kind: "tag", tag: 6 }, "reads tag 6"],
  [{ kind: "bytes", bytes: 7 }, "reads bytes 7"],
  [{ kind: "swapped", slots: [1] }, "gets slot 1"],
  [
    { kind: "save-failed", entriesLeft: 2 },
    "is told that saving failed, and 2 saved tags can still be found",
  ],
  [{ kind: "hit", bytes: 7 }, "hits and gets bytes 7"],
  [{ kind: "miss", touched: false }, "misses"],
  [{ kind: "slot", freed: true }, "frees the slot"],
  [{ kind: "failed" }, "sees it fail"],
];
