/**
 * cma (RFC v3): tag storage is CMA memory, used for ordinary untagged data. A page that becomes
 * tagged claims its block: what lies there is migrated away, with three tries against a page that is
 * busy, under a mutex. Best effort: a page for which that failed is handed out all the same and
 * mapped without access; the fault on its first access tries again, then moves the page itself.
 * CMA memory is never tagged, tag storage or not. Tags that have no place yet (a copy, a swap-in)
 * are stashed by page number and replayed when the storage is claimed.
 *
 * `cma` is the series as posted: kernel MTE (HW KASAN) is refused by configuration. In
 * `cma-hw-kasan` that gate is gone, and atomic allocations ask for tag storage too.
 */
import {
  invalidateDataLines,
  invalidateTagLines,
  poisonStorage,
  poisonTags,
  storeTags,
} from "../hardware/arena.ts";
import type { Label } from "./labels.ts";
import {
  commit,
  type Design,
  type Script,
  type TagStorage,
  the,
  together,
  type Turn,
} from "./script.ts";
import { fileScripts, noBackEnd } from "./shared/files.ts";
import {
  accessScripts,
  allocateScript,
  freeScript,
  initialisingTags,
} from "./shared/memory.ts";
import { copyScript, migrateScript, type MovingDesign } from "./shared/moving.ts";
import {
  freeFrames,
  freeStorage,
  givePlaceBack,
  isStorage,
  loadPlace,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
} from "./shared/places.ts";
import {
  freeSlotScript,
  shareSlotScript,
  swapInScript,
  swapOutScript,
} from "./shared/swapping.ts";
import { at } from "./site.ts";
import { nothing, type StorageUse } from "./world.ts";

/** cma_alloc_range() gives up on a busy page after so many tries. */
const triesAtMost = 3;

const pagesOfBlock = ({ site, actor }: Turn): readonly number[] =>
  at(site.storageOfBlock, at(site.blockOf, actor.frame));

const everyPage = (turn: Turn, ...uses: readonly StorageUse[]): boolean =>
  pagesOfBlock(turn).every((storage) => uses.includes(at(turn.world.storage, storage).use));

const hasStash = ({ world, site, actor }: Turn): boolean =>
  (world.stash[actor.frame * site.granules] ?? nothing) !== nothing;

const countUser = ({ world, site, actor }: Turn): void => {
  const block = at(site.blockOf, actor.frame);
  world.users[block] = at(world.users, block) + 1;
  at(world.frames, actor.frame).claimed = true;
};

const afterCounting = (turn: Turn): Label => (hasStash(turn) ? "replay-stash" : "unlock-claimed");

/** Whoever holds the page that lies in a storage page; nobody while it is being allocated. */
const holderOf = ({ world, site }: Turn, storage: number): number =>
  world.held.findIndex((page) => page.state !== "none" && page.at === site.frames + storage);

const tagStorage: TagStorage = {
  claim: (then, otherwise) => ({
    entry: "lock-blocks",
    actions: {
      "lock-blocks": {
        standsFor: "reserve_tag_storage(), mutex_lock(&tag_blocks_lock)",
        takes: "tag-blocks",
        next: "check-block",
        do: ({ actor }) => {
          actor.count = 0;
          return undefined;
        },
      },
      "check-block": {
        standsFor: "reserve_tag_storage(), xa_load() and block_ref_add()",
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
            return { to: "isolate-storage" };
          }
          for (const storage of pages) at(world.storage, storage).use = "isolated";
          return { to: "invalidate-data-lines", marks: ["claim-takes-a-free-block"] };
        },
      },
      "isolate-storage": {
        standsFor: "cma_alloc_range(), __alloc_contig_migrate_range()",
        sleeps: true,
        choose: (turn) => {
          const block = new Set(pagesOfBlock(turn).map((storage) => turn.site.frames + storage));
          const spare = freeStorage(turn).filter((place) => !block.has(place));
          return orNone([...freeFrames(turn, false), ...spare]);
        },
        do: (turn, place) => {
          const { world, actor } = turn;
          /** In atomic context nothing can be migrated at all. */
          if (turn.atomic) return { to: "unlock-failed" };
          const holder = holderOf(turn, actor.storage);
          const page = world.held[holder];
          const stays = !page || page.pinned || page.uses > 0 || page.state !== "mapped";
          if (stays) {
            actor.count++;
            const to = actor.count < triesAtMost ? "isolate-storage" : "unlock-failed";
            return page?.pinned ? { to, marks: ["claim-finds-a-pinned-page"] } : { to };
          }
          if (place < 0) return { to: "unlock-failed" };
          takePlace(turn, place);
          page.state = "moving";
          actor.slot = holder;
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
          const page = at(world.held, actor.slot);
          page.at = actor.moved;
          page.state = "mapped";
          if (!isStorage(site, actor.moved)) at(world.frames, actor.moved).use = "held";
          at(world.storage, actor.storage).use = "isolated";
          poisonStorage(world, site, actor.storage);
          const seen = seenAt(turn, actor.moved);
          const outcome = { kind: "page", handle: actor.slot, seen } as const;
          const moved = commit(outcome, placed(site, actor.moved), {
            kind: "migrate",
            handle: actor.slot,
          });
          actor.storage = -1;
          actor.slot = -1;
          actor.moved = -1;
          return { commits: [moved], marks: ["claim-moves-data-away"] };
        },
      },
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
      "replay-stash": {
        standsFor: "mte_restore_tags_for_pfn()",
        next: "unlock-claimed",
        do: ({ world, site, actor }) => {
          const first = actor.frame * site.granules;
          const tags = world.stash.slice(first, first + site.granules);
          storeTags(world, site, actor.frame, tags);
          world.stash.fill(nothing, first, first + site.granules);
          const frame = at(world.frames, actor.frame);
          frame.locked = true;
          frame.flagged = true;
          return { marks: ["stash-is-replayed"] };
        },
      },
      "unlock-claimed": {
        standsFor: "reserve_tag_storage(), mutex_unlock()",
        drops: "tag-blocks",
        next: then,
        do: () => undefined,
      },
      "unlock-failed": {
        standsFor: "reserve_tag_storage() failing, mutex_unlock()",
        drops: "tag-blocks",
        next: otherwise,
        do: (turn) => {
          for (const storage of pagesOfBlock(turn)) {
            const page = at(turn.world.storage, storage);
            if (page.use === "isolated") page.use = "free";
          }
          turn.actor.storage = -1;
          return { marks: ["claim-gives-up"] };
        },
      },
    },
  }),
  release: (then) => ({
    entry: "invalidate-tag-lines",
    actions: {
      "invalidate-tag-lines": {
        standsFor: "free_tag_storage(), dcache_inval_tags_poc()",
        takes: "index",
        next: "uncount",
        do: ({ world, site, actor }) => {
          invalidateTagLines(world, site, actor.frame);
          return undefined;
        },
      },
      uncount: {
        standsFor: "free_tag_storage(), block_ref_sub()",
        drops: "index",
        next: then,
        do: (turn) => {
          const { world, site, actor } = turn;
          const block = at(site.blockOf, actor.frame);
          const users = at(world.users, block) - 1;
          world.users[block] = users;
          at(world.frames, actor.frame).claimed = false;
          poisonTags(world, site, actor.frame);
          if (users > 0) return undefined;
          for (const storage of pagesOfBlock(turn)) {
            at(world.storage, storage).use = "free";
            poisonStorage(world, site, storage);
          }
          return { marks: ["last-user-gives-the-block-back"] };
        },
      },
    },
  }),
};

/**
 * The fault on a page that has no place for its tags. A page that lies in CMA memory is moved out of
 * it. Else its storage is claimed; a first failure is VM_FAULT_RETRY, a later one moves the page to
 * another that may have its storage, and the fault is replayed whatever came of it.
 */
const faultScript = (): Script => {
  const claim = tagStorage.claim("lock-tags", "retry-fault");
  return {
    entry: "look-at-page",
    actions: together(claim.actions, initialisingTags(), {
      "look-at-page": {
        standsFor: "handle_folio_missing_tag_storage()",
        when: (turn) => {
          const { state } = at(turn.world.held, the(turn, "enable-tags").handle);
          return state === "mapped" || state === "deferred";
        },
        do: (turn) => {
          const { world, site, actor } = turn;
          actor.handle = the(turn, "enable-tags").handle;
          const page = at(world.held, actor.handle);
          page.uses++;
          actor.frame = page.at;
          if (isStorage(site, page.at) || page.at >= site.taggableFrames)
            return { to: "replace-page" };
          return { to: at(world.frames, page.at).flagged ? "map-tagged" : claim.entry };
        },
      },
      "retry-fault": {
        standsFor: "VM_FAULT_RETRY",
        do: ({ actor }) => {
          const first = actor.value !== 0;
          actor.value = 0;
          return { to: first ? "replay-fault" : "replace-page" };
        },
      },
      "replace-page": {
        standsFor: "replace_folio_with_tagged()",
        sleeps: true,
        choose: (turn) => orNone(freeFrames(turn, true)),
        do: (turn, place) => {
          const { world, actor } = turn;
          const page = at(world.held, actor.handle);
          if (place < 0 || page.pinned || page.uses > 1 || hasStash(turn))
            return { to: "replay-fault" };
          takePlace(turn, place);
          page.state = "moving";
          actor.target = actor.frame;
          actor.frame = place;
          return { to: "move-bytes" };
        },
      },
      "move-bytes": {
        standsFor: "migrate_pages(), copy_highpage()",
        next: "move-mapping",
        do: ({ world, site, actor }) => {
          storePlace(world, site, actor.frame, loadPlace(world, site, actor.target));
          return undefined;
        },
      },
      "move-mapping": {
        standsFor: "migrate_pages(), remove_migration_ptes()",
        next: "replay-fault",
        do: (turn) => {
          const { world, site, actor } = turn;
          const page = at(world.held, actor.handle);
          page.at = actor.frame;
          page.state = "deferred";
          at(world.frames, actor.frame).use = "held";
          givePlaceBack(turn, actor.target);
          actor.target = -1;
          const seen = seenAt(turn, actor.frame);
          const outcome = { kind: "page", handle: actor.handle, seen } as const;
          const move = { kind: "migrate", handle: actor.handle } as const;
          return {
            commits: [commit(outcome, placed(site, actor.frame), move)],
            marks: ["fault-replaces-the-page"],
          };
        },
      },
      "replay-fault": {
        standsFor: "the access faults again",
        next: "look-at-page",
        do: ({ world, actor }) => {
          at(world.held, actor.handle).uses--;
          return { marks: ["fault-is-replayed"] };
        },
      },
    }),
  };
};

const memory: MovingDesign = { tagStorage, dataInStorage: true, claimsAt: "allocation" };

const claimLabels: readonly Label[] = [
  "lock-blocks",
  "check-block",
  "isolate-storage",
  "move-storage",
  "remap-storage",
  "invalidate-data-lines",
  "count-user",
  "replay-stash",
  "unlock-claimed",
  "unlock-failed",
];

const cmaDesign = (name: string, title: string, kernelTags: boolean): Design => ({
  name,
  title,
  locks: {
    "tag-blocks": "sleeping",
    index: "spin-irqsave",
    "page-table": "spin",
    "file-page": "sleeping",
  },
  scripts: {
    allocate: allocateScript(memory),
    free: freeScript(memory),
    "enable-tags": faultScript(),
    ...accessScripts,
    copy: copyScript(memory),
    migrate: migrateScript(memory),
    "swap-out": swapOutScript(memory),
    "swap-in": swapInScript(memory),
    "share-slot": shareSlotScript,
    "free-slot": freeSlotScript,
    ...fileScripts(noBackEnd),
  },
  claiming: new Set(claimLabels),
  /** Six actions, and for each page of the block three tries, a copy, a remap, another look. */
  claimBound: ({ scope }) => 6 + scope.geometry.blockPages * (triesAtMost + 3),
  folioOrder: 0,
  dataInStorage: true,
  barsCma: true,
  stash: true,
  kernelTags,
  marks: [
    "no-free-page",
    "claim-joins-other-users",
    "claim-takes-a-free-block",
    "last-user-gives-the-block-back",
    "data-moves-into-tag-storage",
    "claim-moves-data-away",
    "claim-finds-a-pinned-page",
    "claim-gives-up",
    "tags-wait-for-a-fault",
    "fault-replaces-the-page",
    "fault-is-replayed",
    "tags-are-stashed",
    "stash-is-replayed",
    "a-tagged-page-is-copied",
    "a-tagged-page-is-migrated",
    "tags-are-saved",
    "save-fails",
    "tags-are-restored",
    "a-slot-is-shared",
    "write-back-fails",
    "a-line-is-written-back",
    ...(kernelTags ? (["interrupt-during-an-operation"] as const) : []),
  ],
});

export const cma = cmaDesign("cma", "storage is CMA memory, claims migrate (RFC v3)", false);
export const cmaHwKasan = cmaDesign("cma-hw-kasan", "RFC v3 with its kernel MTE gate removed", true);
