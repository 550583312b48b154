/** The static map of a scope, looked up once: which storage page and block serve which page. */
import type { Limits } from "../contract/memory/index.ts";
import {
  blockOfPage,
  blockOfStoragePage,
  storagePageOf,
  totalBlocks,
  totalPages,
  totalStoragePages,
} from "../machine/geometry.ts";
import { fileKeys, limitsOf, type Scope } from "./scope.ts";

export type Site = {
  readonly scope: Scope;
  readonly limits: Limits;
  readonly granules: number;
  /** Frames from here on are CMA memory that the design keeps from tags. */
  readonly taggableFrames: number;
  readonly frames: number;
  readonly storagePages: number;
  readonly blocks: number;
  readonly keys: number;
  readonly storageOf: readonly number[];
  readonly blockOf: readonly number[];
  readonly blockOfStorage: readonly number[];
  readonly framesOf: readonly (readonly number[])[];
  readonly storageOfBlock: readonly (readonly number[])[];
  /** Free frames are told apart even where they are interchangeable: policy is not a set then. */
  readonly everyFrame: boolean;
};

const upTo = (length: number): readonly number[] => Array.from({ length }, (_, index) => index);

export const siteOf = (scope: Scope, barsCma: boolean, everyFrame = false): Site => {
  const { geometry } = scope;
  const limits = limitsOf(scope, barsCma);
  const pages = upTo(totalPages(geometry));
  const storage = upTo(totalStoragePages(geometry));
  const storageOf = pages.map((page) => storagePageOf(geometry, page));
  const blockOfStorage = storage.map((page) => blockOfStoragePage(geometry, page));
  return {
    scope,
    limits,
    granules: geometry.granulesPerPage,
    taggableFrames: limits.taggablePages,
    frames: pages.length,
    storagePages: storage.length,
    blocks: totalBlocks(geometry),
    keys: fileKeys(scope),
    storageOf,
    blockOf: pages.map((page) => blockOfPage(geometry, page)),
    blockOfStorage,
    framesOf: storage.map((page) => pages.filter((frame) => storageOf[frame] === page)),
    storageOfBlock: upTo(totalBlocks(geometry)).map((block) =>
      storage.filter((page) => blockOfStorage[page] === block),
    ),
    everyFrame,
  };
};

/** The entry of a table that is there by construction. */
export const at = <T>(table: readonly T[], index: number): T => {
  const entry = table[index];
  if (entry === undefined) throw new RangeError(`no entry ${index} in a table of ${table.length}`);
  return entry;
};
