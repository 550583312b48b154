/**
 * cleancache-2025: the cleancache of the Guaranteed CMA postings as the carrier. The pages of
 * storage are donated to a front end that has the index, copies, and keeps the entry at a get. The
 * owner takes a page back by name: from the list of free pages, or by reading which key it holds,
 * locking the index, and asking whether it is still that key's; if not, it tries again.
 *
 * Locks: the blocks (held over a whole claim or release), the index (over a whole put or get, with
 * its copy), the pool (the list of free pages), all with interrupts off as in the RFC. A page that
 * a put has picked names its key at once, so that taking it back waits for the put. The postings
 * went without either; both are among the planted bugs. Storage is for single pages only.
 */
import { loadData, storeData } from "../hardware/arena.ts";
import type { Label } from "../world/labels.ts";
import type { Scope } from "../world/scope.ts";
import { at } from "../world/site.ts";
import type { World } from "../world/world.ts";
import { cleancachePage } from "./cleancache.ts";
import type { Design } from "./design.ts";
import { commit, type Next, type Script, type TagStorage, type Turn } from "./script.ts";
import { countUser, invalidatingDataLines, isUsedForTags, pagesOfBlock } from "./shared/blocks.ts";
import {
  type CacheBackEnd,
  droppedPut,
  keyOfOperation,
  missed,
  onKey,
  putOf,
} from "./shared/keys.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { emptyStorage } from "./shared/places.ts";
import { releaseScript } from "./shared/releasing.ts";
import { withFewerPages, withoutOffers } from "./shared/scopes.ts";
import { scriptsOf } from "./shared/scripts.ts";

const keyOfTurn = ({ site, operation }: Turn): number => keyOfOperation(site, operation);

const folioAt = (world: World, key: number): number =>
  world.storage.findIndex((page) => page.use === "cached" && page.key === key);

const dropped = ({ site }: Turn, key: number) =>
  commit({ kind: "done" }, { kind: "none" }, onKey(site, "drop", key));

const get = (hit: Label, miss: Label): Script => ({
  entry: "get-look-up",
  actions: {
    "get-look-up": {
      standsFor: "cleancache_restore_folio(), find under the lock of the index",
      takes: "index",
      do: (turn) => {
        turn.actor.storage = folioAt(turn.world, keyOfTurn(turn));
        return { to: turn.actor.storage < 0 ? "get-let-go" : "get-take" };
      },
    },
    "get-take": {
      standsFor: "cleancache_restore_folio(), copy under the lock",
      drops: "index",
      next: hit,
      do: (turn) => {
        const { world, site, actor } = turn;
        const bytes = loadData(world, site, actor.storage);
        actor.value = bytes;
        actor.storage = -1;
        const asked = onKey(site, "get", keyOfTurn(turn));
        return {
          commits: [commit({ kind: "hit", bytes }, { kind: "none" }, asked)],
          marks: ["hit"],
        };
      },
    },
    "get-let-go": {
      standsFor: "cleancache_restore_folio() returning false",
      drops: "index",
      next: miss,
      do: (turn) => ({ commits: missed(turn), marks: ["miss"] }),
    },
  },
});

const put = (then: Label): Script => ({
  entry: "put-claim",
  actions: {
    "put-claim": {
      standsFor: "cleancache_store_folio(), find under the lock of the index",
      takes: "index",
      /** Is the page worth a copy? One that is not must not leave an older copy behind. */
      choose: () => [0, 1],
      do: (turn, worth) => {
        turn.actor.storage = folioAt(turn.world, keyOfTurn(turn));
        const older = turn.world.storage[turn.actor.storage];
        if (older && worth) older.use = "filling";
        if (older) return { to: worth ? "put-copy" : "put-forget" };
        return { to: worth ? "put-pick" : "put-dropped" };
      },
    },
    "put-pick": {
      standsFor: "pick_folio_from_any_pool()",
      within: "pool",
      choose: ({ world }) => {
        const free = world.storage.flatMap(({ use }, storage) => (use === "free" ? [storage] : []));
        return free.length > 0 ? free : [-1];
      },
      do: (turn, storage): Next => {
        turn.actor.storage = storage;
        if (storage < 0) return { to: "put-dropped" };
        const page = at(turn.world.storage, storage);
        page.use = "filling";
        page.key = keyOfTurn(turn);
        return { to: "put-copy" };
      },
    },
    "put-copy": {
      standsFor: "cleancache_store_folio(), memcpy under the lock",
      next: "put-publish",
      do: (turn) => {
        const { world, site, actor } = turn;
        storeData(world, site, actor.storage, at(world.cached, keyOfTurn(turn)).bytes);
        return undefined;
      },
    },
    "put-publish": {
      standsFor: "cleancache_store_folio(), xa_store()",
      drops: "index",
      next: then,
      do: (turn) => {
        const { world, site, actor } = turn;
        const key = keyOfTurn(turn);
        at(world.storage, actor.storage).use = "cached";
        actor.storage = -1;
        const operation = putOf(site, key, at(world.cached, key).bytes);
        return {
          commits: [commit({ kind: "done" }, { kind: "stored" }, operation)],
          marks: ["put-stored"],
        };
      },
    },
    "put-forget": {
      standsFor: "cleancache_store_folio() refusing, erase the older copy",
      within: "pool",
      next: "put-dropped",
      do: (turn) => {
        emptyStorage(turn, turn.actor.storage);
        return undefined;
      },
    },
    "put-dropped": {
      standsFor: "cleancache_store_folio() refusing",
      drops: "index",
      next: then,
      do: (turn) => {
        turn.actor.storage = -1;
        return { commits: droppedPut(turn), marks: ["put-dropped"] };
      },
    },
  },
});

const backEnd: CacheBackEnd = {
  get,
  put,
  find: ({ world }, key) => {
    const storage = folioAt(world, key);
    return storage < 0 ? [] : [storage];
  },
  forget: (turn, copies) =>
    copies.map((storage) => {
      const { key } = at(turn.world.storage, storage);
      emptyStorage(turn, storage);
      return dropped(turn, key);
    }),
  freesWithin: "pool",
};

/** The page of the block whose turn it is: they are taken back one after the other. */
const pageInTurn = (turn: Turn): number => at(pagesOfBlock(turn), turn.actor.count);

/** Taken back: it is the owner's, to be used for tags. */
const taken = (turn: Turn): Label => {
  const { world, actor } = turn;
  const page = at(world.storage, pageInTurn(turn));
  page.use = "to-tags";
  page.key = -1;
  actor.count++;
  return actor.count < pagesOfBlock(turn).length ? "take-back" : "invalidate-data-lines";
};

const dropAndTake = (turn: Turn): Next => {
  const { key } = at(turn.world.storage, pageInTurn(turn));
  const commits = [dropped(turn, key)];
  return { to: taken(turn), commits, marks: ["claim-drops-a-copy"] };
};

const tagStorage: TagStorage = {
  claim: (then) => ({
    entry: "lock-blocks",
    actions: {
      "lock-blocks": {
        standsFor: "reserving tag storage, xa_lock_irqsave()",
        takes: "tag-blocks",
        do: (turn) => {
          turn.actor.count = 0;
          return isUsedForTags(turn)
            ? { to: "count-user", marks: ["claim-joins-other-users"] }
            : { to: "take-back" };
        },
      },
      "take-back": {
        standsFor: "cleancache_backend_get_folio(), the list of free folios",
        within: "pool",
        do: (turn) => {
          const { use, key } = at(turn.world.storage, pageInTurn(turn));
          if (use === "free") return { to: taken(turn), marks: ["claim-takes-a-free-block"] };
          turn.actor.moved = key;
          return { to: "lock-index" };
        },
      },
      "lock-index": {
        standsFor: "cleancache_backend_get_folio(), verify and erase under the lock of the index",
        within: "index",
        do: (turn) => {
          const { use, key } = at(turn.world.storage, pageInTurn(turn));
          if (use === "cached" && key === turn.actor.moved) return dropAndTake(turn);
          return { to: "take-back", marks: ["claim-tries-again"] };
        },
      },
      "invalidate-data-lines": invalidatingDataLines,
      "count-user": {
        standsFor: "block_ref_add()",
        drops: "tag-blocks",
        next: then,
        do: (turn) => {
          turn.actor.moved = -1;
          turn.actor.count = 0;
          return countUser(turn);
        },
      },
    },
  }),
  release: (then) =>
    releaseScript(
      {
        invalidate: "dcache_inval_tags_poc() on the page",
        uncount: "block_ref_sub(), cleancache_backend_put_folio()",
      },
      emptyStorage,
      then,
      { blocks: "tag-blocks", free: "pool" },
    ),
};

const memory: MovingDesign = { tagStorage, dataInStorage: false, claimsAt: "use" };

/**
 * Gets keep the entry. Where there are no files nothing differs from the classic form but the locks,
 * and fewer pages do; where an interrupt and a thread claim, nobody drops unasked.
 */
const scopeFor = (slice: string, scope: Scope): Scope | null => {
  if (slice === "swap") return withFewerPages(scope);
  if (scope.files === 0) return slice === "suite" ? null : scope;
  const kept: Scope = { ...scope, getForm: "keeping" };
  return slice === "cache" ? withoutOffers(kept, ["drop"]) : kept;
};

export const cleancache2025: Design = {
  ...cleancachePage,
  name: "cleancache-2025",
  title: "clean copies in the front end of 2025, taken back by name",
  variantOf: cleancachePage.name,
  movedNamesContent: true,
  locks: {
    "tag-blocks": "spin-irqsave",
    index: "spin-irqsave",
    pool: "spin-irqsave",
    "page-table": "spin",
    "file-page": "sleeping",
  },
  scripts: scriptsOf(memory, backEnd),
  claiming: new Set([
    "lock-blocks",
    "take-back",
    "lock-index",
    "invalidate-data-lines",
    "count-user",
  ] as const),
  /** A page is looked at and taken; that it has to be tried again once is no fault. */
  claimBound: ({ geometry }) => 3 + 4 * geometry.blockPages,
  marks: [
    ...cleancachePage.marks.filter(
      (mark) => mark !== "claim-revokes-a-reader" && mark !== "put-takes-the-place-of-another",
    ),
    "claim-tries-again",
  ],
  scopeFor,
};
