/** Allocation, free, PROT_MTE and access: the same actions in every design. */
import { end, frameUse, heldState, mark, none, own, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import { wish } from "../operations.ts";
import type { Registers } from "../registers.ts";
import { choiceOf, look, outcomeOf } from "../report.ts";
import {
  type PackedActions,
  type PackedScript,
  type PackedTagStorage,
  together,
} from "../script.ts";

export type PackedMemoryDesign = {
  /** `null`: every frame has its storage for ever. */
  readonly tagStorage: PackedTagStorage | null;
  readonly dataInStorage: boolean;
};

export const flagAsTagged = ({ state: { frames } }: Kit, frame: number): void => {
  frames.locked[frame] = 1;
  frames.flagged[frame] = 1;
};

export const allocateScript = (
  kit: Kit,
  { tagStorage, dataInStorage }: PackedMemoryDesign,
): PackedScript => {
  const { state, arena, report } = kit;
  const claim = tagStorage?.claim("clear-page", "clear-page");
  const afterTaking = to[claim?.entry ?? "clear-page"];
  const isTagged = (actor: Registers) => (actor.second & wish.tagged) > 0;
  const freePlace = (actor: Registers): number => {
    if (isTagged(actor)) return kit.freeTaggable();
    return dataInStorage && !kit.isAtomic(actor) ? kit.freeAnywhere() : kit.freeUntagged();
  };
  return {
    entry: "take-page",
    actions: together(claim?.actions ?? {}, {
      "take-page": {
        do: (actor, choice) => {
          const place = choice === own ? freePlace(actor) : choice;
          report.chose = place;
          if (place === none) {
            kit.noMemory(actor);
            report.mark(mark["no-free-page"]);
            return end;
          }
          kit.take(place);
          actor.frame = place;
          if (kit.isStorage(place)) report.mark(mark["data-moves-into-tag-storage"]);
          return isTagged(actor) ? afterTaking : to["clear-page"];
        },
      },
      "clear-page": {
        do: (actor) => {
          const { frame } = actor;
          if ((actor.second & wish.zeroed) > 0) kit.store(frame, 0);
          if (!isTagged(actor)) return to["publish-page"];
          if (tagStorage && !kit.isClaimed(frame)) {
            report.mark(mark["tags-wait-for-a-fault"]);
            return to["publish-page"];
          }
          arena.clearTags(frame);
          flagAsTagged(kit, frame);
          return to["publish-page"];
        },
      },
      "publish-page": {
        do: (actor) => {
          const { frame } = actor;
          const ready = !isTagged(actor) || byte(state.frames.flagged, frame) === 1;
          const owner = actor.first;
          const handle = kit.hold(frame, owner, ready ? heldState.mapped : heldState.deferred);
          const { everything } = look;
          report.own(outcomeOf.pages, handle, choiceOf.placed, frame, everything, frame);
          return end;
        },
      },
    }),
  };
};

/** What every script that lets a page go ends with. */
export const givingBack = (
  kit: Kit,
  { tagStorage }: PackedMemoryDesign,
  next: number = end,
): PackedScript => {
  const release = tagStorage?.release("give-back");
  return {
    entry: release?.entry ?? "give-back",
    actions: together(release?.actions ?? {}, {
      "give-back": {
        do: (actor) => {
          const { frame } = actor;
          if (!tagStorage && kit.poison && kit.isFlagged(frame)) kit.arena.poisonTags(frame);
          kit.giveBack(frame);
          return next;
        },
      },
    }),
  };
};

export const freeScript = (kit: Kit, design: PackedMemoryDesign): PackedScript => {
  const rest = givingBack(kit, design);
  const letStorageGo = to[rest.entry];
  return {
    entry: "unmap-page",
    actions: together(rest.actions, {
      "unmap-page": {
        do: (actor) => {
          actor.frame = kit.letGo(actor.first);
          kit.report.own(outcomeOf.done, 0);
          return kit.isClaimed(actor.frame) ? letStorageGo : to["give-back"];
        },
      },
    }),
  };
};

/** PROT_MTE on a page that has a place for its tags. */
export const initialisingTags = (kit: Kit): PackedActions => {
  const { state, arena, report } = kit;
  const { frames, held } = state;
  return {
    "lock-tags": {
      do: ({ frame }) => {
        if (byte(frames.locked, frame) === 1) return to["await-tags"];
        frames.locked[frame] = 1;
        return to["clear-tags"];
      },
    },
    "await-tags": {
      when: ({ frame }) => byte(frames.flagged, frame) === 1,
      do: () => {
        report.mark(mark["second-initialiser-waits"]);
        return to["map-tagged"];
      },
    },
    "clear-tags": {
      do: ({ frame }) => {
        arena.clearTags(frame);
        return to["flag-tags"];
      },
    },
    "flag-tags": {
      do: ({ frame }) => {
        frames.flagged[frame] = 1;
        return to["map-tagged"];
      },
    },
    "map-tagged": {
      do: ({ handle }) => {
        held.state[handle] = heldState.mapped;
        held.tagged[handle] = 1;
        held.uses[handle] = word(held.uses, handle) - 1;
        report.own(outcomeOf.page, handle, 0, 0, look.everything, word(held.at, handle));
        return end;
      },
    },
  };
};

/** Where every page can be given its tags at once: set_ptes() claims storage and initialises. */
export const enableScript = (kit: Kit, { tagStorage }: PackedMemoryDesign): PackedScript => {
  const { held } = kit.state;
  const claim = tagStorage?.claim("lock-tags", "lock-tags");
  const untagged = to[claim?.entry ?? "lock-tags"];
  return {
    entry: "look-at-page",
    actions: together(claim?.actions ?? {}, initialisingTags(kit), {
      "look-at-page": {
        do: (actor) => {
          const handle = actor.first;
          actor.handle = handle;
          held.uses[handle] = word(held.uses, handle) + 1;
          actor.frame = word(held.at, handle);
          return kit.isFlagged(actor.frame) ? to["map-tagged"] : untagged;
        },
      },
    }),
  };
};

const access = (act: (actor: Registers) => void): PackedScript => ({
  entry: "access",
  actions: {
    access: {
      do: (actor) => {
        act(actor);
        return end;
      },
    },
  },
});

export const accessScripts = (kit: Kit) => {
  const { arena, report } = kit;
  const { at } = kit.state.held;
  return {
    "write-tag": access(({ first: handle, second: granule, third: tag }) => {
      arena.storeTag(word(at, handle), granule, tag);
      report.own(outcomeOf.done, 0);
    }),
    "read-tag": access(({ first: handle, second: granule }) => {
      report.own(outcomeOf.tag, arena.loadTag(word(at, handle), granule));
    }),
    "write-bytes": access(({ first: handle, second: bytes }) => {
      kit.store(word(at, handle), bytes);
      report.own(outcomeOf.done, 0);
    }),
    "read-bytes": access(({ first: handle }) => {
      report.own(outcomeOf.bytes, kit.load(word(at, handle)));
    }),
  };
};

/** A frame that nobody can reach is on its way to the free list, or to a new owner. */
export const setAside = (kit: Kit, place: number): void => {
  if (!kit.isStorage(place)) kit.useFrame(place, frameUse.busy);
};
