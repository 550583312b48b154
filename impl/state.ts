/**
 * The whole state of a manager in one buffer: what the machine holds (arena, lines), what the
 * mechanism knows, and the operations under way. It can be copied, compared and restored as bytes.
 *
 * Bytes a data page, at any size: 4 use/locked/flagged/claimed, 4 contents, 8 free list, and 16 for
 * the handle that may hold it; a storage page has 29 more (use, key, holder, hash chain, list), and
 * its own 4096 bytes of tags or data, of which the operating system only gives what is touched.
 */
import {
  idleActor,
  junk,
  nothing,
  type Scope,
  totalBlocks,
  totalPages,
  totalStoragePages,
  worldRecords,
} from "../model/index.ts";
import { type Cutter, columnsOf, cutOf } from "./columns.ts";
import { FreeNumbers } from "./free-numbers.ts";
import { Lists } from "./lists.ts";

/** What a state is laid out for. */
export type Needs = {
  readonly scope: Scope;
  readonly locks: number;
  readonly stash: boolean;
  /** Real free lists and a real LRU: their order is state. Else sets, for exhaustive scopes. */
  readonly lists: boolean;
};

/** Registers of an actor that only packed code has: its operation unpacked, and what it holds. */
const packedRegisters = {
  kind: 0,
  first: 0,
  second: 0,
  third: 0,
  /** The file page it works on, or the first page of its file. */
  key: 0,
  spinLocks: 0,
  irqLocks: 0,
};

/** A register and its value in an idle actor; the order is that of the packed form. */
export const idleRegisters = { ...idleActor(), ...packedRegisters };
export const registerNames = Object.keys(idleRegisters);

/** Bytes of tags of one page: two tags to a byte. */
export const tagBytesOf = ({ geometry }: Scope): number => Math.ceil(geometry.granulesPerPage / 2);

/** Bytes of one storage page: the tags of all pages that it serves. */
export const storageBytesOf = ({ geometry }: Scope): number =>
  Math.ceil((geometry.granulesPerPage * geometry.pagesPerStoragePage) / 2);

const plan =
  ({ scope, locks, stash, lists }: Needs) =>
  (cut: Cutter) => {
    const { geometry, dirtyLines } = scope;
    const frames = totalPages(geometry);
    const storagePages = totalStoragePages(geometry);
    const handles = frames + storagePages;
    const keys = scope.files * scope.pagesPerFile;
    const records = worldRecords(scope, 0);
    const tagBytes = tagBytesOf(scope);
    /** A power of two: a hash is the upper bits of a product. */
    const bucketBits = Math.max(1, Math.ceil(Math.log2(storagePages)));
    return {
      frames: columnsOf(records.frame, frames, cut),
      storage: columnsOf(records.storagePage, storagePages, cut),
      /** Who holds the data in a storage page: a handle, or -1. */
      holders: cut.words(storagePages),
      users: cut.words(totalBlocks(geometry)),
      held: columnsOf(records.held, handles, cut),
      slots: columnsOf(records.slot, scope.slots, cut),
      cached: columnsOf(records.cachedPage, keys, cut),
      exists: cut.bytes(scope.files),
      mounted: cut.bytes(1),
      locks: cut.bytes(locks),
      actors: cut.words(scope.actors.length * registerNames.length),
      /** The index of copies: a head for each bucket, a link for each storage page. */
      bucketBits,
      buckets: cut.words(2 ** bucketBits),
      chain: cut.words(storagePages),
      freeHandles: new FreeNumbers(handles, cut),
      freeSlots: new FreeNumbers(scope.slots, cut),
      freeFrames: new Lists(lists ? frames : 0, 2, cut),
      /** Storage pages: the free ones, and those with copies in the order of their use. */
      storageLists: new Lists(lists ? storagePages : 0, 2, cut),
      arena: cut.bytes(storagePages * storageBytesOf(scope)),
      dataLines: cut.bytes(dirtyLines ? storagePages : 0),
      tagLines: cut.bytes(dirtyLines ? frames * geometry.granulesPerPage : 0),
      stashed: cut.bytes(stash ? frames : 0),
      stash: cut.bytes(stash ? frames * tagBytes : 0),
      slotTags: cut.bytes(scope.slots * tagBytes),
    };
  };

export type PackedState = ReturnType<ReturnType<typeof plan>> & {
  /** Every byte of it. */
  readonly all: Uint8Array;
};

/** Everything free, nothing tagged, files full of zeroes. */
export const freshState = (needs: Needs): PackedState => {
  const { plan: state, all } = cutOf(plan(needs));
  state.frames.bytes.fill(junk);
  state.storage.key.fill(-1);
  state.holders.fill(-1);
  state.held.at.fill(-1);
  state.held.owner.fill(-1);
  state.slots.owner.fill(-1);
  state.slots.bytes.fill(junk);
  state.cached.bytes.fill(junk);
  state.exists.fill(1);
  state.mounted.fill(1);
  state.buckets.fill(-1);
  state.chain.fill(-1);
  state.dataLines.fill(nothing);
  state.tagLines.fill(nothing);
  const idle: readonly number[] = Object.values(idleRegisters);
  for (let at = 0; at < state.actors.length; at += idle.length) state.actors.set(idle, at);
  state.freeHandles.fill();
  state.freeSlots.fill();
  state.freeFrames.clear();
  state.storageLists.clear();
  return { ...state, all };
};
