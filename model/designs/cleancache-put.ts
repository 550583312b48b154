/**
 * Putting a clean page into a cleancache: the old copy goes, a page is taken, filled and published,
 * all under the lock of the index. Where a host can take pages of that memory away, a put into a
 * page that lost its bytes on the way is given up: a dropped put, which any put may be.
 */
import { storeData } from "../hardware/arena.ts";
import { storeHalf } from "../hardware/device-memory.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { dropKey, heed, holding, type Keeping, storageOfTurn } from "./cleancache-index.ts";
import { type Actions, commit, type Next, type Script, type Turn, together } from "./script.ts";
import { isInUse } from "./shared/block-views.ts";
import type { CacheMemory } from "./shared/cache-memory.ts";
import { cleanUnit, droppedPut, putOf } from "./shared/keys.ts";
import { emptyStorage } from "./shared/places.ts";

/** Free storage first; when there is none, the place of another copy. A set: order is policy. */
const placesForPut = (
  memory: CacheMemory,
  turn: Turn,
  keys: readonly number[],
): readonly number[] => {
  const { world, site } = turn;
  const own = new Set(keys);
  const usable = (storage: number): readonly number[] =>
    isInUse(world, site, storage) && memory.isUsable(world, storage) ? [storage] : [];
  const free = world.storage.flatMap(({ use, key }, storage) =>
    use === "free" || (use === "cached" && own.has(key)) ? usable(storage) : [],
  );
  if (free.length >= keys.length) return free;
  const others = world.storage.flatMap(({ use, key }, storage) =>
    use === "cached" && !own.has(key) ? usable(storage) : [],
  );
  const all = [...free, ...others].sort((left, right) => left - right);
  return all.length >= keys.length && keys.length <= site.storagePages ? all : [];
};

/** A choice of one storage page for each key, as one number; -1 refuses. */
const placements = ({ policy, memory }: Keeping, turn: Turn): readonly number[] => {
  const keys = cleanUnit(turn);
  if (policy === "single" && keys.length > 1) return [-1];
  const places = placesForPut(memory, turn, keys);
  const base = turn.site.storagePages;
  if (keys.length === 1) return [-1, ...places];
  return [
    -1,
    ...places.flatMap((first) =>
      places.flatMap((second) => (first === second ? [] : [first + base * (second + 1)])),
    ),
  ];
};

/** The page that was to be filled lost its bytes before it was published. */
const forgetFilling = (memory: CacheMemory, turn: Turn): void => {
  for (const storage of storageOfTurn(turn)) {
    memory.endUse(turn.world, storage);
    emptyStorage(turn, storage);
  }
};

const fillingAtOnce: Actions = {
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
};

/** Somebody outside may come between the halves; a store may fault, and then the put is given up. */
const fillingByHalves = (memory: CacheMemory): Actions => {
  const store =
    (half: "first" | "second", to: Label) =>
    (turn: Turn): Next => {
      const { world, actor } = turn;
      const storage = at(storageOfTurn(turn), actor.count);
      if (memory.faults(turn.world, storage)) {
        forgetFilling(memory, turn);
        return { to: "put-dropped", marks: ["a-discard-is-found-out"] };
      }
      const { bytes } = at(world.cached, at(world.storage, storage).key);
      storeHalf(world, storage, half, bytes);
      if (half === "first") return { to };
      actor.count++;
      return { to: actor.count < storageOfTurn(turn).length ? "put-copy" : to };
    };
  return {
    "put-copy": {
      standsFor: "copy_page() into the storage page, first half",
      do: store("first", "put-copy-rest"),
    },
    "put-copy-rest": {
      standsFor: "copy_page() into the storage page, second half",
      do: store("second", "put-publish"),
    },
  };
};

export const putIn = (keeping: Keeping, then: Label): Script => {
  const { policy, memory } = keeping;
  return {
    entry: "put-claim",
    actions: together(memory.isOutOfOurHands ? fillingByHalves(memory) : fillingAtOnce, {
      "put-claim": {
        standsFor: "cleancache_put_page(), delete the old entry and take a page",
        takes: "index",
        choose: (turn) => placements(keeping, turn),
        do: (turn, choice) => {
          const { world, site, actor } = turn;
          const keys = cleanUnit(turn);
          const { heard } = heed(keeping, turn);
          for (const key of keys) {
            const old = holding(world, key);
            if (old >= 0) emptyStorage(turn, old);
          }
          if (choice < 0) return { to: "put-dropped", commits: heard };
          const base = site.storagePages;
          actor.storage = choice % base;
          actor.target = Math.floor(choice / base) - 1;
          actor.count = 0;
          const commits = storageOfTurn(turn).flatMap((storage, position) => {
            const page = at(world.storage, storage);
            const victims = page.use === "cached" ? dropKey(policy, turn, page.key) : [];
            page.use = "filling";
            page.key = at(keys, position);
            memory.beginFilling(turn.world, storage);
            return victims;
          });
          return {
            to: "put-copy",
            commits: [...heard, ...commits],
            ...(commits.length > 0 && { marks: ["put-takes-the-place-of-another"] }),
          };
        },
      },
      "put-publish": {
        standsFor: "cleancache_put_page(), insert",
        drops: "index",
        next: then,
        do: (turn) => {
          const { world, site, actor } = turn;
          const { lost, heard } = heed(keeping, turn);
          const isLost = (storage: number): boolean =>
            lost.includes(storage) || memory.isKnownLost(world, storage);
          if (storageOfTurn(turn).some(isLost)) {
            forgetFilling(memory, turn);
            const commits = [...heard, ...droppedPut(turn)];
            return { commits, marks: ["put-dropped", "a-discard-is-found-out"] };
          }
          const commits = storageOfTurn(turn).map((storage) => {
            const page = at(world.storage, storage);
            page.use = "cached";
            memory.endUse(world, storage);
            const operation = putOf(site, page.key, at(world.cached, page.key).bytes);
            return commit({ kind: "done" }, { kind: "stored" }, operation);
          });
          actor.storage = -1;
          actor.target = -1;
          return { commits: [...heard, ...commits], marks: ["put-stored"] };
        },
      },
      "put-dropped": {
        standsFor: "cleancache_put_page() refusing",
        drops: "index",
        next: then,
        do: (turn) => ({ commits: droppedPut(turn), marks: ["put-dropped"] }),
      },
    }),
  };
};
