/**
 * The state of a design: hardware, mechanism, the operations under way, and one contract state (the
 * ghost) that says what is true. Scripts change the mechanism, `model/hardware` changes hardware,
 * and only commits change the ghost.
 */

import { type Fields, flag, type Layout, listOf, oneOf, recordOf, wholeNumber } from "../layout.ts";
import { totalBlocks, totalPages, totalStoragePages } from "../machine/geometry.ts";
import { type Extra, type ExtraField, extraLayout, freshExtra } from "./extra.ts";
import { labels } from "./labels.ts";
import { fileKeys, type Scope } from "./scope.ts";

/** A place in a page's memory that holds nothing anybody may rely on. */
export const junk = 15;
/** No cache line, no stashed tag. */
export const nothing = 14;
/** What a nibble of a storage page that holds data reads as: no tag has these values. */
export const dataCode = 8;

/**
 * The names that a field can have, in the order of their packed codes: the one table that scripts,
 * layouts and packed implementations share.
 */
export const frameUses = ["free", "busy", "held"] as const;
export const storageUses = [
  "free",
  "filling",
  "cached",
  "to-tags",
  "tags",
  "data",
  "isolated",
] as const;
export const heldStates = [
  "none",
  "mapped",
  "deferred",
  "read-only",
  "moving",
  /** The kernel's own: nobody maps, moves or frees it but who made it. */
  "unmovable",
] as const;
export const residences = ["none", "clean", "dirty"] as const;

/** A physical data page. */
type Frame = {
  use: (typeof frameUses)[number];
  /** PG_mte_lock, PG_mte_tagged. */
  locked: boolean;
  flagged: boolean;
  /** Its block counts it as a user. */
  claimed: boolean;
  bytes: number;
};

export type StorageUse = (typeof storageUses)[number];

/**
 * A physical page of tag storage. `key` is the file page of which it holds a clean copy; in designs
 * that keep swapped pages there, the swap slot whose bytes it holds.
 */
type StoragePage = { use: StorageUse; key: number };

/** What a caller holds. `at` is a frame, or the number of frames plus a storage page. */
export type Held = {
  at: number;
  owner: number;
  /** `deferred`: mapped without access until tag storage is found (fault on access). */
  state: (typeof heldStates)[number];
  /** References of operations under way: the page does not move while there is one. */
  uses: number;
  /** Its page-table entry has PROT_MTE and may be used for tags. */
  tagged: boolean;
  pinned: boolean;
};

export type SwapSlot = {
  sharers: number;
  owner: number;
  busy: boolean;
  saved: boolean;
  tags: number[];
  bytes: number;
};

export type CachedPage = { disk: number; resident: (typeof residences)[number]; bytes: number };

/** An actor's registers: the operation (0: idle), where it stands, and the named locals. */
export type Actor = {
  operation: number;
  label: number;
  commits: number;
  frame: number;
  /** A second frame: the target of a copy or move. */
  target: number;
  storage: number;
  /** Where the data of a claimed storage page moves to. */
  moved: number;
  handle: number;
  slot: number;
  value: number;
  secondValue: number;
  /** How often it tried, or how far a loop has come. */
  count: number;
  /** Own actions since it began to claim tag storage; stops counting at a bound. */
  claiming: number;
};

export type World = {
  frames: Frame[];
  storage: StoragePage[];
  /** Pages of the block that use it for tags. */
  users: number[];
  /** The nibbles of the storage pages, as memory holds them. */
  nibbles: number[];
  /** Dirty lines that memory does not hold yet. */
  dataLines: number[];
  tagLines: number[];
  /** Tags kept aside by page number while their page has no storage. */
  stash: number[];
  held: Held[];
  slots: SwapSlot[];
  cached: CachedPage[];
  exists: boolean[];
  mounted: boolean;
  /** What only this design has. */
  extra: Extra;
  /** By lock: nobody (0), or the actor plus one. */
  locks: number[];
  actors: Actor[];
  truth: number;
};

/** What a design needs beyond the scope to lay out its state. */
export type WorldNeeds = {
  readonly locks: number;
  readonly stash: boolean;
  readonly extra?: readonly ExtraField[];
};

/**
 * Every record of a world as a table of fields. The packed key of a state is laid out by it, and so
 * are the columns of an implementation.
 */
export const worldRecords = (scope: Scope, operations: number) => {
  const nibble = wholeNumber(0, 15);
  const number = wholeNumber(-1, 254);
  const frame: Fields<Frame> = {
    use: oneOf(...frameUses),
    locked: flag,
    flagged: flag,
    claimed: flag,
    bytes: nibble,
  };
  const storagePage: Fields<StoragePage> = { use: oneOf(...storageUses), key: number };
  const held: Fields<Held> = {
    at: number,
    owner: number,
    state: oneOf(...heldStates),
    uses: number,
    tagged: flag,
    pinned: flag,
  };
  const slot: Fields<SwapSlot> = {
    sharers: number,
    owner: number,
    busy: flag,
    saved: flag,
    tags: listOf(nibble, scope.geometry.granulesPerPage),
    bytes: nibble,
  };
  const cachedPage: Fields<CachedPage> = {
    disk: nibble,
    resident: oneOf(...residences),
    bytes: nibble,
  };
  const actor: Fields<Actor> = {
    operation: wholeNumber(0, operations),
    label: wholeNumber(0, labels.length - 1),
    commits: number,
    frame: number,
    target: number,
    storage: number,
    moved: number,
    handle: number,
    slot: number,
    value: nibble,
    secondValue: nibble,
    count: number,
    claiming: number,
  };
  return { frame, storagePage, held, slot, cachedPage, actor };
};

export const worldLayout = (scope: Scope, needs: WorldNeeds, operations: number): Layout<World> => {
  const { geometry, dirtyLines } = scope;
  const granules = geometry.granulesPerPage;
  const frames = totalPages(geometry);
  const storage = totalStoragePages(geometry);
  const nibble = wholeNumber(0, 15);
  const number = wholeNumber(-1, 254);
  const records = worldRecords(scope, operations);
  return recordOf<World>({
    frames: listOf(recordOf(records.frame), frames),
    storage: listOf(recordOf(records.storagePage), storage),
    users: listOf(number, totalBlocks(geometry)),
    nibbles: listOf(nibble, totalPages(geometry) * granules),
    dataLines: listOf(nibble, dirtyLines ? storage : 0),
    tagLines: listOf(nibble, dirtyLines ? totalPages(geometry) * granules : 0),
    stash: listOf(nibble, needs.stash ? frames * granules : 0),
    held: listOf(recordOf(records.held), frames + storage),
    slots: listOf(recordOf(records.slot), scope.slots),
    cached: listOf(recordOf(records.cachedPage), fileKeys(scope)),
    exists: listOf(flag, scope.files),
    mounted: flag,
    extra: extraLayout(needs.extra ?? [], scope),
    locks: listOf(number, needs.locks),
    actors: listOf(recordOf(records.actor), scope.actors.length),
    truth: wholeNumber(0, 2 ** 32 - 1),
  });
};

export const idleActor = (): Actor => ({
  operation: 0,
  label: 0,
  commits: 0,
  frame: -1,
  target: -1,
  storage: -1,
  moved: -1,
  handle: -1,
  slot: -1,
  value: junk,
  secondValue: junk,
  count: 0,
  claiming: 0,
});

const filled = <T>(length: number, value: () => T): T[] => Array.from({ length }, value);

/** Everything free, nothing tagged, files full of zeroes; unused memory holds junk. */
export const freshWorld = (scope: Scope, needs: WorldNeeds): World => {
  const { geometry, dirtyLines } = scope;
  const granules = geometry.granulesPerPage;
  const frames = totalPages(geometry);
  const storage = totalStoragePages(geometry);
  const nibbles = frames * granules;
  return {
    frames: filled(frames, () => ({
      use: "free",
      locked: false,
      flagged: false,
      claimed: false,
      bytes: junk,
    })),
    storage: filled(storage, () => ({ use: "free", key: -1 })),
    users: filled(totalBlocks(geometry), () => 0),
    nibbles: filled(nibbles, () => junk),
    dataLines: filled(dirtyLines ? storage : 0, () => nothing),
    tagLines: filled(dirtyLines ? nibbles : 0, () => nothing),
    stash: filled(needs.stash ? nibbles : 0, () => nothing),
    held: filled(frames + storage, () => ({
      at: -1,
      owner: -1,
      state: "none",
      uses: 0,
      tagged: false,
      pinned: false,
    })),
    slots: filled(scope.slots, () => ({
      sharers: 0,
      owner: -1,
      busy: false,
      saved: false,
      tags: filled(granules, () => nothing),
      bytes: junk,
    })),
    cached: filled(fileKeys(scope), () => ({ disk: 0, resident: "none", bytes: junk })),
    exists: filled(scope.files, () => true),
    mounted: true,
    extra: freshExtra(needs.extra ?? [], scope),
    locks: filled(needs.locks, () => 0),
    actors: scope.actors.map(idleActor),
    truth: 0,
  };
};
