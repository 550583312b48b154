/**
 * cleancache-page and cleancache-folio: tag storage holds only clean copies of file pages. A claim
 * drops the copy (or the whole cached folio) that lies in the block; it allocates nothing, never
 * sleeps and cannot fail. One lock with interrupts off guards the index and the use of storage;
 * filling and both changes of use run under it, and only a reader can be revoked.
 *
 * Transitions T1 to T12 of the storage page:
 *   free -> filling -> cached      put-claim, put-copy, put-publish      (T1, T2, T4)
 *   cached -> free                 empty-keys, a consuming get, a put that is refused (T3, T5-T7, T12)
 *   free, cached -> to-tags -> tags   recall, invalidate-data-lines, count-user  (T8)
 *   tags(n) -> tags(n + 1)         count-user                             (T9)
 *   tags(1) -> free                invalidate-tag-lines, uncount          (T10)
 * (T11, registration, is no operation of a running system.)
 */
import {
  invalidateDataLines,
  invalidateTagLines,
  loadData,
  poisonStorage,
  poisonTags,
  storeData,
} from "../hardware/arena.ts";
import type { Label } from "./labels.ts";
import {
  commit,
  type Commit,
  type Design,
  type Mark,
  type Script,
  type TagStorage,
  type Turn,
} from "./script.ts";
import {
  type CacheBackEnd,
  cleanUnit,
  droppedPut,
  fileScripts,
  folioOf,
  missed,
  missingUnit,
  onKey,
  putOf,
} from "./shared/files.ts";
import { accessScripts, allocateScript, enableScript, freeScript } from "./shared/memory.ts";
import { copyScript, migrateScript, type MovingDesign } from "./shared/moving.ts";
import {
  freeSlotScript,
  shareSlotScript,
  swapInScript,
  swapOutScript,
} from "./shared/swapping.ts";
import { at } from "./site.ts";
import { junk, type World } from "./world.ts";

const holding = (world: World, key: number): number =>
  world.storage.findIndex((page) => page.use === "cached" && page.key === key);

const forget = ({ world, site }: Turn, storage: number): void => {
  const page = at(world.storage, storage);
  page.use = "free";
  page.key = -1;
  poisonStorage(world, site, storage);
};

/** Forgets one key; the folio design keeps folios whole, so the rest of the folio goes too. */
const dropKey = (turn: Turn, key: number): readonly Commit[] => {
  const { world, site } = turn;
  const first = folioOf(site, key);
  return world.storage.flatMap((page, storage) => {
    if (page.use !== "cached" || folioOf(site, page.key) !== first) return [];
    const gone = page.key;
    forget(turn, storage);
    return [commit({ kind: "done" }, { kind: "none" }, onKey(site, "drop", gone))];
  });
};

const blockOf = ({ site, actor }: Turn): number => at(site.blockOf, actor.frame);

/** Finding storage for tags: drop what lies there, clean the lines, count the user. */
const tagStorage: TagStorage = {
  claim: (then) => ({
    entry: "recall",
    actions: {
      recall: {
        standsFor: "reserving tag storage: cleancache_backend_get_folio()",
        takes: "index",
        do: (turn) => {
          const { world, site } = turn;
          const pages = at(site.storageOfBlock, blockOf(turn));
          if (pages.every((storage) => at(world.storage, storage).use === "tags"))
            return { to: "count-user", marks: ["claim-joins-other-users"] };
          const reader = world.actors.some(
            ({ storage }, actor) => actor !== turn.me && pages.includes(storage),
          );
          const commits = pages.flatMap((storage) => {
            const page = at(world.storage, storage);
            return page.use === "cached" ? dropKey(turn, page.key) : [];
          });
          for (const storage of pages) at(world.storage, storage).use = "to-tags";
          const dropped: Mark[] =
            commits.length > 1
              ? ["claim-drops-a-copy", "claim-drops-a-whole-folio"]
              : commits.length === 1
                ? ["claim-drops-a-copy"]
                : ["claim-takes-a-free-block"];
          return {
            to: "invalidate-data-lines",
            commits,
            marks: reader && commits.length > 0 ? [...dropped, "claim-revokes-a-reader"] : dropped,
          };
        },
      },
      "invalidate-data-lines": {
        standsFor: "dcache_inval_poc() on the block",
        next: "count-user",
        do: (turn) => {
          for (const storage of at(turn.site.storageOfBlock, blockOf(turn)))
            invalidateDataLines(turn.world, storage);
          return undefined;
        },
      },
      "count-user": {
        standsFor: "block_ref_add()",
        drops: "index",
        next: then,
        do: (turn) => {
          const { world, site, actor } = turn;
          const block = blockOf(turn);
          for (const storage of at(site.storageOfBlock, block))
            at(world.storage, storage).use = "tags";
          const frame = at(world.frames, actor.frame);
          if (!frame.claimed) world.users[block] = at(world.users, block) + 1;
          frame.claimed = true;
          return undefined;
        },
      },
    },
  }),
  release: (then) => ({
    entry: "invalidate-tag-lines",
    actions: {
      "invalidate-tag-lines": {
        standsFor: "dcache_inval_tags_poc() on the page",
        takes: "index",
        next: "uncount",
        do: ({ world, site, actor }) => {
          invalidateTagLines(world, site, actor.frame);
          return undefined;
        },
      },
      uncount: {
        standsFor: "block_ref_sub(), cleancache_backend_put_folio()",
        drops: "index",
        next: then,
        do: (turn) => {
          const { world, site, actor } = turn;
          const block = blockOf(turn);
          const users = at(world.users, block) - 1;
          world.users[block] = users;
          at(world.frames, actor.frame).claimed = false;
          poisonTags(world, site, actor.frame);
          if (users > 0) return undefined;
          for (const storage of at(site.storageOfBlock, block)) forget(turn, storage);
          return { marks: ["last-user-gives-the-block-back"] };
        },
      },
    },
  }),
};

/** The storage pages that a put or get works on, in the order of its keys. */
const storageOfTurn = ({ actor }: Turn): readonly number[] =>
  actor.target >= 0 ? [actor.storage, actor.target] : [actor.storage];

const values = ["value", "secondValue"] as const;

const hits = (turn: Turn): readonly Commit[] =>
  missingUnit(turn).map((key, position) => {
    const bytes = turn.actor[values[position] ?? "value"];
    return commit({ kind: "hit", bytes }, { kind: "none" }, onKey(turn.site, "get", key));
  });

/** A get looks the copy up, copies it out with the lock open, and asks again whether it was there. */
const get = (hit: Label, miss: Label): Script => {
  const copied = (turn: Turn) => {
    if (turn.site.scope.getForm === "consuming")
      for (const storage of storageOfTurn(turn)) forget(turn, storage);
    return { to: hit, commits: hits(turn), marks: ["hit" as const] };
  };
  return {
    entry: "get-look-up",
    actions: {
      "get-look-up": {
        standsFor: "cleancache_get_page(), find",
        within: "index",
        do: (turn) => {
          const found = missingUnit(turn).map((key) => holding(turn.world, key));
          if (found.includes(-1)) {
            /** Part of a folio is no hit, and what missed must not hit later: the rest goes too. */
            const rest = missingUnit(turn).flatMap((key, position) =>
              found[position] === -1 ? [] : dropKey(turn, key),
            );
            return { to: "get-missed", commits: rest };
          }
          turn.actor.storage = found[0] ?? -1;
          turn.actor.target = found[1] ?? -1;
          turn.actor.count = 0;
          return { to: "get-copy-first" };
        },
      },
      "get-copy-first": {
        standsFor: "copy_page(), first half",
        next: "get-copy-second",
        do: (turn) => {
          const storage = at(storageOfTurn(turn), turn.actor.count);
          const bytes = loadData(turn.world, turn.site, storage);
          turn.actor[values[turn.actor.count] ?? "value"] = bytes;
          return undefined;
        },
      },
      "get-copy-second": {
        standsFor: "copy_page(), second half",
        do: (turn) => {
          const { actor } = turn;
          const pages = storageOfTurn(turn);
          const value = values[actor.count] ?? "value";
          const bytes = loadData(turn.world, turn.site, at(pages, actor.count));
          if (bytes !== actor[value]) actor[value] = junk;
          actor.count++;
          return { to: actor.count < pages.length ? "get-copy-first" : "get-recheck" };
        },
      },
      "get-recheck": {
        standsFor: "cleancache_get_page(), verify under the lock",
        within: "index",
        do: (turn) => {
          const pages = storageOfTurn(turn);
          const still = missingUnit(turn).every((key, position) => {
            const page = at(turn.world.storage, at(pages, position));
            return page.use === "cached" && page.key === key;
          });
          return still ? copied(turn) : { to: "get-missed" };
        },
        unchecked: { check: "the copy is still there after it was read", do: copied },
      },
      "get-missed": {
        standsFor: "cleancache_get_page() returns -1",
        next: miss,
        do: (turn) => {
          turn.actor.storage = -1;
          turn.actor.target = -1;
          return { commits: missed(turn), marks: ["miss"] };
        },
      },
    },
  };
};

/** Free storage first; when there is none, the place of another copy. A set: order is policy. */
const placesForPut = (turn: Turn, keys: readonly number[]): readonly number[] => {
  const { world, site } = turn;
  const own = new Set(keys);
  const free = world.storage.flatMap(({ use, key }, storage) =>
    use === "free" || (use === "cached" && own.has(key)) ? [storage] : [],
  );
  if (free.length >= keys.length) return free;
  const others = world.storage.flatMap(({ use, key }, storage) =>
    use === "cached" && !own.has(key) ? [storage] : [],
  );
  const all = [...free, ...others].sort((left, right) => left - right);
  return all.length >= keys.length && keys.length <= site.storagePages ? all : [];
};

/** A choice of one storage page for each key, as one number; -1 refuses. */
const placements = (turn: Turn): readonly number[] => {
  const keys = cleanUnit(turn);
  const places = placesForPut(turn, keys);
  const base = turn.site.storagePages;
  if (keys.length === 1) return [-1, ...places];
  return [
    -1,
    ...places.flatMap((first) =>
      places.flatMap((second) => (first === second ? [] : [first + base * (second + 1)])),
    ),
  ];
};

const put = (then: Label): Script => ({
  entry: "put-claim",
  actions: {
    "put-claim": {
      standsFor: "cleancache_put_page(), delete the old entry and take a page",
      takes: "index",
      choose: placements,
      do: (turn, choice) => {
        const { world, site, actor } = turn;
        const keys = cleanUnit(turn);
        for (const key of keys) {
          const old = holding(world, key);
          if (old >= 0) forget(turn, old);
        }
        if (choice < 0) return { to: "put-dropped" };
        const base = site.storagePages;
        actor.storage = choice % base;
        actor.target = Math.floor(choice / base) - 1;
        actor.count = 0;
        const commits = storageOfTurn(turn).flatMap((storage, position) => {
          const page = at(world.storage, storage);
          const victims = page.use === "cached" ? dropKey(turn, page.key) : [];
          page.use = "filling";
          page.key = at(keys, position);
          return victims;
        });
        return {
          to: "put-copy",
          commits,
          ...(commits.length > 0 && { marks: ["put-takes-the-place-of-another"] }),
        };
      },
    },
    "put-copy": {
      standsFor: "copy_page() into the storage page",
      do: (turn) => {
        const { world, site, actor } = turn;
        const pages = storageOfTurn(turn);
        const storage = at(pages, actor.count);
        storeData(world, site, storage, at(world.cached, at(world.storage, storage).key).bytes);
        actor.count++;
        return { to: actor.count < pages.length ? "put-copy" : "put-publish" };
      },
    },
    "put-publish": {
      standsFor: "cleancache_put_page(), insert",
      drops: "index",
      next: then,
      do: (turn) => {
        const { world, site, actor } = turn;
        const commits = storageOfTurn(turn).map((storage) => {
          const page = at(world.storage, storage);
          page.use = "cached";
          const operation = putOf(site, page.key, at(world.cached, page.key).bytes);
          return commit({ kind: "done" }, { kind: "stored" }, operation);
        });
        actor.storage = -1;
        actor.target = -1;
        return { commits, marks: ["put-stored"] };
      },
    },
    "put-dropped": {
      standsFor: "cleancache_put_page() refusing",
      drops: "index",
      next: then,
      do: (turn) => ({ commits: droppedPut(turn), marks: ["put-dropped"] }),
    },
  },
});

const backEnd: CacheBackEnd = {
  get,
  put,
  emptyKey: (turn, key) => {
    dropKey(turn, key);
  },
};

const memory: MovingDesign = { tagStorage, dataInStorage: false, claimsAt: "use" };

/** Taking a page, joining or emptying the block, cleaning its lines, counting: no more than this. */
const claimActions = 3;

const cleancache = (
  name: string,
  title: string,
  folioOrder: 0 | 1,
  marks: readonly Mark[],
): Design => ({
  name,
  title,
  locks: { index: "spin-irqsave", "page-table": "spin", "file-page": "sleeping" },
  scripts: {
    allocate: allocateScript(memory),
    free: freeScript(memory),
    "enable-tags": enableScript(memory),
    ...accessScripts,
    copy: copyScript(memory),
    migrate: migrateScript(memory),
    "swap-out": swapOutScript(memory),
    "swap-in": swapInScript(memory),
    "share-slot": shareSlotScript,
    "free-slot": freeSlotScript,
    ...fileScripts(backEnd),
  },
  claiming: new Set<Label>(["recall", "invalidate-data-lines", "count-user"]),
  claimBound: () => claimActions,
  folioOrder,
  dataInStorage: false,
  barsCma: false,
  stash: false,
  kernelTags: true,
  marks: [
    "no-free-page",
    "claim-joins-other-users",
    "claim-takes-a-free-block",
    "claim-drops-a-copy",
    "last-user-gives-the-block-back",
    "interrupt-during-an-operation",
    "second-initialiser-waits",
    "a-tagged-page-is-copied",
    "a-tagged-page-is-migrated",
    "tags-are-saved",
    "save-fails",
    "tags-are-restored",
    "a-slot-is-shared",
    "put-stored",
    "put-dropped",
    "hit",
    "miss",
    "claim-revokes-a-reader",
    "write-back-fails",
    "a-line-is-written-back",
    ...marks,
  ],
});

export const cleancachePage = cleancache(
  "cleancache-page",
  "clean copies, a claim drops one page",
  0,
  ["put-takes-the-place-of-another"],
);

export const cleancacheFolio = cleancache(
  "cleancache-folio",
  "clean copies, a claim drops the whole folio",
  1,
  ["claim-drops-a-whole-folio"],
);
