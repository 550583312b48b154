/**
 * How RFC v3 claims a block: under a mutex, migrating away what lies there, with three tries against
 * a page that is busy.
 */
import { heldState, mark, none, own, storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import { frameList, type Kit, storageList } from "../kit.ts";
import type { Registers } from "../registers.ts";
import type { Onward, PackedScript, PackedTagStorage } from "../script.ts";
import { flagAsTagged } from "./memory.ts";
import { isPinned } from "./moving.ts";
import { releaseScript } from "./releasing.ts";

/** cma_alloc_range() gives up on a busy page after so many tries. */
const triesAtMost = 3;

/** The claim of `actor.frame`, with a say of whoever claims in where it goes on. */
export const cmaClaim = (kit: Kit, then: Onward, otherwise: Onward): PackedScript => {
  const { state, arena, report } = kit;
  const { storage, users, frames, held, holders } = state;
  const firstOf = ({ frame }: Registers) => kit.firstStorageOf(kit.blockOf(frame));
  const countUser = ({ frame }: Registers): void => {
    const block = kit.blockOf(frame);
    users[block] = word(users, block) + 1;
    frames.claimed[frame] = 1;
  };
  const afterCounting = ({ frame }: Registers): number =>
    kit.hasStash(frame) ? to["replay-stash"] : to["unlock-claimed"];
  /** Somewhere to move data to: not into the block that is being claimed. */
  const freeElsewhere = (actor: Registers): number => {
    const barred = state.freeFrames.first(frameList.barred);
    if (barred >= 0) return barred;
    const taggable = kit.freeTaggable();
    if (taggable >= 0) return taggable;
    const first = firstOf(actor);
    let page = state.storageLists.first(storageList.free);
    while (page >= first && page < first + kit.blockPages) page = state.storageLists.after(page);
    return page < 0 ? none : kit.frames + page;
  };
  const onwards = (onward: Onward, actor: Registers): number =>
    to[typeof onward === "string" ? onward : onward(actor)];
  return {
    entry: "lock-blocks",
    actions: {
      "lock-blocks": {
        do: (actor) => {
          actor.count = 0;
          return to["check-block"];
        },
      },
      "check-block": {
        do: (actor) => {
          if (kit.isClaimed(actor.frame)) return to["unlock-claimed"];
          const first = firstOf(actor);
          let inTags = 0;
          let inUse = -1;
          for (let page = first + kit.blockPages - 1; page >= first; page--) {
            const use = byte(storage.use, page);
            if (use === storageUse.tags) inTags++;
            if (use === storageUse.data) inUse = page;
          }
          if (inTags === kit.blockPages) {
            countUser(actor);
            report.mark(mark["claim-joins-other-users"]);
            return afterCounting(actor);
          }
          if (inUse >= 0) {
            actor.storage = inUse;
            return to["isolate-storage"];
          }
          for (let page = first; page < first + kit.blockPages; page++)
            kit.useStorage(page, storageUse.isolated);
          report.mark(mark["claim-takes-a-free-block"]);
          return to["invalidate-data-lines"];
        },
      },
      "isolate-storage": {
        do: (actor, choice) => {
          const place = choice === own ? freeElsewhere(actor) : choice;
          report.chose = place;
          /** In atomic context nothing can be migrated at all. */
          if (kit.isAtomic(actor)) return to["unlock-failed"];
          const holder = word(holders, actor.storage);
          const moves =
            holder >= 0 &&
            !isPinned(kit, holder) &&
            word(held.uses, holder) === 0 &&
            byte(held.state, holder) === heldState.mapped;
          if (!moves) {
            actor.count++;
            if (holder >= 0 && isPinned(kit, holder))
              report.mark(mark["claim-finds-a-pinned-page"]);
            return actor.count < triesAtMost ? to["isolate-storage"] : to["unlock-failed"];
          }
          if (place === none) return to["unlock-failed"];
          kit.take(place);
          held.state[holder] = heldState.moving;
          actor.moved = place;
          return to["move-storage"];
        },
      },
      "move-storage": {
        do: (actor) => {
          kit.store(actor.moved, kit.load(kit.frames + actor.storage));
          return to["remap-storage"];
        },
      },
      "remap-storage": {
        do: (actor) => {
          const { moved, storage: page } = actor;
          const holder = word(holders, page);
          kit.putHandle(holder, moved);
          held.state[holder] = heldState.mapped;
          kit.useStorage(page, storageUse.isolated);
          if (kit.poison) arena.poisonStorage(page);
          kit.migrated(holder, moved);
          actor.storage = -1;
          actor.moved = -1;
          report.mark(mark["claim-moves-data-away"]);
          return to["check-block"];
        },
      },
      "invalidate-data-lines": {
        do: (actor) => {
          const first = firstOf(actor);
          for (let page = first; page < first + kit.blockPages; page++)
            arena.invalidateDataLines(page);
          return to["count-user"];
        },
      },
      "count-user": {
        do: (actor) => {
          const first = firstOf(actor);
          for (let page = first; page < first + kit.blockPages; page++)
            kit.useStorage(page, storageUse.tags);
          countUser(actor);
          return afterCounting(actor);
        },
      },
      "replay-stash": {
        do: ({ frame }) => {
          arena.restoreTags(frame, state.stash, frame);
          state.stashed[frame] = 0;
          arena.emptyShelf(state.stash, frame);
          flagAsTagged(kit, frame);
          report.mark(mark["stash-is-replayed"]);
          return to["unlock-claimed"];
        },
      },
      "unlock-claimed": { do: (actor) => onwards(then, actor) },
      "unlock-failed": {
        do: (actor) => {
          const first = firstOf(actor);
          for (let page = first; page < first + kit.blockPages; page++)
            if (byte(storage.use, page) === storageUse.isolated)
              kit.useStorage(page, storageUse.free);
          actor.storage = -1;
          report.mark(mark["claim-gives-up"]);
          return onwards(otherwise, actor);
        },
      },
    },
  };
};

export const cmaTagStorage = (kit: Kit): PackedTagStorage => ({
  claim: (then, otherwise) => cmaClaim(kit, then, otherwise),
  release: (then) =>
    releaseScript(
      kit,
      (page) => {
        kit.useStorage(page, storageUse.free);
        if (kit.poison) kit.arena.poisonStorage(page);
      },
      to[then],
    ),
});
