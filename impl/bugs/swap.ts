/** Swap: tags that are not saved, restored too late or on some paths only, or lost with the slot. */
import { end, heldState, mark, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import type { Patch } from "../manager.ts";
import { swapInPaths } from "../operations.ts";
import type { Registers } from "../registers.ts";
import { outcomeOf } from "../report.ts";
import { flagAsTagged } from "../scripts/memory.ts";
import { afterwards, type Bug, before, instead, patches } from "./bug.ts";

const everywhere = ["carveout", "cma", "cleancache-page"];

/** Some swap-ins go on without claiming and restoring. */
const restoringUnless = (left: (actor: Registers) => boolean): Patch =>
  afterwards(["swap-in"], "lock-page-table", (actor, next) =>
    left(actor) ? to["swap-free"] : next,
  );

/** mte_invalidate_tags(): nothing is saved under the slot any more. */
const invalidateTags = ({ state, arena }: Kit, slot: number): void => {
  state.slots.saved[slot] = 0;
  arena.emptyShelf(state.slotTags, slot);
};

export const swapBugs: readonly Bug[] = [
  {
    id: "slot-freed-before-tags-are-restored",
    sentence: "The last swap-in of a slot drops its saved tags before it restores them.",
    source: "A1: Linux 6dca4ac6fc91",
    story: ["allocate", "write-tag", "swap-out", "swap-in", "read-tag"],
    designs: everywhere,
    patch: afterwards(["swap-in"], "lock-page-table", ({ slot }, next, { kit }) => {
      const { sharers } = kit.state.slots;
      if (word(sharers, slot) === 1) kit.arena.emptyShelf(kit.state.slotTags, slot);
      return next;
    }),
  },
  {
    id: "swapoff-does-not-restore",
    sentence: "Swapoff brings a page back without its tags.",
    source: "A2: Linux b53e24c4f6bc",
    story: ["allocate", "write-tag", "swap-out", "swap-in by swapoff"],
    designs: everywhere,
    patch: restoringUnless(({ second }) => swapInPaths[second] === "swapoff"),
  },
  {
    id: "shared-memory-does-not-restore",
    sentence: "A swap-in for shared memory brings a page back without its tags.",
    source: "A6: Linux 8a84802e2a2b, the hook of the shmem path",
    story: ["allocate", "write-tag", "swap-out", "swap-in by shmem"],
    designs: everywhere,
    patch: restoringUnless(({ second }) => swapInPaths[second] === "shmem"),
  },
  {
    id: "untagged-mapping-does-not-restore",
    sentence: "A swap-in through a mapping without PROT_MTE does not look for saved tags.",
    source: "A4: Linux 69e3b846d8a7",
    story: ["allocate", "write-tag", "swap-out", "swap-in untagged"],
    designs: everywhere,
    patch: restoringUnless(({ third }) => third === 0),
  },
  {
    id: "flagged-without-restoring",
    sentence: "A swapped-in page is flagged as tagged although no tags are restored to it.",
    source: "A5: Linux a8e5e5146ad0",
    story: ["allocate", "swap-out", "swap-in"],
    designs: everywhere,
    patch: instead(["swap-in"], "restore-tags", ({ frame }, _choice, { kit }) => {
      flagAsTagged(kit, frame);
      return to["swap-free"];
    }),
  },
  {
    id: "failed-save-leaves-the-page-unmapped",
    sentence: "When its tags cannot be saved a page stays unmapped and locked.",
    source: "A6: Linux 8a84802e2a2b, arch_prepare_to_swap() failing",
    story: ["allocate", "swap-out that fails"],
    designs: everywhere,
    patch: afterwards(["swap-out"], "undo-swap-out", ({ handle }, next, { kit: { state } }) => {
      state.held.state[handle] = heldState.moving;
      return next;
    }),
  },
  {
    id: "failed-save-leaves-an-entry",
    sentence: "A save that fails half way leaves the tags it saved under the slot.",
    source: "A7: Linux f238b8c33c67",
    story: ["allocate", "write-tag", "swap-out that fails"],
    designs: everywhere,
    patch: patches(
      before(["swap-out"], "save-tags", ({ frame, slot }, { kit }) => {
        if (!kit.isFlagged(frame)) return;
        kit.arena.saveTags(frame, kit.state.slotTags, slot);
        kit.state.slots.saved[slot] = 1;
      }),
      instead(["swap-out"], "undo-swap-out", ({ slot, handle }, _choice, { kit }) => {
        const { slots, held, freeSlots } = kit.state;
        slots.busy[slot] = 0;
        freeSlots.add(slot);
        held.state[handle] = heldState.mapped;
        kit.report.own(outcomeOf["save-failed"], byte(slots.saved, slot));
        return end;
      }),
    ),
  },
  {
    id: "failed-save-is-ignored",
    sentence: "A page is swapped out although its tags could not be saved.",
    source: "A6: Linux 8a84802e2a2b, the result of arch_prepare_to_swap() not tested",
    story: ["allocate", "swap-out that fails", "swap-in"],
    designs: everywhere,
    patch: afterwards(["swap-out"], "save-tags", (_actor, next) =>
      next === to["undo-swap-out"] ? to["write-out"] : next,
    ),
  },
  {
    id: "saved-after-the-page-is-gone",
    sentence: "Tags are saved when the page is on the free list already.",
    source: "beside A6: Linux 8a84802e2a2b, why arch_prepare_to_swap() comes first",
    story: ["allocate", "write-tag", "swap-out", "swap-in"],
    designs: everywhere,
    patch: patches(
      instead(["swap-out"], "save-tags", ({ frame, slot }, fails, { kit }) => {
        if (fails === 1) {
          kit.report.mark(mark["save-fails"]);
          return to["undo-swap-out"];
        }
        kit.state.slots.saved[slot] = kit.isFlagged(frame) ? 1 : 0;
        return to["write-out"];
      }),
      afterwards(["swap-out"], "give-back", ({ frame, slot }, next, { kit }) => {
        if (byte(kit.state.slots.saved, slot) === 1)
          kit.arena.saveTags(frame, kit.state.slotTags, slot);
        return next;
      }),
    ),
  },
  {
    id: "tags-of-one-granule-saved",
    sentence: "Only the tags of the first granule are saved; the others come back as zero.",
    source: "beside A7: Linux f238b8c33c67, a save that stops half way",
    story: ["allocate", "write-tag", "swap-out", "swap-in"],
    designs: everywhere,
    patch: afterwards(["swap-out"], "save-tags", ({ slot, frame }, next, { kit }) => {
      const { arena, state } = kit;
      if (!kit.isFlagged(frame)) return next;
      const first = arena.shelvedTag(state.slotTags, slot, 0);
      arena.emptyShelf(state.slotTags, slot);
      const rowBytes = state.slotTags.length / kit.scope.slots;
      state.slotTags[slot * rowBytes] = first;
      return next;
    }),
  },
  {
    id: "restored-from-the-first-slot",
    sentence: "Saved tags are looked up without the offset of the slot.",
    source: "beside A8: Linux 13ddaf26be32, tags obey the same key as the data",
    story: ["allocate", "write-tag", "swap-out", "allocate", "swap-out", "swap-in"],
    designs: everywhere,
    patch: instead(["swap-in"], "restore-tags", ({ frame }, _choice, { kit }) => {
      kit.arena.restoreTags(frame, kit.state.slotTags, 0);
      flagAsTagged(kit, frame);
      return to["swap-free"];
    }),
  },
  {
    id: "slot-not-locked-during-swap-in",
    sentence: "Two swap-ins read the same slot at once, and both map what they read.",
    source: "A8: Linux 13ddaf26be32",
    story: ["allocate", "swap-out", "swap-in", "swap-in by swapoff"],
    designs: ["carveout", "cleancache-page"],
    patch: afterwards(["swap-in"], "lock-slot", ({ slot }, next, { kit: { state } }) => {
      state.slots.busy[slot] = 0;
      return next;
    }),
  },
  {
    id: "first-user-invalidates-a-shared-slot",
    sentence: "The first of two users of a slot drops the saved tags of both.",
    source: "beside A1: Linux 6dca4ac6fc91, mte_invalidate_tags() before the last reference",
    story: ["allocate", "swap-out", "share-slot", "swap-in", "swap-in"],
    designs: everywhere,
    patch: before(["swap-in"], "swap-free", ({ slot }, { kit }) => invalidateTags(kit, slot)),
  },
  {
    id: "first-user-frees-a-shared-slot",
    sentence: "The first of two users of a slot gives the slot itself back.",
    source: "beside A8: Linux 13ddaf26be32, a slot used again while somebody counts on it",
    story: ["allocate", "swap-out", "share-slot", "swap-in", "swap-out"],
    designs: everywhere,
    patch: before(["swap-in"], "swap-free", ({ slot }, { kit: { state } }) => {
      state.slots.sharers[slot] = 1;
    }),
  },
  {
    id: "slot-given-twice",
    sentence: "A slot stays on the list of free ones while a page is in it.",
    source: "beside A7: Linux f238b8c33c67, the slot of another",
    story: ["allocate", "swap-out", "allocate", "swap-out"],
    designs: everywhere,
    patch: afterwards(["swap-out"], "unmap-for-swap", ({ slot }, next, { kit: { state } }) => {
      state.freeSlots.add(slot);
      return next;
    }),
  },
  {
    id: "slot-emptied-before-use",
    sentence: "The place for saved tags is emptied once more when a slot is given out.",
    source: "none: no harm is done",
    story: [],
    designs: everywhere,
    harmless: true,
    patch: afterwards(["swap-out"], "unmap-for-swap", ({ slot }, next, { kit }) => {
      invalidateTags(kit, slot);
      return next;
    }),
  },
];
