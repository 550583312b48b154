/**
 * The index of a cleancache: nothing but the key in each storage page. Who looks at it or changes it
 * holds its lock.
 */
import { at } from "../world/site.ts";
import type { World } from "../world/world.ts";
import { type Commit, commit, type Turn } from "./script.ts";
import type { CacheMemory } from "./shared/cache-memory.ts";
import { folioOf, onKey } from "./shared/keys.ts";
import { emptyStorage } from "./shared/places.ts";

export const holding = (world: World, key: number): number =>
  world.storage.findIndex((page) => page.use === "cached" && page.key === key);

/** The copies that go together with that of a key: its own, or (in the folio design) its folio's. */
export const copiesWith = ({ world, site }: Turn, key: number): readonly number[] => {
  const first = folioOf(site, key);
  return world.storage.flatMap((page, storage) =>
    page.use === "cached" && folioOf(site, page.key) === first ? [storage] : [],
  );
};

export const forgetAll = (turn: Turn, copies: readonly number[]): readonly Commit[] =>
  copies.map((storage) => {
    const { key } = at(turn.world.storage, storage);
    emptyStorage(turn, storage);
    return commit({ kind: "done" }, { kind: "none" }, onKey(turn.site, "drop", key));
  });

/** Forgets one key; the folio design keeps folios whole, so the rest of the folio goes too. */
export const dropKey = (turn: Turn, key: number): readonly Commit[] =>
  forgetAll(turn, copiesWith(turn, key));

/** Copies that the host says it took are dropped; what they were has to be told to the contract. */
export const heed = (
  memory: CacheMemory,
  turn: Turn,
): { readonly lost: readonly number[]; readonly heard: readonly Commit[] } => {
  const lost = memory.hear(turn.world);
  const heard = lost.flatMap((storage) => {
    const page = at(turn.world.storage, storage);
    return page.use === "cached" ? dropKey(turn, page.key) : [];
  });
  return { lost, heard };
};

/** The storage pages that a put or get works on, in the order of its keys. */
export const storageOfTurn = ({ actor }: Turn): readonly number[] =>
  actor.target >= 0 ? [actor.storage, actor.target] : [actor.storage];
