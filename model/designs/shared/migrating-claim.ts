/**
 * How the posted series claim a block of tag storage: under a mutex, migrating away what lies there,
 * with so many tries against a page that is busy. And how it is let go, from any context. The
 * versions differ in what they call it, in how often they try, in who puts back tags that were kept
 * aside, and in what they make of a fatal signal.
 */
import { storeTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import type { Scope } from "../../world/scope.ts";
import { at } from "../../world/site.ts";
import { nothing } from "../../world/world.ts";
import type {
  Action,
  Actions,
  BranchingAction,
  Effects,
  Script,
  StraightAction,
  TagStorage,
  Turn,
} from "../script.ts";
import { countUser, invalidatingDataLines, isUsedForTags, pagesOfBlock } from "./blocks.ts";
import { evacuating } from "./evacuating.ts";
import { emptyStorage, hasStash } from "./places.ts";
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

/** Pages of the block that the claim had set aside go back to the free list. */
const undoIsolation = (turn: Turn): void => {
  for (const storage of pagesOfBlock(turn)) {
    const page = at(turn.world.storage, storage);
    if (page.use === "isolated") page.use = "free";
  }
  turn.actor.storage = -1;
};

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
  const { names, triesAtMost, replaysStash, mayBeKilled } = version;
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
          if (isUsedForTags(turn)) {
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
      ...evacuating({
        standsFor: `${names.allocateRange}, __alloc_contig_migrate_range()`,
        pages: pagesOfBlock,
        triesAtMost,
        moved: "check-block",
        leaves: "isolated",
        givenUp: "unlock-failed",
      }),
      "invalidate-data-lines": invalidatingDataLines,
      "count-user": {
        standsFor: "xa_store(), block_ref_add()",
        within: "index",
        do: (turn) => {
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
      emptyStorage,
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
