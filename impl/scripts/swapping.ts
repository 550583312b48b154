/** Swap: tags are saved before the page goes, restored before the slot is freed, and die with it. */
import { junk } from "../../model/index.ts";
import { end, heldState, mark, none, own, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import { look, outcomeOf } from "../report.ts";
import { type PackedScript, together } from "../script.ts";
import { flagAsTagged, givingBack } from "./memory.ts";
import { type PackedMovingDesign, stashing } from "./moving.ts";

const emptySlot = ({ state, arena }: Kit, slot: number): void => {
  const { slots, slotTags, freeSlots } = state;
  slots.sharers[slot] = 0;
  slots.owner[slot] = -1;
  slots.busy[slot] = 0;
  slots.saved[slot] = 0;
  slots.bytes[slot] = junk;
  arena.emptyShelf(slotTags, slot);
  freeSlots.add(slot);
};

export const swapOutScript = (kit: Kit, design: PackedMovingDesign): PackedScript => {
  const { state, arena, report } = kit;
  const { held, slots } = state;
  const rest = givingBack(kit, design);
  const letStorageGo = to[rest.entry];
  return {
    entry: "unmap-for-swap",
    actions: together(rest.actions, {
      "unmap-for-swap": {
        do: (actor) => {
          actor.handle = actor.first;
          actor.slot = state.freeSlots.smallest();
          state.freeSlots.remove(actor.slot);
          slots.busy[actor.slot] = 1;
          held.state[actor.handle] = heldState.moving;
          actor.frame = word(held.at, actor.handle);
          return to["save-tags"];
        },
      },
      "save-tags": {
        do: ({ frame, slot }, fails) => {
          if (fails === 1) {
            report.mark(mark["save-fails"]);
            return to["undo-swap-out"];
          }
          if (!kit.isFlagged(frame)) return to["write-out"];
          arena.saveTags(frame, state.slotTags, slot);
          slots.saved[slot] = 1;
          report.mark(mark["tags-are-saved"]);
          return to["write-out"];
        },
      },
      "undo-swap-out": {
        do: ({ slot, handle }) => {
          emptySlot(kit, slot);
          held.state[handle] = heldState.mapped;
          report.own(outcomeOf["save-failed"], byte(slots.saved, slot));
          return end;
        },
      },
      "write-out": {
        do: ({ slot, handle, frame }) => {
          slots.bytes[slot] = kit.load(frame);
          slots.owner[slot] = word(held.owner, handle);
          slots.sharers[slot] = 1;
          slots.busy[slot] = 0;
          kit.letGo(handle);
          report.own(outcomeOf.swapped, slot);
          return kit.isClaimed(frame) ? letStorageGo : to["give-back"];
        },
      },
    }),
  };
};

export const swapInScript = (kit: Kit, design: PackedMovingDesign): PackedScript => {
  const { state, arena, report } = kit;
  const { held, slots } = state;
  const { tagStorage, claimsAt } = design;
  const atUse = claimsAt === "use";
  const claim = atUse
    ? tagStorage?.claim("restore-tags", "restore-tags")
    : tagStorage?.claim("read-in", "stash-tags");
  const afterTaking = to[!atUse && claim ? claim.entry : "read-in"];
  const claimAtUse = atUse && claim ? to[claim.entry] : end;
  const isSaved = (slot: number): boolean => byte(slots.saved, slot) === 1;
  const freePlace = (slot: number): number =>
    isSaved(slot) ? kit.freeTaggable() : kit.freeUntagged();
  return {
    entry: "lock-slot",
    actions: together(claim?.actions ?? {}, {
      "lock-slot": {
        do: (actor, choice) => {
          const slot = actor.first;
          actor.slot = slot;
          const place = choice === own ? freePlace(slot) : choice;
          report.chose = place;
          if (place === none) {
            kit.noMemory(actor);
            report.mark(mark["no-free-page"]);
            return end;
          }
          kit.take(place);
          actor.frame = place;
          slots.busy[slot] = 1;
          return isSaved(slot) ? afterTaking : to["read-in"];
        },
      },
      ...stashing(
        kit,
        design,
        ({ slot, frame }) => arena.moveShelved(state.slotTags, slot, state.stash, frame),
        to["read-in"],
      ),
      "read-in": {
        do: ({ slot, frame }) => {
          kit.store(frame, word(slots.bytes, slot));
          return to["lock-page-table"];
        },
      },
      "lock-page-table": {
        do: ({ slot, frame }) => {
          if (!isSaved(slot)) return to["swap-free"];
          if (claimAtUse !== end) return claimAtUse;
          return !tagStorage || kit.isClaimed(frame) ? to["restore-tags"] : to["swap-free"];
        },
      },
      "restore-tags": {
        do: ({ slot, frame }) => {
          arena.restoreTags(frame, state.slotTags, slot);
          flagAsTagged(kit, frame);
          report.mark(mark["tags-are-restored"]);
          return to["swap-free"];
        },
      },
      "swap-free": {
        do: (actor) => {
          const { slot, frame } = actor;
          const waits = kit.hasStash(frame);
          const handle = kit.hold(frame, word(slots.owner, slot), heldState.moving);
          actor.handle = handle;
          slots.busy[slot] = 0;
          if (word(slots.sharers, slot) > 1) slots.sharers[slot] = word(slots.sharers, slot) - 1;
          else emptySlot(kit, slot);
          kit.handOver(handle, frame, waits ? look.bytesAlone : look.everything);
          return to["map-swapped"];
        },
      },
      "map-swapped": {
        do: ({ handle, frame }) => {
          held.state[handle] = kit.hasStash(frame) ? heldState.deferred : heldState.mapped;
          return end;
        },
      },
    }),
  };
};

export const shareSlotScript = ({ state: { slots }, report }: Kit): PackedScript => ({
  entry: "change-slot",
  actions: {
    "change-slot": {
      do: ({ first: slot }) => {
        slots.sharers[slot] = word(slots.sharers, slot) + 1;
        report.own(outcomeOf.done, 0);
        report.mark(mark["a-slot-is-shared"]);
        return end;
      },
    },
  },
});

export const freeSlotScript = (kit: Kit): PackedScript => ({
  entry: "change-slot",
  actions: {
    "change-slot": {
      do: ({ first: slot }) => {
        const { sharers } = kit.state.slots;
        const freed = word(sharers, slot) === 1;
        if (freed) emptySlot(kit, slot);
        else sharers[slot] = word(sharers, slot) - 1;
        kit.report.own(outcomeOf.slot, freed ? 1 : 0);
        return end;
      },
    },
  },
});
