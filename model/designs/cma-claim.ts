/** How RFC v3 claims tag storage: `cma_alloc_range()` with three tries; a signal makes it fail. */
import { type MigratingClaim, migratingTagStorage } from "./shared/migrating-claim.ts";

export const cmaVersion: MigratingClaim = {
  names: {
    reserve: "reserve_tag_storage()",
    allocateRange: "cma_alloc_range()",
    free: "free_tag_storage()",
  },
  triesAtMost: 3,
  replaysStash: "under-the-mutex",
};

export const cmaTagStorage = migratingTagStorage(cmaVersion);
