/** The back end of cleancache: put, get and invalidate over pages of memory, its own or a host's. */
import { getIn } from "./cleancache-get.ts";
import { copiesWith, forgetAll } from "./cleancache-index.ts";
import { putIn } from "./cleancache-put.ts";
import { type CacheMemory, ownMemory } from "./shared/cache-memory.ts";
import type { CacheBackEnd } from "./shared/keys.ts";

/** A back end whose copies lie in such memory. */
export const cleancacheIn = (memory: CacheMemory): CacheBackEnd => ({
  get: (hit, miss) => getIn(memory, hit, miss),
  put: (then) => putIn(memory, then),
  find: copiesWith,
  forget: forgetAll,
});

export const cleancacheBackEnd: CacheBackEnd = cleancacheIn(ownMemory);
