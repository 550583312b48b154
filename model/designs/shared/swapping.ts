/**
 * Swap. Tags are saved beside the slot before the page goes (arch_prepare_to_swap), restored before
 * the slot is freed (arch_swap_restore before swap_free), and die with the slot.
 */
import { loadTags, storeTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import { junk, nothing, type SwapSlot } from "../../world/world.ts";
import {
  type Actions,
  commit,
  type Next,
  type Script,
  type Turn,
  the,
  together,
} from "../script.ts";
import { givingBack, letsStorageGo } from "./memory.ts";
import { type MovingDesign, stashing } from "./moving.ts";
import {
  freeFrames,
  givePlaceBack,
  hold,
  isStorage,
  letGo,
  loadPlace,
  noMemoryCommit,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
  waitsForStash,
} from "./places.ts";
import { claimForAllocation } from "./reserving.ts";
import {
  forgetEntry,
  loadScript,
  lockSlot,
  type SwapPool,
  slotIsFree,
  storeScript,
  unlockSlot,
} from "./swap-pool.ts";

const emptySlot = (slot: SwapSlot): void => {
  slot.sharers = 0;
  slot.owner = -1;
  slot.busy = false;
  slot.saved = false;
  slot.tags.fill(nothing);
  slot.bytes = junk;
};

export const freeSlotOf = ({ world }: Pick<Turn, "world">): number =>
  world.slots.findIndex((slot) => slot.sharers === 0 && !slot.busy);

/** Does the device hold the page, too? It does unless the pool keeps the sole copy. */
const isWritten = (pool: SwapPool | undefined, { actor }: Turn): boolean =>
  pool?.kind !== "sole-copies" || actor.storage < 0;

export const swapOutScript = (design: MovingDesign): Script => {
  const { pool } = design;
  const rest = givingBack(design);
  const store = pool && storeScript(pool, "write-out");
  const afterSaving = store?.entry ?? "write-out";
  return {
    entry: "unmap-for-swap",
    actions: together(rest.actions, store?.actions ?? {}, {
      "unmap-for-swap": {
        standsFor: "folio_alloc_swap(), try_to_unmap()",
        next: "save-tags",
        do: (turn) => {
          const { world, actor } = turn;
          actor.handle = the(turn, "swap-out").handles[0] ?? -1;
          actor.slot = freeSlotOf(turn);
          at(world.slots, actor.slot).busy = true;
          lockSlot(pool, turn, actor.slot);
          const page = at(world.held, actor.handle);
          page.state = "moving";
          actor.frame = page.at;
          return undefined;
        },
      },
      "save-tags": {
        standsFor: "arch_prepare_to_swap(), mte_save_tags()",
        sleeps: true,
        decidedBy: "environment",
        choose: ({ world, site, actor }) => {
          const tagged = !isStorage(site, actor.frame) && at(world.frames, actor.frame).flagged;
          return tagged && site.scope.mayFail ? [0, 1] : [0];
        },
        do: (turn, fails) => {
          const { world, site, actor } = turn;
          if (fails) return { to: "undo-swap-out", marks: ["save-fails"] };
          if (isStorage(site, actor.frame) || !at(world.frames, actor.frame).flagged)
            return { to: afterSaving };
          const slot = at(world.slots, actor.slot);
          slot.tags = loadTags(world, site, actor.frame);
          slot.saved = true;
          return { to: afterSaving, marks: ["tags-are-saved"] };
        },
      },
      "undo-swap-out": {
        standsFor: "swap_writeout() failing",
        next: "end",
        do: (turn) => {
          const { world, actor } = turn;
          const slot = at(world.slots, actor.slot);
          emptySlot(slot);
          unlockSlot(pool, turn, actor.slot);
          at(world.held, actor.handle).state = "mapped";
          const entriesLeft = slot.saved ? 1 : 0;
          return { commits: [commit({ kind: "save-failed", entriesLeft })] };
        },
      },
      "write-out": {
        standsFor: "swap_writeout(), __remove_mapping()",
        do: (turn) => {
          const { world, site, actor } = turn;
          const slot = at(world.slots, actor.slot);
          if (isWritten(pool, turn)) slot.bytes = loadPlace(world, site, actor.frame);
          actor.storage = -1;
          slot.owner = at(world.held, actor.handle).owner;
          slot.sharers = 1;
          slot.busy = false;
          unlockSlot(pool, turn, actor.slot);
          letGo(turn, actor.handle);
          return {
            to: letsStorageGo(design, turn, actor.frame) ? rest.entry : "give-back",
            commits: [commit({ kind: "swapped", slots: [actor.slot] })],
          };
        },
      },
    }),
  };
};

export const swapInScript = (design: MovingDesign): Script => {
  const { tagStorage, claimsAt, pool, failedClaim } = design;
  const load = pool && loadScript(pool, "lock-page-table", "read-in");
  const reading = load?.entry ?? "read-in";
  const unclaimed = failedClaim === "no-memory" ? "undo-swap-in" : "stash-tags";
  const claimAtUse = claimsAt === "use" ? tagStorage?.claim("restore-tags", "restore-tags") : null;
  /** An allocator that is asked for storage by the mapping knows nothing of the saved tags. */
  const byMapping = failedClaim === "next-page";
  const prepared: Label = byMapping ? "prepare-restore" : reading;
  const giveUp = (turn: Turn): Next => {
    at(turn.world.slots, turn.actor.slot).busy = false;
    return { to: "end", commits: [noMemoryCommit(turn)], marks: ["no-free-page"] };
  };
  const claimAtAllocation =
    claimsAt === "allocation" ? claimForAllocation(design, prepared, unclaimed, giveUp) : null;
  return {
    entry: "lock-slot",
    actions: together((claimAtUse ?? claimAtAllocation)?.actions ?? {}, load?.actions ?? {}, {
      "lock-slot": {
        standsFor: "do_swap_page(), folio_lock()",
        choose: (turn) => {
          const { saved } = at(turn.world.slots, the(turn, "swap-in").slot);
          return orNone(freeFrames(turn, saved));
        },
        do: (turn, place) => {
          const { world, actor } = turn;
          actor.slot = the(turn, "swap-in").slot;
          if (place < 0)
            return { to: "end", commits: [noMemoryCommit(turn)], marks: ["no-free-page"] };
          takePlace(turn, place);
          actor.frame = place;
          const slot = at(world.slots, actor.slot);
          slot.busy = true;
          if (!slot.saved || !claimAtAllocation) return { to: reading };
          const asks = !byMapping || the(turn, "swap-in").mapping === "tagged";
          return { to: asks ? claimAtAllocation.entry : prepared };
        },
      },
      ...(byMapping && {
        "prepare-restore": {
          standsFor: "arch_swap_prepare_to_restore()",
          do: ({ world, actor }) => ({
            to: at(world.frames, actor.frame).claimed ? reading : "stash-tags",
          }),
        },
      }),
      ...refusing(design),
      ...stashing(
        design,
        "arch_swap_prepare_to_restore(), mte_save_tags_for_pfn()",
        ({ world, actor }) => at(world.slots, actor.slot).tags,
        "read-in",
      ),
      "read-in": {
        standsFor: "swap_read_folio()",
        sleeps: true,
        do: ({ world, site, actor }) => {
          const slot = at(world.slots, actor.slot);
          storePlace(world, site, actor.frame, slot.bytes);
          return { to: "lock-page-table" };
        },
      },
      "lock-page-table": {
        standsFor: "pte_offset_map_lock()",
        takes: "page-table",
        do: ({ world, actor }) => {
          const { saved } = at(world.slots, actor.slot);
          if (!saved) return { to: "swap-free" };
          if (claimAtUse) return { to: claimAtUse.entry };
          const claimed = !tagStorage || at(world.frames, actor.frame).claimed;
          return { to: claimed ? "restore-tags" : "swap-free" };
        },
      },
      "restore-tags": {
        standsFor: "arch_swap_restore(), mte_restore_tags()",
        next: "swap-free",
        do: ({ world, site, actor }) => {
          storeTags(world, site, actor.frame, at(world.slots, actor.slot).tags);
          const frame = at(world.frames, actor.frame);
          frame.locked = true;
          frame.flagged = true;
          return { marks: ["tags-are-restored"] };
        },
      },
      "swap-free": {
        standsFor: "swap_free()",
        ...(pool && { within: "index" }),
        next: "map-swapped",
        do: (turn) => {
          const { world, site, actor } = turn;
          const slot = at(world.slots, actor.slot);
          const waits = waitsForStash(turn);
          const handle = hold(turn, actor.frame, slot.owner, "moving");
          actor.handle = handle;
          slot.busy = false;
          unlockSlot(pool, turn, actor.slot);
          if (slot.sharers > 1) slot.sharers--;
          else {
            forgetEntry(pool, turn, actor.slot);
            emptySlot(slot);
          }
          const look = seenAt(turn, actor.frame);
          const seen = waits ? { bytes: look.bytes ?? 0 } : look;
          return {
            commits: [commit({ kind: "page", handle, seen }, placed(site, actor.frame))],
          };
        },
      },
      "map-swapped": {
        standsFor: "set_ptes()",
        drops: "page-table",
        next: "end",
        do: (turn) => {
          const { world, actor } = turn;
          const faults = !byMapping || the(turn, "swap-in").mapping === "tagged";
          at(world.held, actor.handle).state =
            faults && waitsForStash(turn) ? "deferred" : "mapped";
          return undefined;
        },
      },
    }),
  };
};

/** Where nobody gets a page without a place for its tags, the slot stays as it was. */
const refusing = ({ failedClaim }: MovingDesign): Actions =>
  failedClaim === "no-memory"
    ? {
        "undo-swap-in": {
          standsFor: "do_swap_page() returning VM_FAULT_OOM",
          next: "end",
          do: (turn) => {
            givePlaceBack(turn, turn.actor.frame);
            at(turn.world.slots, turn.actor.slot).busy = false;
            return { commits: [noMemoryCommit(turn)] };
          },
        },
      }
    : {};

export const shareSlotScript: Script = {
  entry: "change-slot",
  actions: {
    "change-slot": {
      standsFor: "swap_duplicate()",
      next: "end",
      do: (turn) => {
        at(turn.world.slots, the(turn, "share-slot").slot).sharers++;
        return { commits: [commit({ kind: "done" })], marks: ["a-slot-is-shared"] };
      },
    },
  },
};

export const freeSlotScript = ({ pool }: MovingDesign): Script => ({
  entry: "change-slot",
  actions: {
    "change-slot": {
      standsFor: "free_swap_and_cache(), mte_invalidate_tags()",
      ...(pool && { within: "index" }),
      ...(pool?.holders && { when: (turn) => slotIsFree(pool, turn, the(turn, "free-slot").slot) }),
      next: "end",
      do: (turn) => {
        const index = the(turn, "free-slot").slot;
        const slot = at(turn.world.slots, index);
        const freed = slot.sharers === 1;
        if (freed) {
          forgetEntry(pool, turn, index);
          emptySlot(slot);
        } else slot.sharers--;
        return { commits: [commit({ kind: "slot", freed })] };
      },
    },
  },
});
