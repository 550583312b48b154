/**
 * Claiming tag storage that holds sole copies of swapped pages: each entry of the block has to be
 * written to the device first, which sleeps and can fail. A block without entries is taken at once,
 * under the lock of the index; an atomic claim can do no more than that. Else the claim takes the
 * mutex of claims, keeps stores out of the block, and writes one entry back after the other. It
 * holds the slot meanwhile, and asks again whether the entry is still the one it meant.
 */
import { loadData } from "../hardware/arena.ts";
import { ExtraField } from "../world/extra.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import type { Action, Next, TagStorage, Turn } from "./script.ts";
import {
  countUser,
  invalidatingDataLines,
  isUsedForTags,
  pagesOfBlock,
  takeForTags,
} from "./shared/blocks.ts";
import { emptyStorage } from "./shared/places.ts";
import { releaseScript } from "./shared/releasing.ts";
import { lockSlot, type SwapPool, slotIsFree, unlockSlot } from "./shared/swap-pool.ts";

/** By slot, who works on its page: the folio lock in the swap cache, the actor plus one. */
export const slotHolders = new ExtraField("slotHolders", {
  length: ({ slots }) => slots,
  least: 0,
  most: ({ actors }) => actors.length,
  initially: 0,
  about: { by: ["slot"], names: "actor" },
});

/** The block that is being emptied, plus one: nothing is stored there until its claim is done. */
export const emptiedBlock = new ExtraField("emptiedBlock", {
  length: () => 1,
  least: 0,
  most: ({ geometry }) => geometry.regions.reduce((sum, { storagePages }) => sum + storagePages, 0),
  initially: 0,
  about: { by: [], names: "block" },
});

export const soleCopies: SwapPool = {
  kind: "sole-copies",
  holders: slotHolders,
  accepts: ({ world, site }, storage) =>
    at(emptiedBlock.of(world), 0) !== at(site.blockOfStorage, storage) + 1,
};

const entryInBlock = (turn: Turn): number | undefined =>
  pagesOfBlock(turn).find((storage) => at(turn.world.storage, storage).use === "cached");

/** `actor.moved` is the slot of the entry in `actor.storage` that is to be written back. */
const isStill = ({ world, actor }: Turn): boolean => {
  const { use, key } = at(world.storage, actor.storage);
  return use === "cached" && key === actor.moved;
};

const picking: Action = {
  standsFor: "choosing an entry of the block",
  within: "index",
  do: (turn) => {
    const { world, site, actor } = turn;
    emptiedBlock.of(world)[0] = at(site.blockOf, actor.frame) + 1;
    const entry = entryInBlock(turn);
    actor.storage = entry ?? -1;
    actor.moved = entry === undefined ? -1 : at(world.storage, entry).key;
    return { to: entry === undefined ? "recall" : "lock-entry" };
  },
};

/** The slot is locked so that neither its user nor a new owner comes between entry and device. */
const locking: Action = {
  standsFor: "zswap_writeback_entry(), __read_swap_cache_async() and the check of the entry",
  within: "index",
  sleeps: true,
  when: (turn) => slotIsFree(soleCopies, turn, turn.actor.moved),
  do: (turn) => {
    if (!isStill(turn)) return { to: "pick-entry" };
    lockSlot(soleCopies, turn, turn.actor.moved);
    return { to: "write-entry" };
  },
  unchecked: {
    check: "the entry is the one that was chosen",
    do: (turn) => {
      lockSlot(soleCopies, turn, turn.actor.moved);
      return { to: "write-entry" };
    },
  },
};

const writing: Action = {
  standsFor: "zswap_writeback_entry(), __swap_writepage()",
  sleeps: true,
  decidedBy: "environment",
  choose: ({ site }) => (site.scope.mayFail ? [0, 1] : [0]),
  do: (turn, fails): Next => {
    const { world, site, actor } = turn;
    if (fails) {
      unlockSlot(soleCopies, turn, actor.moved);
      return { to: "unlock-failed", marks: ["write-back-fails"] };
    }
    at(world.slots, actor.moved).bytes = loadData(world, site, actor.storage);
    return { to: "erase-entry" };
  },
};

const erasing: Action = {
  standsFor: "zswap_writeback_entry(), xa_erase()",
  within: "index",
  next: "pick-entry",
  do: (turn) => {
    emptyStorage(turn, turn.actor.storage);
    unlockSlot(soleCopies, turn, turn.actor.moved);
    return { marks: ["claim-writes-an-entry-back"] };
  },
};

/** `actor.count` is 1 while the mutex of claims is held. */
const letGo = ({ world, actor }: Turn): void => {
  emptiedBlock.of(world)[0] = 0;
  actor.count = 0;
  actor.storage = -1;
  actor.moved = -1;
};

/** As in every design: the block is free for entries again when its last user goes. */
export const releasing: TagStorage["release"] = (then) =>
  releaseScript(
    { invalidate: "dcache_inval_tags_poc() on the page", uncount: "block_ref_sub()" },
    emptyStorage,
    then,
  );

export const soleCopyStorage: TagStorage = {
  claim: (then, otherwise) => ({
    entry: "recall",
    actions: {
      recall: {
        standsFor: "reserving tag storage, xa_load() and block_ref_add()",
        takes: "index",
        do: (turn) => {
          if (isUsedForTags(turn)) return { to: "count-user", marks: ["claim-joins-other-users"] };
          if (entryInBlock(turn) !== undefined) return { to: "leave-index" };
          takeForTags(turn);
          return { to: "invalidate-data-lines", marks: ["claim-takes-a-free-block"] };
        },
      },
      "invalidate-data-lines": invalidatingDataLines,
      "count-user": {
        standsFor: "block_ref_add()",
        drops: "index",
        do: (turn) => {
          countUser(turn);
          return { to: turn.actor.count === 1 ? "unlock-claimed" : then };
        },
      },
      "leave-index": {
        standsFor: "reserving tag storage, an entry lies there",
        drops: "index",
        next: "may-sleep",
        do: () => undefined,
      },
      "may-sleep": {
        standsFor: "gfpflags_allow_blocking()",
        do: ({ atomic }) =>
          atomic() ? { to: otherwise, marks: ["claim-gives-up"] } : { to: "lock-blocks" },
      },
      "lock-blocks": {
        standsFor: "reserving tag storage, mutex_lock()",
        takes: "tag-blocks",
        next: "pick-entry",
        do: ({ actor }) => {
          actor.count = 1;
          return undefined;
        },
      },
      "pick-entry": picking,
      "lock-entry": locking,
      "write-entry": writing,
      "erase-entry": erasing,
      "unlock-claimed": {
        standsFor: "reserving tag storage, mutex_unlock()",
        drops: "tag-blocks",
        next: then,
        do: (turn) => {
          letGo(turn);
          return undefined;
        },
      },
      "unlock-failed": {
        standsFor: "reserving tag storage failing, mutex_unlock()",
        drops: "tag-blocks",
        next: otherwise,
        do: (turn) => {
          letGo(turn);
          return { marks: ["claim-gives-up"] };
        },
      },
    },
  }),
  release: releasing,
};

/** Where an actor is while it claims. */
export const soleCopyClaiming: readonly Label[] = [
  "recall",
  "invalidate-data-lines",
  "count-user",
  "leave-index",
  "may-sleep",
  "lock-blocks",
  "pick-entry",
  "lock-entry",
  "write-entry",
  "erase-entry",
  "unlock-claimed",
  "unlock-failed",
];

/** Before and after all entries; for one entry: choose, lock, write, erase. */
export const soleCopyClaimBound = (blockPages: number): number => 9 + 4 * blockPages;
