/** Allocation, free, PROT_MTE and access: the same scripts in every design. */
import { loadTag, poisonTags, storeTag, storeTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import {
  type Actions,
  type Commit,
  commit,
  type Next,
  type Script,
  type Turn,
  the,
  together,
} from "../script.ts";
import {
  freeFrames,
  freeStorage,
  givePlaceBack,
  hasStash,
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
} from "./places.ts";
import { claimForAllocation, type Reserving } from "./reserving.ts";

export type MemoryDesign = Reserving & {
  /** Is tag storage on the free lists of untagged memory? */
  readonly dataInStorage: boolean;
  /**
   * What lets storage and stashed tags go when a page is freed: that it claims them, or that it is
   * flagged as tagged; one that claims and was never flagged then leaks its reference. The claim,
   * unless told.
   */
  readonly freedBy?: "claim" | "flag";
};

/** Does `place` let its storage go when it is freed? */
export const letsStorageGo = (
  { freedBy = "claim" }: MemoryDesign,
  { world, site }: Turn,
  place: number,
): boolean => {
  if (isStorage(site, place)) return false;
  const { claimed, flagged } = at(world.frames, place);
  return claimed && (flagged || freedBy === "claim");
};

const zeroes: readonly number[] = [];

const noMemory = (turn: Turn): Next => ({
  to: "end",
  commits: [noMemoryCommit(turn)],
  marks: ["no-free-page"],
});

export const allocateScript = (design: MemoryDesign): Script => {
  const { tagStorage, dataInStorage } = design;
  const refuses = design.failedClaim === "no-memory";
  const without = refuses ? "fail-allocation" : "clear-page";
  const claim = claimForAllocation(design, "clear-page", without, noMemory);
  return {
    entry: "take-page",
    actions: together(claim?.actions ?? {}, {
      "take-page": {
        standsFor: "get_page_from_freelist()",
        choose: (turn) => {
          const { tagged } = the(turn, "allocate");
          const spare = dataInStorage && !tagged && !turn.atomic() ? freeStorage(turn) : [];
          return orNone([...freeFrames(turn, tagged), ...spare]);
        },
        do: (turn, place) => {
          const { tagged } = the(turn, "allocate");
          if (place < 0) return noMemory(turn);
          takePlace(turn, place);
          turn.actor.frame = place;
          const inStorage = isStorage(turn.site, place);
          return {
            to: tagged && claim ? claim.entry : "clear-page",
            ...(inStorage && { marks: ["data-moves-into-tag-storage"] }),
          };
        },
      },
      ...(refuses && {
        "fail-allocation": {
          standsFor: "__alloc_pages_slowpath() failing",
          next: "end",
          do: (turn) => {
            givePlaceBack(turn, turn.actor.frame);
            return { commits: [noMemoryCommit(turn)] };
          },
        },
      }),
      "clear-page": {
        standsFor: "tag_clear_highpage()",
        next: "publish-page",
        do: (turn) => {
          const { world, site, actor } = turn;
          const { tagged, zeroed } = the(turn, "allocate");
          if (zeroed) storePlace(world, site, actor.frame, 0);
          if (!tagged) return undefined;
          const frame = at(world.frames, actor.frame);
          if (tagStorage && !frame.claimed) return { marks: ["tags-wait-for-a-fault"] };
          storeTags(world, site, actor.frame, zeroes);
          frame.locked = true;
          frame.flagged = true;
          return undefined;
        },
      },
      "publish-page": {
        standsFor: "set_ptes()",
        next: "end",
        do: (turn) => {
          const { tagged, owner } = the(turn, "allocate");
          const { frame: place } = turn.actor;
          const ready = !tagged || at(turn.world.frames, place).flagged;
          const handle = hold(turn, place, owner, ready ? "mapped" : "deferred");
          const seen = [seenAt(turn, place)];
          const outcome = { kind: "pages", handles: [handle], seen } as const;
          return { commits: [commit(outcome, placed(turn.site, place))] };
        },
      },
    }),
  };
};

/**
 * The claim of `actor.frame` is forgotten, its reference to the block is not. One such reference keeps
 * the block for ever: a second one would change nothing, and make the states endless.
 */
const leak = ({ world, site, actor }: Turn): void => {
  const block = at(site.blockOf, actor.frame);
  at(world.frames, actor.frame).claimed = false;
  let claims = 0;
  for (const [frame, { claimed }] of world.frames.entries())
    if (claimed && at(site.blockOf, frame) === block) claims++;
  world.users[block] = Math.min(at(world.users, block), claims + 1);
};

/** What every script that lets a page go ends with. */
export const givingBack = (design: MemoryDesign, next: Label | "end" = "end"): Script => {
  const { tagStorage, freedBy } = design;
  const release = tagStorage?.release("give-back");
  return {
    entry: release?.entry ?? "give-back",
    actions: together(release?.actions ?? {}, {
      "give-back": {
        standsFor: "__free_one_page()",
        next,
        do: (turn) => {
          const { world, site, actor } = turn;
          const place = actor.frame;
          if (!tagStorage && !isStorage(site, place) && at(world.frames, place).flagged)
            poisonTags(world, site, place);
          const byFlag = freedBy === "flag" && !isStorage(site, place);
          const forgotten = byFlag && !at(world.frames, place).flagged;
          const leaks = forgotten && at(world.frames, place).claimed;
          const leaves = forgotten && hasStash(turn);
          if (leaks) leak(turn);
          givePlaceBack(turn, place, forgotten ? "left" : "dropped");
          if (leaks) return { marks: ["a-reference-leaks"] };
          return leaves ? { marks: ["stash-is-left-behind"] } : undefined;
        },
      },
    }),
  };
};

export const freeScript = (design: MemoryDesign): Script => {
  const rest = givingBack(design);
  return {
    entry: "unmap-page",
    actions: together(rest.actions, {
      "unmap-page": {
        standsFor: "free_pages_prepare()",
        do: (turn) => {
          const { actor } = turn;
          actor.frame = letGo(turn, the(turn, "free").handle);
          return {
            to: letsStorageGo(design, turn, actor.frame) ? rest.entry : "give-back",
            commits: [commit({ kind: "done" })],
          };
        },
      },
    }),
  };
};

/** PROT_MTE on a page that has a place for its tags; the page-table lock is held throughout. */
const initialisingTags = (): Script["actions"] => ({
  "lock-tags": {
    standsFor: "try_page_mte_tagging()",
    do: ({ world, actor }) => {
      const frame = at(world.frames, actor.frame);
      if (frame.locked) return { to: "await-tags" };
      frame.locked = true;
      return { to: "clear-tags" };
    },
    unchecked: { check: "test of PG_mte_lock", do: () => ({ to: "clear-tags" }) },
  },
  "await-tags": {
    standsFor: "try_page_mte_tagging() spinning on PG_mte_tagged",
    when: ({ world, actor }) => at(world.frames, actor.frame).flagged,
    next: "map-tagged",
    do: () => ({ marks: ["second-initialiser-waits"] }),
  },
  "clear-tags": {
    standsFor: "mte_clear_page_tags()",
    next: "flag-tags",
    do: ({ world, site, actor }) => {
      storeTags(world, site, actor.frame, zeroes);
      return undefined;
    },
  },
  "flag-tags": {
    standsFor: "set_page_mte_tagged()",
    next: "map-tagged",
    do: ({ world, actor }) => {
      at(world.frames, actor.frame).flagged = true;
      return undefined;
    },
  },
  "map-tagged": {
    standsFor: "set_ptes()",
    drops: "page-table",
    next: "end",
    do: (turn) => {
      const { world, actor } = turn;
      const page = at(world.held, actor.handle);
      page.state = "mapped";
      page.tagged = true;
      page.uses--;
      const seen = seenAt(turn, page.at);
      return { commits: [commit({ kind: "page", handle: actor.handle, seen })] };
    },
  },
});

/** Where every page can be given its tags at once: set_ptes() claims storage and initialises. */
export const enableScript = ({ tagStorage }: MemoryDesign): Script => {
  const claim = tagStorage?.claim("lock-tags", "lock-tags");
  return {
    entry: "look-at-page",
    actions: together(claim?.actions ?? {}, initialisingTags(), {
      "look-at-page": {
        standsFor: "set_ptes(), mte_sync_tags()",
        takes: "page-table",
        do: (turn) => {
          const { world, actor } = turn;
          actor.handle = the(turn, "enable-tags").handle;
          const page = at(world.held, actor.handle);
          page.uses++;
          actor.frame = page.at;
          if (at(world.frames, page.at).flagged) return { to: "map-tagged" };
          return { to: claim?.entry ?? "lock-tags" };
        },
      },
    }),
  };
};

/** What a fault does with a page that has its storage: it becomes tagged unless it is already. */
export const initialisingUnderLock = (): Actions =>
  together(initialisingTags(), {
    "lock-page-table": {
      standsFor: "pte_offset_map_lock()",
      takes: "page-table",
      do: ({ world, actor }) => ({
        to: at(world.frames, actor.frame).flagged ? "map-tagged" : "lock-tags",
      }),
    },
  });

/**
 * Where a claim may sleep and fail it is made in a fault, before the page-table lock is taken: PROT_MTE
 * leaves the page without access, and the first access comes here.
 */
export const faultScript = ({ tagStorage }: MemoryDesign): Script => {
  const claim = tagStorage?.claim("lock-page-table", "fail-fault");
  return {
    entry: "look-at-page",
    actions: together(claim?.actions ?? {}, initialisingUnderLock(), {
      "look-at-page": {
        standsFor: "a fault on access",
        do: (turn) => {
          const { world, actor } = turn;
          actor.handle = the(turn, "enable-tags").handle;
          const page = at(world.held, actor.handle);
          page.uses++;
          actor.frame = page.at;
          if (at(world.frames, page.at).flagged) return { to: "lock-page-table" };
          return { to: claim?.entry ?? "lock-page-table" };
        },
      },
      "fail-fault": {
        standsFor: "VM_FAULT_OOM",
        next: "end",
        do: (turn) => {
          at(turn.world.held, turn.actor.handle).uses--;
          return { commits: [noMemoryCommit(turn)] };
        },
      },
    }),
  };
};

const access = (standsFor: string, act: (turn: Turn) => Commit): Script => ({
  entry: "access",
  actions: {
    access: { standsFor, next: "end", do: (turn) => ({ commits: [act(turn)] }) },
  },
});

export const accessScripts = {
  "write-tag": access("STG", (turn) => {
    const { handle, granule, tag } = the(turn, "write-tag");
    storeTag(turn.world, turn.site, at(turn.world.held, handle).at, granule, tag);
    return commit({ kind: "done" });
  }),
  "read-tag": access("LDG", (turn) => {
    const { handle, granule } = the(turn, "read-tag");
    const tag = loadTag(turn.world, turn.site, at(turn.world.held, handle).at, granule);
    return commit({ kind: "tag", tag });
  }),
  "write-bytes": access("STR", (turn) => {
    const { handle, bytes } = the(turn, "write-bytes");
    storePlace(turn.world, turn.site, at(turn.world.held, handle).at, bytes);
    return commit({ kind: "done" });
  }),
  "read-bytes": access("LDR", (turn) => {
    const { handle } = the(turn, "read-bytes");
    const bytes = loadPlace(turn.world, turn.site, at(turn.world.held, handle).at);
    return commit({ kind: "bytes", bytes });
  }),
};
