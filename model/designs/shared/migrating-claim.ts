/**
 * How the posted series claim a block of tag storage: under a mutex, migrating away what lies there,
 * with so many tries against a page that is busy. And how it is let go, from any context. The
 * versions differ in what they call it, in how often they try, in who puts back tags that were kept
 * aside, and in what they make of a fatal signal.
 */
import { invalidateDataLines, poisonStorage, storeTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import type { Scope } from "../../world/scope.ts";
import { at } from "../../world/site.ts";
import { heldStates, junk, nothing, type StorageUse } from "../../world/world.ts";
import {
  type Action,
  type Actions,
  type BranchingAction,
  commit,
  type Effects,
  type Script,
  type StraightAction,
  type TagStorage,
  type Turn,
} from "../script.ts";
import {
  freeFrames,
  freeStorage,
  hasStash,
  isStorage,
  loadPlace,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
} from "./places.ts";
import { releaseScript } from "./releasing.ts";

export type MigratingClaim = {
  /** The functions of that version. */
  readonly names: {
    readonly reserve: string;
    readonly allocateRange: string;
    readonly free: string;
  };
  /** The claim gives up on a busy page after so many tries. */
  readonly triesAtMost: number;
  /** When a claim gives a page back the tags that were kept aside for it, if it is the one to. */
  readonly replaysStash: "under-the-mutex" | "after-the-mutex" | "never";
  /**
   * Could a fatal signal be pending where data has to be moved? The claim then reports success
   * without storage. Left out: a signal is one more reason to fail.
   */
  readonly mayBeKilled?: (turn: Turn) => boolean;
  /** Where `actor.frame` has its storage, or will never have it from this claim. */
  readonly over?: (turn: Turn) => void;
};

const pagesOfBlock = ({ site, actor }: Turn): readonly number[] =>
  at(site.storageOfBlock, at(site.blockOf, actor.frame));

const everyPage = (turn: Turn, ...uses: readonly StorageUse[]): boolean =>
  pagesOfBlock(turn).every((storage) => uses.includes(at(turn.world.storage, storage).use));

const countUser = ({ world, site, actor }: Turn): void => {
  const block = at(site.blockOf, actor.frame);
  world.users[block] = at(world.users, block) + 1;
  at(world.frames, actor.frame).claimed = true;
};

/** Whoever holds the page that lies in a storage page; nobody while it is being allocated. */
const holderOf = ({ world, site }: Turn, storage: number): number =>
  world.held.findIndex((page) => page.state !== "none" && page.at === site.frames + storage);

/** Pages of the block that the claim had set aside go back to the free list. */
const undoIsolation = (turn: Turn): void => {
  for (const storage of pagesOfBlock(turn)) {
    const page = at(turn.world.storage, storage);
    if (page.use === "isolated") page.use = "free";
  }
  turn.actor.storage = -1;
};

/** Moving what lies in the block away, page by page. */
const migrating = ({ names, triesAtMost }: MigratingClaim): Actions => ({
  "isolate-storage": {
    standsFor: `${names.allocateRange}, __alloc_contig_migrate_range()`,
    sleeps: true,
    choose: (turn) => {
      const block = new Set(pagesOfBlock(turn).map((storage) => turn.site.frames + storage));
      const spare = freeStorage(turn).filter((place) => !block.has(place));
      return orNone([...freeFrames(turn, false), ...spare]);
    },
    do: (turn, place) => {
      const { world, actor } = turn;
      /** In atomic context nothing can be migrated at all. */
      if (turn.atomic()) return { to: "unlock-failed" };
      const holder = holderOf(turn, actor.storage);
      const page = world.held[holder];
      const mapped = page?.state === "mapped" || page?.state === "deferred";
      if (!page || !mapped || page.pinned || page.uses > 0) {
        actor.count++;
        const to = actor.count < triesAtMost ? "isolate-storage" : "unlock-failed";
        return page?.pinned ? { to, marks: ["claim-finds-a-pinned-page"] } : { to };
      }
      if (place < 0) return { to: "unlock-failed" };
      takePlace(turn, place);
      /** A page that waits for a fault waits for it where it comes to lie, too. */
      if (page.state === "deferred") actor.secondValue = heldStates.indexOf("deferred");
      page.state = "moving";
      actor.moved = place;
      return { to: "move-storage" };
    },
  },
  "move-storage": {
    standsFor: "migrate_pages(), copy_highpage()",
    next: "remap-storage",
    do: ({ world, site, actor }) => {
      const bytes = loadPlace(world, site, site.frames + actor.storage);
      storePlace(world, site, actor.moved, bytes);
      return undefined;
    },
  },
  "remap-storage": {
    standsFor: "migrate_pages(), remove_migration_ptes()",
    next: "check-block",
    do: (turn) => {
      const { world, site, actor } = turn;
      const holder = holderOf(turn, actor.storage);
      const page = at(world.held, holder);
      page.at = actor.moved;
      page.state = actor.secondValue === junk ? "mapped" : "deferred";
      if (!isStorage(site, actor.moved)) at(world.frames, actor.moved).use = "held";
      at(world.storage, actor.storage).use = "isolated";
      poisonStorage(world, site, actor.storage);
      const seen = seenAt(turn, actor.moved);
      const outcome = { kind: "page", handle: holder, seen } as const;
      const moved = commit(outcome, placed(site, actor.moved), {
        kind: "migrate",
        handle: holder,
      });
      actor.storage = -1;
      actor.moved = -1;
      actor.secondValue = junk;
      return { commits: [moved], marks: ["claim-moves-data-away"] };
    },
  },
});

/** Where a claim goes on: at a label, or where whoever claims decides. */
type Onward = Label | ((turn: Turn) => Label);

const onwardFrom = (onward: Onward, turn: Turn): Label =>
  typeof onward === "string" ? onward : onward(turn);

const goingOn = (
  onward: Onward,
  act: (turn: Turn) => Effects | undefined,
): Pick<StraightAction, "next" | "do"> | Pick<BranchingAction, "do"> =>
  typeof onward === "string"
    ? { next: onward, do: act }
    : { do: (turn) => ({ to: onward(turn), ...act(turn) }) };

const replaying = (onward: Onward): Action => ({
  standsFor: "mte_restore_tags_for_pfn()",
  ...goingOn(onward, ({ world, site, actor }) => {
    const first = actor.frame * site.granules;
    const tags = world.stash.slice(first, first + site.granules);
    storeTags(world, site, actor.frame, tags);
    world.stash.fill(nothing, first, first + site.granules);
    const frame = at(world.frames, actor.frame);
    frame.locked = true;
    frame.flagged = true;
    return { marks: ["stash-is-replayed"] };
  }),
});

const unlocking = (
  { names, replaysStash, over }: MigratingClaim,
  then: Onward,
  otherwise: Onward,
): Actions => ({
  "unlock-claimed": {
    standsFor: `${names.reserve}, mutex_unlock()`,
    drops: "tag-blocks",
    ...goingOn(
      replaysStash === "after-the-mutex"
        ? (turn) => (hasStash(turn) ? "replay-stash" : onwardFrom(then, turn))
        : then,
      (turn) => {
        over?.(turn);
        return undefined;
      },
    ),
  },
  "unlock-failed": {
    standsFor: `${names.reserve} failing, mutex_unlock()`,
    drops: "tag-blocks",
    ...goingOn(otherwise, (turn) => {
      undoIsolation(turn);
      return { marks: ["claim-gives-up"] };
    }),
  },
});

/** A claim whose task is being killed reports success, so that nobody is told of missing memory. */
const dying = ({ names, over }: MigratingClaim, then: Onward): Actions => ({
  "check-signal": {
    standsFor: `${names.allocateRange}, fatal_signal_pending()`,
    decidedBy: "environment",
    choose: () => [0, 1],
    do: (_turn, killed) => ({ to: killed ? "unlock-killed" : "isolate-storage" }),
  },
  "unlock-killed": {
    standsFor: `${names.reserve}, -EINTR made 0, mutex_unlock()`,
    drops: "tag-blocks",
    ...goingOn(then, (turn) => {
      undoIsolation(turn);
      over?.(turn);
      return { marks: ["claim-is-killed"] };
    }),
  },
});

export const migratingClaim = (
  version: MigratingClaim,
  then: Onward,
  otherwise: Onward,
): Script => {
  const { names, replaysStash, mayBeKilled } = version;
  const afterCounting = (turn: Turn): Label =>
    replaysStash === "under-the-mutex" && hasStash(turn) ? "replay-stash" : "unlock-claimed";
  return {
    entry: "lock-blocks",
    actions: {
      "lock-blocks": {
        standsFor: `${names.reserve}, mutex_lock(&tag_blocks_lock)`,
        takes: "tag-blocks",
        next: "check-block",
        do: ({ actor }) => {
          actor.count = 0;
          return undefined;
        },
      },
      "check-block": {
        standsFor: `${names.reserve}, xa_load() and block_ref_add()`,
        within: "index",
        do: (turn) => {
          const { world, actor } = turn;
          if (at(world.frames, actor.frame).claimed) return { to: "unlock-claimed" };
          if (everyPage(turn, "tags")) {
            countUser(turn);
            return { to: afterCounting(turn), marks: ["claim-joins-other-users"] };
          }
          const pages = pagesOfBlock(turn);
          const inUse = pages.find((storage) => at(world.storage, storage).use === "data");
          if (inUse !== undefined) {
            actor.storage = inUse;
            return { to: mayBeKilled?.(turn) ? "check-signal" : "isolate-storage" };
          }
          for (const storage of pages) at(world.storage, storage).use = "isolated";
          return { to: "invalidate-data-lines", marks: ["claim-takes-a-free-block"] };
        },
      },
      ...migrating(version),
      "invalidate-data-lines": {
        standsFor: "dcache_inval_poc() on the block",
        next: "count-user",
        do: (turn) => {
          for (const storage of pagesOfBlock(turn)) invalidateDataLines(turn.world, storage);
          return undefined;
        },
      },
      "count-user": {
        standsFor: "xa_store(), block_ref_add()",
        within: "index",
        do: (turn) => {
          for (const storage of pagesOfBlock(turn)) at(turn.world.storage, storage).use = "tags";
          countUser(turn);
          return { to: afterCounting(turn) };
        },
      },
      ...(replaysStash !== "never" && {
        "replay-stash": replaying(replaysStash === "after-the-mutex" ? then : "unlock-claimed"),
      }),
      ...unlocking(version, then, otherwise),
      ...(mayBeKilled && dying(version, then)),
    },
  };
};

export const migratingTagStorage = (version: MigratingClaim): TagStorage => ({
  claim: (then, otherwise) => migratingClaim(version, then, otherwise),
  release: (then) =>
    releaseScript(
      {
        invalidate: `${version.names.free}, dcache_inval_tags_poc()`,
        uncount: `${version.names.free}, block_ref_sub()`,
      },
      ({ world, site }, storage) => {
        at(world.storage, storage).use = "free";
        poisonStorage(world, site, storage);
      },
      then,
    ),
});

/** Own actions that a claim may take: six, and for each page its tries, a copy, a remap, two looks. */
export const boundOfClaim =
  ({ triesAtMost, mayBeKilled }: MigratingClaim) =>
  ({ geometry }: Scope): number =>
    6 + geometry.blockPages * (triesAtMost + (mayBeKilled ? 4 : 3));

/** Where an actor is while it claims. */
export const migratingLabels: readonly Label[] = [
  "lock-blocks",
  "check-block",
  "check-signal",
  "isolate-storage",
  "move-storage",
  "remap-storage",
  "invalidate-data-lines",
  "count-user",
  "replay-stash",
  "unlock-claimed",
  "unlock-killed",
  "unlock-failed",
];
