/**
 * A scope bounds a run: a geometry made small, how many of everything there is, and who acts.
 * It is plain data and part of every counterexample: nothing else is needed to replay one.
 */
import type { Limits } from "../contract/memory/index.ts";
import type { Geometry } from "../machine/geometry.ts";
import { totalPages, totalStoragePages } from "../machine/geometry.ts";

/**
 * What an actor may start; each stands for the concrete operations that the scope allows, and
 * `background` for the work that the design does of its own accord.
 */
export const offers = [
  "allocate-tagged",
  "allocate-untagged",
  "free",
  "enable-tags",
  "write-tag",
  "read-tag",
  "write-bytes",
  "read-bytes",
  "copy",
  "migrate",
  "swap-out",
  "swap-in-fault",
  "swap-in-swapoff",
  "swap-in-swapoff-untagged",
  "swap-in-shmem",
  "swap-in-untagged",
  "share-slot",
  "free-slot",
  "read-file",
  "write-file",
  "write-back",
  "direct-write",
  "truncate",
  "evict",
  "unlink",
  "create",
  "unmount",
  "mount",
  "drop",
  "background",
] as const;

export type Offer = (typeof offers)[number];

/** An interrupt runs to its end before its CPU does anything else; a task can be interrupted. */
export type ActorSpec = {
  readonly name: string;
  readonly kind: "task" | "interrupt";
  readonly cpu: number;
  /** Whose pages it allocates and uses. Actors of one owner are threads of one process. */
  readonly owner: number;
  /** May it touch pages of every owner (reclaim, compaction)? */
  readonly everyones: boolean;
  /** Its pages are the kernel's own: they are neither migrated nor swapped out. */
  readonly unmovable?: true;
  readonly may: readonly Offer[];
};

export type Scope = {
  readonly geometry: Geometry;
  /** The last so many data pages are CMA memory that is no tag storage. */
  readonly otherCmaPages: number;
  /** Values that a tag and the contents of a page can take: 0 and up. */
  readonly tagValues: number;
  readonly byteValues: number;
  readonly slots: number;
  readonly files: number;
  readonly pagesPerFile: number;
  readonly getForm: Limits["getForm"];
  /** Pages that the page cache hands to the back end together: 2^order. */
  readonly folioOrder: 0 | 1;
  readonly actors: readonly ActorSpec[];
  /** How many pages the adversary can hold pinned at once; it pins pages of owner 1. */
  readonly pins: number;
  /** Are dirty cache lines kept back and written at any moment, or at once? */
  readonly dirtyLines: boolean;
  /** May saving tags fail, and may a write-back? */
  readonly mayFail: boolean;
};

/** The scope with a kernel thread beside its actors that does the design's own work. */
export const withWorker = (scope: Scope): Scope => ({
  ...scope,
  actors: [
    ...scope.actors,
    { name: "worker", kind: "task", cpu: 1, owner: 3, everyones: true, may: ["background"] },
  ],
});

export const fileKeys = (scope: Scope): number => scope.files * scope.pagesPerFile;

/** `barsCma`: the design tags no CMA memory, tag storage or not. */
export const limitsOf = (scope: Scope, barsCma: boolean): Limits => ({
  granulesPerPage: scope.geometry.granulesPerPage,
  handles: totalPages(scope.geometry) + totalStoragePages(scope.geometry),
  taggablePages: totalPages(scope.geometry) - (barsCma ? scope.otherCmaPages : 0),
  slots: scope.slots,
  files: scope.files,
  pagesPerFile: scope.pagesPerFile,
  getForm: scope.getForm,
});
