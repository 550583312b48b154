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

/**
 * What becomes of large folios. `whole`: an entry is a folio, and goes as one. `holes`: an entry is a
 * page, and a folio may lose some of its pages. `single`: pages of large folios are not kept at all.
 * Files of single pages are all the same to them.
 */
export type FolioPolicy = "whole" | "holes" | "single";

/** How copies are kept, and in what. */
export type Keeping = { readonly policy: FolioPolicy; readonly memory: CacheMemory };

/** The copies that go together with that of a key. */
export const copiesWith = (
  policy: FolioPolicy,
  { world, site }: Turn,
  key: number,
): readonly number[] => {
  const first = folioOf(site, key);
  return world.storage.flatMap((page, storage) => {
    const together = policy === "whole" ? folioOf(site, page.key) === first : page.key === key;
    return page.use === "cached" && together ? [storage] : [];
  });
};

export const forgetAll = (turn: Turn, copies: readonly number[]): readonly Commit[] =>
  copies.map((storage) => {
    const { key } = at(turn.world.storage, storage);
    emptyStorage(turn, storage);
    return commit({ kind: "done" }, { kind: "none" }, onKey(turn.site, "drop", key));
  });

/** Forgets one key; where folios are kept whole, the rest of the folio goes too. */
export const dropKey = (policy: FolioPolicy, turn: Turn, key: number): readonly Commit[] =>
  forgetAll(turn, copiesWith(policy, turn, key));

/** Copies that the host says it took are dropped; what they were has to be told to the contract. */
export const heed = (
  { memory, policy }: Keeping,
  turn: Turn,
): { readonly lost: readonly number[]; readonly heard: readonly Commit[] } => {
  const lost = memory.hear(turn.world);
  const heard = lost.flatMap((storage) => {
    const page = at(turn.world.storage, storage);
    return page.use === "cached" ? dropKey(policy, turn, page.key) : [];
  });
  return { lost, heard };
};

/** The storage pages that a put or get works on, in the order of its keys. */
export const storageOfTurn = ({ actor }: Turn): readonly number[] =>
  actor.target >= 0 ? [actor.storage, actor.target] : [actor.storage];
