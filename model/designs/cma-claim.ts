/**
 * How RFC v3 claims a block of tag storage: under a mutex, migrating away what lies there, with
 * three tries against a page that is busy. And how it is let go, from any context.
 */
import { invalidateDataLines, poisonStorage, storeTags } from "../hardware/arena.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { nothing, type StorageUse } from "../world/world.ts";
import { commit, type TagStorage, type Turn } from "./script.ts";
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
} from "./shared/places.ts";
import { releaseScript } from "./shared/releasing.ts";

/** cma_alloc_range() gives up on a busy page after so many tries. */
export const triesAtMost = 3;

const pagesOfBlock = ({ site, actor }: Turn): readonly number[] =>
  at(site.storageOfBlock, at(site.blockOf, actor.frame));

const everyPage = (turn: Turn, ...uses: readonly StorageUse[]): boolean =>
  pagesOfBlock(turn).every((storage) => uses.includes(at(turn.world.storage, storage).use));

const countUser = ({ world, site, actor }: Turn): void => {
  const block = at(site.blockOf, actor.frame);
  world.users[block] = at(world.users, block) + 1;
  at(world.frames, actor.frame).claimed = true;
};

const afterCounting = (turn: Turn): Label => (hasStash(turn) ? "replay-stash" : "unlock-claimed");

/** Whoever holds the page that lies in a storage page; nobody while it is being allocated. */
const holderOf = ({ world, site }: Turn, storage: number): number =>
  world.held.findIndex((page) => page.state !== "none" && page.at === site.frames + storage);

export const cmaTagStorage: TagStorage = {
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
          if (turn.atomic()) return { to: "unlock-failed" };
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
          page.state = "mapped";
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
  release: (then) =>
    releaseScript(
      {
        invalidate: "free_tag_storage(), dcache_inval_tags_poc()",
        uncount: "free_tag_storage(), block_ref_sub()",
      },
      ({ world, site }, storage) => {
        at(world.storage, storage).use = "free";
        poisonStorage(world, site, storage);
      },
      then,
    ),
};

/** Where an actor is while it claims. */
export const cmaClaiming: readonly Label[] = [
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
