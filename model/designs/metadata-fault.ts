/**
 * mprotect(PROT_MTE) in RFC v1 and v2: the entries of existing pages become PAGE_METADATA_NONE, and
 * the first access faults. The fault finds the page its storage and makes the entry accessible. A
 * page that lies in tag storage is moved out of it, to a page that has its storage from the start.
 *
 * Where the storage cannot be had, v1 moves the page in the same way, v2 replays the fault. A page
 * whose tags are kept aside cannot be moved by v1: its second fault ends in VM_FAULT_OOM. Whatever
 * came of a move, the access is repeated. One try to move stands for the five of the kernel: each
 * would be followed by another fault all the same.
 */
import { storeTags } from "../hardware/arena.ts";
import { at } from "../world/site.ts";
import { nothing } from "../world/world.ts";
import { type Actions, type Script, the, together } from "./script.ts";
import { initialisingUnderLock } from "./shared/memory.ts";
import { type MigratingClaim, migratingClaim } from "./shared/migrating-claim.ts";
import { carryTags, isFlagged, type MovingDesign } from "./shared/moving.ts";
import {
  hasStash,
  isStorage,
  loadPlace,
  noMemoryCommit,
  seenAt,
  storePlace,
} from "./shared/places.ts";
import { isForReplacement, replacing } from "./shared/replacing.ts";
import { tryingNextPage } from "./shared/reserving.ts";

export type FaultVersion = {
  readonly claim: MigratingClaim;
  /** The function that handles the fault. */
  readonly handler: string;
  /** A page whose storage cannot be had: moved to another, or left to the next fault. */
  readonly refused: "moves" | "faults-again";
  /** Stashed tags are put back by mte_sync_tags(); the claim does so where it does not. */
  readonly replaysWhenMapped: boolean;
  /** A page that is reserved by now is mapped without waiting for the mutex of whoever reserves it. */
  readonly trustsReservedFlag: boolean;
};

const zeroes: readonly number[] = [];

const copying: Actions = {
  "move-bytes": {
    standsFor: "migrate_pages(), copy_highpage()",
    next: "move-mapping",
    do: (turn) => {
      const { world, site, actor } = turn;
      storePlace(world, site, actor.frame, loadPlace(world, site, actor.target));
      if (isFlagged(world, site, actor.target)) carryTags(turn, actor.target, actor.frame);
      return undefined;
    },
  },
};

/** mte_sync_tags(): the tags that were kept aside, or none. */
const syncingTags = ({ replaysWhenMapped }: FaultVersion): Actions =>
  together(
    initialisingUnderLock(),
    replaysWhenMapped
      ? {
          "clear-tags": {
            standsFor: "mte_restore_saved_tags(), mte_clear_page_tags()",
            next: "flag-tags",
            do: (turn) => {
              const { world, site, actor } = turn;
              const first = actor.frame * site.granules;
              const end = first + site.granules;
              const kept = hasStash(turn);
              storeTags(world, site, actor.frame, kept ? world.stash.slice(first, end) : zeroes);
              world.stash.fill(nothing, first, end);
              return kept ? { marks: ["stash-is-replayed"] } : undefined;
            },
          },
        }
      : {},
  );

export const metadataFaultScript = (design: MovingDesign, version: FaultVersion): Script => {
  const { handler, refused, trustsReservedFlag } = version;
  const claim = migratingClaim(
    version.claim,
    (turn) => (isForReplacement(turn) ? "isolate-page" : "lock-page-table"),
    (turn) => {
      if (isForReplacement(turn)) return "return-page";
      if (refused === "faults-again") return "replay-fault";
      if (!hasStash(turn)) return "replace-page";
      return turn.actor.value === 0 ? "out-of-memory" : "retry-fault";
    },
  );
  return {
    entry: "change-protection",
    actions: together(
      claim.actions,
      syncingTags(version),
      replacing(design, {
        asking: "alloc_migration_target() with __GFP_TAGGED",
        claimTarget: claim.entry,
        copying,
        seen: seenAt,
      }),
      tryingNextPage(claim.entry, (turn) => {
        turn.actor.target = -1;
        return { to: "replay-fault" };
      }),
      {
        "change-protection": {
          standsFor: "mprotect(PROT_MTE), change_pte_range()",
          when: ({ world, operation }) => {
            if (operation.kind !== "enable-tags") return false;
            const { state } = at(world.held, operation.handle);
            return state === "mapped" || state === "deferred";
          },
          next: "look-at-page",
          do: (turn) => {
            const { world, site, actor } = turn;
            actor.handle = the(turn, "enable-tags").handle;
            const page = at(world.held, actor.handle);
            if (!isFlagged(world, site, page.at)) page.state = "deferred";
            return undefined;
          },
        },
        "look-at-page": {
          standsFor: handler,
          when: ({ world, actor }) => {
            const { state } = at(world.held, actor.handle);
            return state === "mapped" || state === "deferred";
          },
          do: ({ world, site, actor }) => {
            const page = at(world.held, actor.handle);
            page.uses++;
            actor.frame = page.at;
            if (isStorage(site, page.at) || page.at >= site.taggableFrames)
              return { to: "replace-page" };
            const { flagged, claimed } = at(world.frames, page.at);
            const ready = flagged || (claimed && trustsReservedFlag);
            return { to: ready ? "lock-page-table" : claim.entry };
          },
        },
        ...(refused === "moves" && {
          "retry-fault": {
            standsFor: "VM_FAULT_RETRY",
            next: "replay-fault",
            do: ({ actor }) => {
              /** The register holds junk until the fault was retried once. */
              actor.value = 0;
              return undefined;
            },
          },
          "out-of-memory": {
            standsFor: "VM_FAULT_OOM",
            next: "end",
            do: (turn) => {
              at(turn.world.held, turn.actor.handle).uses--;
              return {
                commits: [noMemoryCommit(turn)],
                marks: ["fault-ends-without-memory"],
              };
            },
          },
        }),
      },
    ),
  };
};
