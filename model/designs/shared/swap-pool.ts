/**
 * A pool of swapped pages in tag storage, as zswap keeps one in ordinary memory: one page of storage
 * for each entry, found by its slot. A store fills and publishes under the lock of the index. A load
 * copies with that lock open, then asks whether the entry is still there. An entry dies with its
 * slot, or with a load that takes it (exclusive: the last user of the slot, who cannot turn back any
 * more).
 *
 * A pool either holds sole copies, which have to be written to the device before they go, or every
 * page is written through, and its copy may be dropped at any moment.
 */
import { loadData, storeData } from "../../hardware/arena.ts";
import type { ExtraField } from "../../world/extra.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import { junk, type World } from "../../world/world.ts";
import type { Script, Turn } from "../script.ts";
import { emptyStorage, loadPlace, storePlace } from "./places.ts";

export type SwapPool = {
  readonly kind: "sole-copies" | "write-through";
  /**
   * By slot: who works on its page (the folio lock in the swap cache), the actor plus one. None in
   * a pool that writes nothing back: a slot under way is kept from all others anyway.
   */
  readonly holders: ExtraField | null;
  /** May a page be stored there? A block that somebody empties takes no more. */
  readonly accepts: (turn: Turn, storage: number) => boolean;
};

export const entryOf = (world: World, slot: number): number =>
  world.storage.findIndex(({ use, key }) => use === "cached" && key === slot);

export const slotIsFree = (pool: SwapPool | undefined, { world }: Turn, slot: number): boolean =>
  !pool?.holders || at(pool.holders.of(world), slot) === 0;

export const lockSlot = (pool: SwapPool | undefined, { world, me }: Turn, slot: number): void => {
  if (pool?.holders) pool.holders.of(world)[slot] = me + 1;
};

export const unlockSlot = (pool: SwapPool | undefined, { world }: Turn, slot: number): void => {
  if (pool?.holders) pool.holders.of(world)[slot] = 0;
};

/** The slot is free: its entry goes too. Under the lock of the index. */
export const forgetEntry = (pool: SwapPool | undefined, turn: Turn, slot: number): void => {
  const entry = pool ? entryOf(turn.world, slot) : -1;
  if (entry >= 0) emptyStorage(turn, entry);
};

/** Keeps the page in `actor.frame` if there is room; `actor.storage` says where, or -1. */
export const storeScript = (pool: SwapPool, then: Label): Script => ({
  entry: "store-entry",
  actions: {
    "store-entry": {
      standsFor: "zswap_store(), zs_malloc()",
      takes: "index",
      choose: (turn) => [
        -1,
        ...turn.world.storage.flatMap(({ use }, storage) =>
          use === "free" && pool.accepts(turn, storage) ? [storage] : [],
        ),
      ],
      do: ({ world, actor }, storage) => {
        actor.storage = storage;
        if (storage < 0) return { to: "refuse-entry" };
        const page = at(world.storage, storage);
        page.use = "filling";
        page.key = actor.slot;
        return { to: "fill-entry" };
      },
    },
    "fill-entry": {
      standsFor: "zswap_compress()",
      next: "publish-entry",
      do: ({ world, site, actor }) => {
        storeData(world, site, actor.storage, loadPlace(world, site, actor.frame));
        return undefined;
      },
    },
    "publish-entry": {
      standsFor: "zswap_store(), xa_store()",
      drops: "index",
      next: then,
      do: ({ world, actor }) => {
        at(world.storage, actor.storage).use = "cached";
        return { marks: ["pool-stores"] };
      },
    },
    "refuse-entry": {
      standsFor: "zswap_store() refusing",
      drops: "index",
      next: then,
      do: () => ({ marks: ["pool-refuses"] }),
    },
  },
});

/** Nobody else needs what this load takes, and the scope has loads take it. */
const takesEntry = ({ world, site, actor }: Turn): boolean =>
  site.scope.getForm === "consuming" && at(world.slots, actor.slot).sharers === 1;

/** Brings the bytes of `actor.slot` into `actor.frame` and goes to `then`, or to `miss`. */
export const loadScript = (pool: SwapPool, then: Label, miss: Label): Script => ({
  entry: "look-up-entry",
  actions: {
    "look-up-entry": {
      standsFor: "folio_lock() in the swap cache, zswap_load()",
      within: "index",
      ...(pool.holders && {
        sleeps: true,
        when: (turn) => slotIsFree(pool, turn, turn.actor.slot),
      }),
      do: (turn) => {
        const { world, actor } = turn;
        lockSlot(pool, turn, actor.slot);
        actor.storage = entryOf(world, actor.slot);
        if (actor.storage < 0) return { to: miss, marks: ["pool-misses"] };
        return { to: "load-first-half" };
      },
    },
    "load-first-half": {
      standsFor: "zswap_decompress(), first half",
      next: "load-second-half",
      do: ({ world, site, actor }) => {
        actor.value = loadData(world, site, actor.storage);
        return undefined;
      },
    },
    "load-second-half": {
      standsFor: "zswap_decompress(), second half",
      next: "recheck-entry",
      do: ({ world, site, actor }) => {
        if (loadData(world, site, actor.storage) !== actor.value) actor.value = junk;
        return undefined;
      },
    },
    "recheck-entry": {
      standsFor: "zswap_load(), verify and xa_erase()",
      within: "index",
      do: (turn) => {
        const { world, actor } = turn;
        const there = entryOf(world, actor.slot) === actor.storage;
        return there ? taken(turn, then) : revoked(turn, miss);
      },
      unchecked: {
        check: "the entry is still there after it was read",
        do: (turn) => taken(turn, then),
      },
    },
  },
});

const taken = (turn: Turn, to: Label) => {
  const { world, site, actor } = turn;
  storePlace(world, site, actor.frame, actor.value);
  if (takesEntry(turn)) emptyStorage(turn, actor.storage);
  actor.storage = -1;
  actor.value = junk;
  return { to, marks: ["pool-loads"] } as const;
};

const revoked = ({ actor }: Turn, to: Label) => {
  actor.storage = -1;
  actor.value = junk;
  return { to, marks: ["pool-misses"] } as const;
};
