/**
 * How the kernel can address tag storage: three variants of `cleancache-page`, with stray stores as
 * injected faults. A stray store is a store through a wild pointer; it can only hit what is mapped.
 *
 * `cleancache-astray`: the static direct map of the base. Storage is mapped while it holds tags, so a
 * stray store corrupts tags as well as copies.
 *
 * `cleancache-on-demand`: a storage page is mapped by whoever copies into it, reads it or cleans it,
 * and no longer (kmap_local_page(), from page tables that are there). Nothing is cleaned or touched
 * without a mapping. It costs two changes of a page-table entry and a TLB invalidation each time.
 * Expected: tags are out of reach but for readers that a claim revoked, and copies while they are
 * in use.
 *
 * `cleancache-map-allocates`: the same where mapping needs page tables that are not there yet
 * (arch_create_linear_mapping()): it allocates, so it may sleep. Expected: no claim in atomic
 * context.
 *
 * None of them has a memmap: what is known of a storage page lies in an array beside it.
 */
import { poisonStorage } from "../hardware/arena.ts";
import { ExtraField } from "../world/extra.ts";
import type { Label } from "../world/labels.ts";
import type { Offer, Scope } from "../world/scope.ts";
import { at, type Site } from "../world/site.ts";
import type { World } from "../world/world.ts";
import { cleancachePage, memoryOf } from "./cleancache.ts";
import { cleancacheBackEnd } from "./cleancache-back-end.ts";
import { storageOfTurn } from "./cleancache-index.ts";
import type { Design } from "./design.ts";
import type { OwnMove } from "./own.ts";
import type { Turn } from "./script.ts";
import { pagesOfBlock } from "./shared/blocks.ts";
import { type CacheMemory, ownMemory } from "./shared/cache-memory.ts";
import { beforehand, type Change, changes, replacing } from "./shared/rescripting.ts";
import { withFewerPages, withoutOffers } from "./shared/scopes.ts";
import { scriptsOf } from "./shared/scripts.ts";

const mostMappings = 8;
const storagePages = ({ geometry }: Scope): number =>
  geometry.regions.reduce((sum, region) => sum + region.storagePages, 0);

/** Mappings of each storage page: readers have their own, which a claim does not take from them. */
export const mappings = new ExtraField("mappings", {
  length: storagePages,
  least: 0,
  most: mostMappings,
  initially: 0,
  about: { by: ["storage"] },
});

/** Was storage touched, or cleaned, where it was not mapped? */
export const touchedUnmapped = new ExtraField("touchedUnmapped", {
  length: () => 1,
  least: 0,
  most: 1,
  initially: 0,
  about: { by: [] },
});

/**
 * Stray stores that may still happen: one is enough. There is none in the scopes of random suites,
 * which have more contents of pages than the slices: those ask what holds.
 */
const strays = new ExtraField("strays", {
  length: () => 1,
  least: 0,
  most: 1,
  initially: (_index, { byteValues }) => (byteValues > 2 ? 0 : 1),
  about: { by: [] },
});

const map = (world: World, storage: number): void => {
  mappings.of(world)[storage] = at(mappings.of(world), storage) + 1;
};

/** What is not mapped stays so: to unmap it again is a mistake that shows in what touches it. */
export const unmap = (world: World, storage: number): void => {
  mappings.of(world)[storage] = Math.max(0, at(mappings.of(world), storage) - 1);
};

const mappedMemory: CacheMemory = {
  ...ownMemory,
  beginFilling: map,
  beginReading: (world, storage) => {
    map(world, storage);
    return true;
  },
  endUse: unmap,
};

/** A store through a wild pointer into one of these pages, if it holds anything. */
const straying = (isMapped: (world: World, storage: number) => boolean): OwnMove => ({
  name: "strays-into-storage-page",
  objects: (world) =>
    strays.of(world)[0] === 0
      ? []
      : world.storage.flatMap(({ use }, storage) =>
          (use === "tags" || use === "cached") && isMapped(world, storage) ? [storage] : [],
        ),
  do: (world, site: Site, storage) => {
    strays.of(world)[0] = 0;
    poisonStorage(world, site, storage);
    return { marks: ["a-store-goes-astray"] };
  },
});

/** Whoever touches these pages has to have them mapped. */
export const touching = (pages: (turn: Turn) => readonly number[]) =>
  beforehand((turn) => {
    if (pages(turn).some((storage) => at(mappings.of(turn.world), storage) === 0))
      touchedUnmapped.of(turn.world)[0] = 1;
  });

const emptied = (turn: Turn): readonly number[] =>
  pagesOfBlock(turn).filter((storage) => at(turn.world.storage, storage).use === "to-tags");

/** A claim that empties a block maps it, cleans it, and unmaps it; one that joins does not. */
const mappingClaims: Change = changes(
  replacing(null, "invalidate-data-lines", (action) =>
    beforehand((turn) => {
      for (const storage of emptied(turn)) map(turn.world, storage);
    })(touching(pagesOfBlock)(action)),
  ),
  replacing(
    null,
    "count-user",
    beforehand((turn) => {
      for (const storage of emptied(turn)) unmap(turn.world, storage);
    }),
  ),
);

const copying: readonly Label[] = ["put-copy", "get-copy-first", "get-copy-second"];

const checked: Change = changes(
  ...copying.map((label) =>
    replacing(
      null,
      label,
      touching((turn) => [at(storageOfTurn(turn), turn.actor.count)]),
    ),
  ),
);

/** What is asked in these slices and says nothing about maps. */
const unasked: Readonly<Record<string, readonly Offer[]>> = {
  cache: ["drop", "write-file"],
  lines: ["write-tag", "allocate-untagged"],
  reuse: ["allocate-untagged", "write-tag"],
};

const fewPages = (slice: string, scope: Scope): Scope =>
  scope.files === 0 && slice !== "suite"
    ? withFewerPages(scope)
    : withoutOffers(scope, unasked[slice] ?? []);

/** Some rows are asked in these alone, and a claim does more here: they have all pages. */
const roomy: ReadonlySet<string> = new Set(["bytes", "moves", "swapoff"]);

const scopeFor = (slice: string, scope: Scope): Scope =>
  roomy.has(slice) ? scope : fewPages(slice, scope);

const variant = { ...cleancachePage, variantOf: cleancachePage.name, scopeFor } as const;

export const cleancacheAstray: Design = {
  ...variant,
  name: "cleancache-astray",
  title: "storage in the static direct map, and stray stores",
  extra: [strays],
  /** A store can go astray at any moment, so that there is more of everything. */
  scopeFor: fewPages,
  environment: [straying(() => true)],
  marks: [...cleancachePage.marks, "a-store-goes-astray"],
};

const onDemand: Design = changes(
  mappingClaims,
  checked,
)({
  ...variant,
  name: "cleancache-on-demand",
  title: "storage is mapped while it is copied or cleaned, and stray stores",
  extra: [mappings, touchedUnmapped],
  scripts: scriptsOf(memoryOf("whole"), cleancacheBackEnd("whole", mappedMemory)),
});

export const cleancacheOnDemand: Design = {
  ...onDemand,
  extra: [mappings, touchedUnmapped, strays],
  environment: [straying((world, storage) => at(mappings.of(world), storage) > 0)],
  marks: [...cleancachePage.marks, "a-store-goes-astray"],
};

/** Where mapping begins. */
const begins: readonly Label[] = ["put-claim", "get-look-up", "invalidate-data-lines"];

export const cleancacheMapAllocates: Design = {
  ...changes(
    ...begins.map((label) =>
      replacing(null, label, (action) => ({
        ...action,
        standsFor: `arch_create_linear_mapping(); ${action.standsFor}`,
        sleeps: true,
      })),
    ),
  )(onDemand),
  name: "cleancache-map-allocates",
  title: "mapping storage allocates page tables",
};
