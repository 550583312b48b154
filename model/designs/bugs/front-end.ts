/** Defects of the cleancache of 2025, as its postings have them or as they are easily made. */
import { at } from "../../world/site.ts";
import { pagesOfBlock } from "../shared/blocks.ts";
import { beforehand, changes, type DesignBug, deciding, replacing } from "./bug.ts";

const designs = ["cleancache-2025"];

/** An invalidation that finds nothing, and so forgets nothing. */
const findsNothing = replacing(["truncate", "direct-write"], "empty-keys", (action) =>
  action.next === undefined ? action : { ...action, do: () => undefined },
);

export const frontEndBugs: readonly DesignBug[] = [
  {
    id: "picked-page-looks-free",
    sentence:
      "A page that a put has picked names no key yet, and is taken back as if it were free.",
    source: "GCMA v2, 2025-10-26: between the pool and the index (G1)",
    story: ["read-file", "evict", "allocate"],
    designs,
    design: replacing(
      null,
      "take-back",
      beforehand((turn) => {
        const page = at(turn.world.storage, at(pagesOfBlock(turn), turn.actor.count));
        if (page.use === "filling") page.use = "free";
      }),
    ),
  },
  {
    id: "nothing-is-invalidated-beneath",
    sentence: "Truncation and direct writes leave the copies of the file where they are.",
    source: "GCMA v2: whole inodes are invalidated for block devices alone (G2)",
    story: ["read-file", "evict", "direct-write", "read-file"],
    designs,
    design: findsNothing,
  },
  {
    id: "inode-address-is-the-key",
    sentence: "A file that is removed leaves its copies to the next file at the same address.",
    source: "GCMA v2: the key is the address of the inode (G2)",
    story: ["read-file", "evict", "unlink", "create", "read-file"],
    designs,
    design: replacing(["unlink"], "empty-keys", (action) =>
      action.next === undefined ? action : { ...action, do: () => undefined },
    ),
  },
  {
    id: "interrupts-stay-on-under-the-locks",
    sentence: "The locks of index and pool are taken with interrupts on.",
    source: "GCMA v1 and v2: plain spinlocks (G10)",
    story: ["read-file", "allocate"],
    designs,
    design: changes((design) => ({
      ...design,
      locks: { ...design.locks, index: "spin", pool: "spin", "tag-blocks": "spin" },
    })),
  },
  {
    id: "page-is-taken-back-while-it-is-read",
    sentence: "A page is taken back without the lock of the index, under which it may be copied.",
    source: "GCMA v2: erased under the lock of the inode's index (I14 of cleancache's)",
    story: ["read-file", "evict", "read-file", "allocate"],
    designs,
    design: replacing(null, "lock-index", ({ within: _without, ...action }) => action),
  },
  {
    id: "unworthy-page-keeps-its-older-copy",
    sentence: "A page that is not worth a copy is skipped, and the older copy of its key stays.",
    source: "Android's GCMA: the corner of the four that others forget",
    story: ["read-file", "evict", "read-file", "write-file", "write-back", "evict"],
    designs,
    design: replacing(
      ["evict"],
      "put-claim",
      deciding((_turn, worth) => (worth ? undefined : { to: "put-dropped" })),
    ),
  },
];
