/**
 * The back end of cleancache: put, get and invalidate on an index that is nothing but the key in
 * each storage page. Everything here happens under the lock of the index but a get's copying out,
 * which a claim may revoke.
 */
import { loadData, storeData } from "../hardware/arena.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { junk, type World } from "../world/world.ts";
import { type Commit, commit, type Script, type Turn } from "./script.ts";
import {
  type CacheBackEnd,
  cleanUnit,
  droppedPut,
  folioOf,
  missed,
  missingUnit,
  onKey,
  putOf,
} from "./shared/keys.ts";
import { emptyStorage } from "./shared/places.ts";

const holding = (world: World, key: number): number =>
  world.storage.findIndex((page) => page.use === "cached" && page.key === key);

/**
 * What becomes of large folios. `whole`: an entry is a folio, and goes as one. `holes`: an entry is a
 * page, and a folio may lose some of its pages. `single`: pages of large folios are not kept at all.
 * Files of single pages are all the same to them.
 */
export type FolioPolicy = "whole" | "holes" | "single";

/** The copies that go together with that of a key. */
const copiesWith = (policy: FolioPolicy, { world, site }: Turn, key: number): readonly number[] => {
  const first = folioOf(site, key);
  return world.storage.flatMap((page, storage) => {
    const together = policy === "whole" ? folioOf(site, page.key) === first : page.key === key;
    return page.use === "cached" && together ? [storage] : [];
  });
};

const forgetAll = (turn: Turn, copies: readonly number[]): readonly Commit[] =>
  copies.map((storage) => {
    const { key } = at(turn.world.storage, storage);
    emptyStorage(turn, storage);
    return commit({ kind: "done" }, { kind: "none" }, onKey(turn.site, "drop", key));
  });

/** Forgets one key; where folios are kept whole, the rest of the folio goes too. */
export const dropKey = (policy: FolioPolicy, turn: Turn, key: number): readonly Commit[] =>
  forgetAll(turn, copiesWith(policy, turn, key));

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
const get = (policy: FolioPolicy, hit: Label, miss: Label): Script => {
  return {
    entry: "get-look-up",
    actions: {
      "get-look-up": {
        standsFor: "cleancache_get_page(), find",
        within: "index",
        do: (turn) => {
          const found = missingUnit(turn).map((key) => holding(turn.world, key));
          if (found.includes(-1)) {
            /** Part of a folio is no hit. An entry that is a folio is none any more: the rest goes. */
            const rest = missingUnit(turn).flatMap((key, position) =>
              found[position] === -1 || policy !== "whole" ? [] : dropKey(policy, turn, key),
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
        takes: "index",
        do: (turn) => {
          const pages = storageOfTurn(turn);
          const still = missingUnit(turn).every((key, position) => {
            const page = at(turn.world.storage, at(pages, position));
            return page.use === "cached" && page.key === key;
          });
          return { to: still ? "get-take" : "get-let-go" };
        },
        unchecked: {
          check: "the copy is still there after it was read",
          do: () => ({ to: "get-take" }),
        },
      },
      "get-take": {
        standsFor: "cleancache_get_page() returns 0",
        drops: "index",
        next: hit,
        do: (turn) => {
          if (turn.site.scope.getForm === "consuming")
            for (const storage of storageOfTurn(turn)) emptyStorage(turn, storage);
          return { commits: hits(turn), marks: ["hit"] };
        },
      },
      "get-let-go": {
        standsFor: "cleancache_get_page(), the copy was recalled",
        drops: "index",
        next: "get-missed",
        do: () => undefined,
      },
      "get-missed": {
        standsFor: "cleancache_get_page() returns -1",
        next: miss,
        do: (turn) => {
          turn.actor.storage = -1;
          turn.actor.target = -1;
          /** Pages of the folio that are still kept were not asked for, as far as anybody can tell. */
          const gone = (key: number): boolean => policy === "whole" || holding(turn.world, key) < 0;
          return { commits: missed(turn, gone), marks: ["miss"] };
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
const placements = (policy: FolioPolicy, turn: Turn): readonly number[] => {
  const keys = cleanUnit(turn);
  if (policy === "single" && keys.length > 1) return [-1];
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

const put = (policy: FolioPolicy, then: Label): Script => ({
  entry: "put-claim",
  actions: {
    "put-claim": {
      standsFor: "cleancache_put_page(), delete the old entry and take a page",
      takes: "index",
      choose: (turn) => placements(policy, turn),
      do: (turn, choice) => {
        const { world, site, actor } = turn;
        const keys = cleanUnit(turn);
        for (const key of keys) {
          const old = holding(world, key);
          if (old >= 0) emptyStorage(turn, old);
        }
        if (choice < 0) return { to: "put-dropped" };
        const base = site.storagePages;
        actor.storage = choice % base;
        actor.target = Math.floor(choice / base) - 1;
        actor.count = 0;
        const commits = storageOfTurn(turn).flatMap((storage, position) => {
          const page = at(world.storage, storage);
          const victims = page.use === "cached" ? dropKey(policy, turn, page.key) : [];
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

export const cleancacheBackEnd = (policy: FolioPolicy): CacheBackEnd => ({
  get: (hit, miss) => get(policy, hit, miss),
  put: (then) => put(policy, then),
  find: (turn, key) => copiesWith(policy, turn, key),
  forget: forgetAll,
});
