/**
 * What every caller of memory with MTE tags may rely on, as plain immutable data: the page-level
 * truth, whatever the design below it. Read this file, `operations.ts` and `rulebook.ts`: together
 * they are the whole contract. Pages are named by *handle* (what a caller holds), never by frame,
 * so that a migration is nothing a caller can see.
 */

/** An allocation tag, 0 to 15: 4 bits for every 16-byte granule. */
export type Tag = number;
export const highestTag: Tag = 15;
/** The contents of one page, abstractly: equal numbers are equal bytes, 0 is all zeroes. */
export type Bytes = number;
/** Who a page belongs to: a process, or the kernel. */
export type Owner = number;
export type Handle = number;
export type SlotIndex = number;

/**
 * Where a page lies, as far as a caller can tell: in memory that can carry tags, or in memory that
 * cannot (tag storage itself, and whatever else a design bars from tags).
 */
export type Home = "taggable" | "untaggable";

export type Page = {
  readonly owner: Owner;
  readonly home: Home;
  /** The tags are valid and every granule has one; an untagged page has none to read. */
  readonly tagged: boolean;
  /** One for each granule; empty when the page is not tagged. */
  readonly tags: readonly Tag[];
  readonly bytes: Bytes;
  /** The page this one was copied from, until this one is used or that one goes. */
  readonly copyOf: Handle | null;
};

/** A swap slot in use. Several page tables may refer to it; loading it does not empty it. */
export type Slot = {
  readonly owner: Owner;
  readonly sharers: number;
  /** `null`: the page was not tagged when it went out. */
  readonly tags: readonly Tag[] | null;
  readonly bytes: Bytes;
};

/** Why a cache key holds nothing. `forgotten` stands for any of them (see {@link forgetCauses}). */
export type EmptyBecause =
  | "never-put"
  | "put-dropped"
  | "missed"
  | "consumed"
  | "invalidated"
  | "direct-write"
  | "truncated"
  | "unlinked"
  | "unmounted"
  | "dropped"
  | "forgotten";

/** The most that a hit on one key may return. */
export type CacheEntry =
  | { readonly kind: "holds"; readonly bytes: Bytes }
  | { readonly kind: "empty"; readonly because: EmptyBecause };

/** One page-sized piece of a file. */
export type FilePage = {
  readonly disk: Bytes;
  /** The copy in the page cache. While there is one, nobody asks the back end. */
  readonly resident: { readonly bytes: Bytes; readonly dirty: boolean } | null;
  readonly cached: CacheEntry;
  /** Bytes whose write-back failed: until the next write a reader may see these or the disk's. */
  readonly unsaved: Bytes | null;
};

export type File = { readonly exists: boolean; readonly pages: readonly FilePage[] };

export type Memory = {
  /** By handle; `null` is free. */
  readonly pages: readonly (Page | null)[];
  readonly slots: readonly (Slot | null)[];
  /** The one pool of the cache belongs to the one file system; unmounted, it has no pool. */
  readonly mounted: boolean;
  readonly files: readonly File[];
};

/** The bounds of a state, and the one parameter of the cache interface. */
export type Limits = {
  readonly granulesPerPage: number;
  readonly handles: number;
  /** How many of the pages lie in memory that can carry tags. */
  readonly taggablePages: number;
  readonly slots: number;
  readonly files: number;
  readonly pagesPerFile: number;
  /** Classic cleancache gets consume the entry; those of 2025 keep it. */
  readonly getForm: "consuming" | "keeping";
};

export const emptyBecause = (because: EmptyBecause): CacheEntry => ({ kind: "empty", because });

const filled = <T>(length: number, value: T): T[] => Array.from({ length }, () => value);

export const noTags: readonly Tag[] = [];
export const zeroTags = (limits: Limits): readonly Tag[] => filled(limits.granulesPerPage, 0);

export const freshFilePage: FilePage = {
  disk: 0,
  resident: null,
  cached: emptyBecause("never-put"),
  unsaved: null,
};

/** Nothing allocated, nothing swapped out, every file full of zeroes and cached nowhere. */
export const boot = (limits: Limits): Memory => ({
  pages: filled(limits.handles, null),
  slots: filled(limits.slots, null),
  mounted: true,
  files: filled(limits.files, {
    exists: true,
    pages: filled(limits.pagesPerFile, freshFilePage),
  }),
});

export const freeTaggablePages = (limits: Limits, memory: Memory): number =>
  limits.taggablePages - memory.pages.filter((page) => page?.home === "taggable").length;

/** What a reader must see: the resident copy shadows the disk. */
export const newestBytes = (page: FilePage): Bytes => page.resident?.bytes ?? page.disk;

/** Every empty key empty for the same reason: causes are no part of a state's identity. */
export const forgetCauses = (memory: Memory): Memory => {
  const known = memory.files.some((file) =>
    file.pages.some(({ cached }) => cached.kind === "empty" && cached.because !== "forgotten"),
  );
  if (!known) return memory;
  const forget = (page: FilePage): FilePage =>
    page.cached.kind === "empty" ? { ...page, cached: emptyBecause("forgotten") } : page;
  return {
    ...memory,
    files: memory.files.map((file) => ({ ...file, pages: file.pages.map(forget) })),
  };
};
