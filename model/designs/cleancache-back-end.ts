/** The back end of cleancache: put, get and invalidate over pages of memory, its own or a host's. */
import { getIn } from "./cleancache-get.ts";
import { copiesWith, type FolioPolicy, forgetAll } from "./cleancache-index.ts";
import { putIn } from "./cleancache-put.ts";
import { type CacheMemory, ownMemory } from "./shared/cache-memory.ts";
import type { CacheBackEnd } from "./shared/keys.ts";

/** @param memory what copies lie in */
export const cleancacheBackEnd = (
  policy: FolioPolicy,
  memory: CacheMemory = ownMemory,
): CacheBackEnd => {
  const keeping = { policy, memory };
  return {
    get: (hit, miss) => getIn(keeping, hit, miss),
    put: (then) => putIn(keeping, then),
    find: (turn, key) => copiesWith(policy, turn, key),
    forget: forgetAll,
  };
};
