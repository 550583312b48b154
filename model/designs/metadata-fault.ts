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
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { nothing } from "../world/world.ts";
import { type Actions, commit, type Script, type Turn, the, together } from "./script.ts";
import { givingBack, initialisingTags, letsStorageGo } from "./shared/memory.ts";
import { type MigratingClaim, migratingClaim } from "./shared/migrating-claim.ts";
import { carryTags, isFlagged, type MovingDesign } from "./shared/moving.ts";
import {
  freeFrames,
  hasStash,
  isStorage,
  loadPlace,
  noMemoryCommit,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
} from "./shared/places.ts";
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

/** The move to another page: as migrate_pages() does it, from under everybody's eyes. */
const replacing = (design: MovingDesign, claimTarget: Label): Actions => {
  const rest = givingBack(design, "replay-fault");
  return together(rest.actions, {
    "replace-page": {
      standsFor: "alloc_migration_target() with __GFP_TAGGED",
      sleeps: true,
      choose: (turn) => orNone(freeFrames(turn, true)),
      do: (turn, place) => {
        const { actor } = turn;
        if (place < 0) return { to: "replay-fault" };
        takePlace(turn, place);
        actor.target = actor.frame;
        actor.frame = place;
        return { to: claimTarget };
      },
    },
    "isolate-page": {
      standsFor: "migrate_pages(), try_to_migrate()",
      do: ({ world, actor }) => {
        const page = at(world.held, actor.handle);
        if (page.pinned || page.uses > 1) return { to: "undo-replace" };
        page.state = "moving";
        return { to: "move-bytes" };
      },
    },
    "undo-replace": {
      standsFor: "migrate_pages() refused, folio_put() on the target",
      do: (turn) => {
        turn.actor.target = -1;
        return { to: letsStorageGo(design, turn, turn.actor.frame) ? rest.entry : "give-back" };
      },
    },
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
    "move-mapping": {
      standsFor: "migrate_pages(), remove_migration_ptes()",
      do: (turn) => {
        const { world, site, actor } = turn;
        const { frame: to, target: from } = actor;
        const page = at(world.held, actor.handle);
        page.at = to;
        page.state = "deferred";
        at(world.frames, to).use = "held";
        if (!isStorage(site, from)) at(world.frames, from).use = "busy";
        const seen = seenAt(turn, to);
        actor.frame = from;
        actor.target = -1;
        const outcome = { kind: "page", handle: actor.handle, seen } as const;
        const move = { kind: "migrate", handle: actor.handle } as const;
        return {
          to: letsStorageGo(design, turn, from) ? rest.entry : "give-back",
          commits: [commit(outcome, placed(site, to), move)],
          marks: ["fault-replaces-the-page"],
        };
      },
    },
  });
};

/** mte_sync_tags(): the tags that were kept aside, or none. */
const syncingTags = ({ replaysWhenMapped }: FaultVersion): Actions =>
  together(
    initialisingTags(),
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
  /** Storage is claimed for the page itself, or for the one that takes its place. */
  const forReplacement = ({ actor }: Turn): boolean => actor.target >= 0;
  const claim = migratingClaim(
    version.claim,
    (turn) => (forReplacement(turn) ? "isolate-page" : "lock-page-table"),
    (turn) => {
      if (forReplacement(turn)) return "return-page";
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
      replacing(design, claim.entry),
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
        "lock-page-table": {
          standsFor: "pte_offset_map_lock()",
          takes: "page-table",
          do: ({ world, actor }) => ({
            to: at(world.frames, actor.frame).flagged ? "map-tagged" : "lock-tags",
          }),
        },
        "replay-fault": {
          standsFor: "the access faults again",
          next: "look-at-page",
          do: ({ world, actor }) => {
            at(world.held, actor.handle).uses--;
            return { marks: ["fault-is-replayed"] };
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
