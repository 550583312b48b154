/**
 * What every action works with: the state, the machine below it, and the moves of pages between
 * free lists, callers and tag storage. A page of data lies in a *place*: a frame, or (where a design
 * allows it) a storage page, numbered behind the frames.
 */
import {
  type Design,
  junk,
  limitsOf,
  type Scope,
  totalPages,
  totalStoragePages,
} from "../model/index.ts";
import { Arena } from "./arena.ts";
import { frameUse, heldState, storageUse } from "./codes.ts";
import { byte, word } from "./columns.ts";
import { Copies } from "./copies.ts";
import { Divisor } from "./divisor.ts";
import { kindOf } from "./operations.ts";
import { type RegisterFile, type Registers, registersOf } from "./registers.ts";
import { choiceOf, look, outcomeOf, Report } from "./report.ts";
import type { PackedState } from "./state.ts";

/** Free frames: those that may carry tags, and CMA memory that a design keeps from tags. */
export const frameList = { taggable: 0, barred: 1 } as const;
/** Storage pages: free ones, and clean copies from the least to the most recently used. */
export const storageList = { free: 0, copies: 1 } as const;

/** Operations that hold pages in flight; by code. */
const movesPages: ReadonlySet<number> = new Set([
  kindOf["allocate"],
  kindOf["free"],
  kindOf["migrate"],
  kindOf["enable-tags"],
  kindOf["copy"],
  kindOf["swap-out"],
  kindOf["swap-in"],
]);

export class Kit {
  readonly scope: Scope;
  readonly state: PackedState;
  readonly arena: Arena;
  readonly copies: Copies;
  readonly report = new Report();
  readonly actors: readonly RegisterFile[];
  readonly frames: number;
  readonly storagePages: number;
  readonly taggableFrames: number;
  readonly blockPages: number;
  /** Freed memory is filled with junk: on in scopes, off where only speed is asked for. */
  readonly poison: boolean;
  private readonly interrupts: readonly boolean[];
  private readonly blocks: Divisor;

  constructor(design: Design, scope: Scope, state: PackedState, poison: boolean) {
    this.scope = scope;
    this.state = state;
    this.poison = poison;
    this.arena = new Arena(state, scope);
    this.copies = new Copies(state);
    this.actors = scope.actors.map((_, me) => registersOf(state.actors, me));
    this.interrupts = scope.actors.map(({ kind }) => kind === "interrupt");
    this.frames = totalPages(scope.geometry);
    this.storagePages = totalStoragePages(scope.geometry);
    this.taggableFrames = limitsOf(scope, design.barsCma).taggablePages;
    this.blockPages = scope.geometry.blockPages;
    this.blocks = new Divisor(this.blockPages);
  }

  /** Everything is free but the pages that are no memory; lowest numbers are first on the lists. */
  begin(notMemory: readonly { readonly first: number; readonly count: number }[]): void {
    const { frames, freeFrames, storageLists } = this.state;
    for (const { first, count } of notMemory) frames.use.fill(frameUse.busy, first, first + count);
    if (this.poison)
      for (let page = 0; page < this.storagePages; page++) this.arena.poisonStorage(page);
    if (!freeFrames.kept) return;
    for (let frame = 0; frame < this.frames; frame++) {
      const list = frame < this.taggableFrames ? frameList.taggable : frameList.barred;
      if (byte(frames.use, frame) === frameUse.free) freeFrames.addLast(list, frame);
    }
    for (let page = 0; page < this.storagePages; page++)
      storageLists.addLast(storageList.free, page);
  }

  isStorage(place: number): boolean {
    return place >= this.frames;
  }

  blockOf(frame: number): number {
    return this.blocks.quotient(this.arena.storageOf(frame));
  }

  firstStorageOf(block: number): number {
    return block * this.blockPages;
  }

  isFlagged(place: number): boolean {
    return place < this.frames && byte(this.state.frames.flagged, place) === 1;
  }

  isClaimed(place: number): boolean {
    return place < this.frames && byte(this.state.frames.claimed, place) === 1;
  }

  /** Nobody may sleep: an interrupt, or somebody who holds a spin lock. */
  isAtomic(actor: Registers): boolean {
    return this.interrupts[actor.me] === true || actor.spinLocks > 0;
  }

  load(place: number): number {
    return place >= this.frames
      ? this.arena.loadData(place - this.frames)
      : word(this.state.frames.bytes, place);
  }

  store(place: number, bytes: number): void {
    if (place >= this.frames) this.arena.storeData(place - this.frames, bytes);
    else this.state.frames.bytes[place] = bytes;
  }

  /** A frame is on a free list exactly while it is free. */
  useFrame(frame: number, use: number): void {
    const { frames, freeFrames } = this.state;
    if (freeFrames.kept) {
      const list = frame < this.taggableFrames ? frameList.taggable : frameList.barred;
      if (byte(frames.use, frame) === frameUse.free) freeFrames.remove(list, frame);
      if (use === frameUse.free) freeFrames.addFirst(list, frame);
    }
    frames.use[frame] = use;
  }

  /** Free and cached storage pages are on their lists. */
  useStorage(page: number, use: number): void {
    const { storage, storageLists } = this.state;
    if (storageLists.kept) {
      const before = byte(storage.use, page);
      if (before === storageUse.free) storageLists.remove(storageList.free, page);
      else if (before === storageUse.cached) storageLists.remove(storageList.copies, page);
      if (use === storageUse.free) storageLists.addFirst(storageList.free, page);
      else if (use === storageUse.cached) storageLists.addLast(storageList.copies, page);
    }
    storage.use[page] = use;
  }

  /** A copy was used: it is the last one to go. */
  touchCopy(page: number): void {
    const { storageLists } = this.state;
    if (!storageLists.kept) return;
    storageLists.remove(storageList.copies, page);
    storageLists.addLast(storageList.copies, page);
  }

  /** A place that was on a free list is somebody's now, and seen by nobody yet. */
  take(place: number): void {
    if (place >= this.frames) this.useStorage(place - this.frames, storageUse.data);
    else this.useFrame(place, frameUse.busy);
  }

  giveBack(place: number): void {
    const { frames, stashed, stash } = this.state;
    if (place >= this.frames) {
      const storage = place - this.frames;
      this.useStorage(storage, storageUse.free);
      if (this.poison) this.arena.poisonStorage(storage);
      return;
    }
    this.useFrame(place, frameUse.free);
    frames.locked[place] = 0;
    frames.flagged[place] = 0;
    frames.bytes[place] = junk;
    if (stashed.length > 0 && byte(stashed, place) === 1) {
      stashed[place] = 0;
      this.arena.emptyShelf(stash, place);
    }
  }

  /** The smallest free handle gets a place; there are as many handles as places. */
  hold(place: number, owner: number, state: number): number {
    const { held, freeHandles } = this.state;
    const handle = freeHandles.smallest();
    freeHandles.remove(handle);
    held.owner[handle] = owner;
    held.state[handle] = state;
    this.putHandle(handle, place);
    if (place < this.frames) held.tagged[handle] = byte(this.state.frames.flagged, place);
    return handle;
  }

  /** A held page lies here from now on. */
  putHandle(handle: number, place: number): void {
    const { held, holders } = this.state;
    const before = word(held.at, handle);
    if (before >= this.frames) holders[before - this.frames] = -1;
    held.at[handle] = place;
    if (place >= this.frames) holders[place - this.frames] = handle;
    else this.useFrame(place, frameUse.held);
  }

  /** The handle is free again; its place is on its way to a free list. */
  letGo(handle: number): number {
    const { held, holders, freeHandles } = this.state;
    const place = word(held.at, handle);
    held.at[handle] = -1;
    held.owner[handle] = -1;
    held.state[handle] = heldState.none;
    held.uses[handle] = 0;
    held.tagged[handle] = 0;
    held.pinned[handle] = 0;
    freeHandles.add(handle);
    if (place >= this.frames) holders[place - this.frames] = -1;
    else this.useFrame(place, frameUse.busy);
    return place;
  }

  hasStash(frame: number): boolean {
    const { stashed } = this.state;
    return stashed.length > 0 && byte(stashed, frame) === 1;
  }

  /** The first free frame that may carry tags. */
  freeTaggable(): number {
    return this.state.freeFrames.first(frameList.taggable);
  }

  /** A free frame for data without tags: memory that can carry none first. */
  freeUntagged(): number {
    const barred = this.state.freeFrames.first(frameList.barred);
    return barred >= 0 ? barred : this.freeTaggable();
  }

  /** A free place for data without tags, tag storage before memory that can carry tags. */
  freeAnywhere(): number {
    const barred = this.state.freeFrames.first(frameList.barred);
    if (barred >= 0) return barred;
    const storage = this.state.storageLists.first(storageList.free);
    return storage >= 0 ? this.frames + storage : this.freeTaggable();
  }

  /** The operation under way found every list empty. */
  noMemory(actor: Registers): void {
    this.report.own(outcomeOf["no-memory"], 0, choiceOf.short, this.inFlight(actor));
  }

  /** An operation hands a page over; `kind` is 0 for the actor's own. */
  handOver(handle: number, place: number, looked: number = look.everything): void {
    this.report.own(outcomeOf.page, handle, choiceOf.placed, place, looked, place);
  }

  migrated(handle: number, place: number, looked: number = look.everything): void {
    const { page } = outcomeOf;
    const { placed } = choiceOf;
    this.report.within(kindOf.migrate, handle, 0, 0, page, handle, placed, place, looked, place);
  }

  /** Taggable pages that others under way hold: neither free nor anybody's. */
  private inFlight(actor: Registers): number {
    const others = this.actors.some((other) => other.me !== actor.me && movesPages.has(other.kind));
    if (!others) return 0;
    let busy = 0;
    for (let frame = 0; frame < this.taggableFrames; frame++)
      if (byte(this.state.frames.use, frame) === frameUse.busy) busy++;
    return busy;
  }
}
