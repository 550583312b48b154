/**
 * The set of all states that explain a log so far, kept flat: what is certain in maps by number, so
 * that an operation costs the same however large memory is; what is uncertain in groups. Memory is
 * taken for what is in use or was touched, never for the length of the log.
 */
import {
  type FilePage,
  freshFilePage,
  type Handle,
  type Limits,
  type SlotIndex,
} from "../../model/index.ts";
import { Group, groupOf, takenApart } from "./group.ts";
import { strayPage, straySlot } from "./part.ts";
import {
  emptyPiece,
  type FileKey,
  hasStandIns,
  joinNames,
  joinPieces,
  type Names,
  noNames,
  type Piece,
} from "./piece.ts";
import { eitherWay, fileIs, isOneThing, keyIs, mountIs, pageIs, slotIs } from "./single.ts";
import { unknownFilePages, unknownPages, unknownSlots } from "./unknown.ts";
import type { FlatPage, FlatSlot } from "./values.ts";

/** More pieces for one group than the cap: the set cannot be kept. */
export class TooManyPieces extends Error {
  override readonly name = "TooManyPieces";
}

/** One file: `rest` is what every page is that the map does not name; `null`: unknown. */
export type FlatFile = {
  exists: boolean | Group;
  rest: FilePage | null;
  readonly pages: Map<number, FilePage | Group>;
};

/** What a footprint may be now: one group, and the groups that it was joined from. */
export type Gathered = {
  readonly group: Group;
  readonly from: readonly Group[];
  /** The fewest and the most taggable pages that everything else can leave free. */
  readonly left: { readonly least: number; readonly most: number };
};

const pageIn = ({ pages, rest }: FlatFile, index: number): FilePage | undefined => {
  const page = pages.get(index) ?? rest;
  return page === null || page instanceof Group ? undefined : page;
};

export class Store {
  readonly limits: Limits;
  /** The most pieces of one group. */
  readonly cap: number;
  readonly pages = new Map<Handle, FlatPage | null | Group>();
  readonly slots = new Map<SlotIndex, FlatSlot | null | Group>();
  readonly files = new Map<number, FlatFile>();
  mounted: boolean | Group = true;
  /** Nothing is known of a page, or a slot, that the map does not name; else it is free. */
  pagesUnknown = false;
  slotsUnknown = false;
  /** What every page is of a file that the map does not name; `null`: unknown. */
  fileRest: FilePage | null = freshFilePage;
  /** Pages and slots that somebody may have got without anybody seeing which. */
  strayPages = 0;
  straySlots = 0;
  /** Pages in taggable memory, for certain and at most, as far as they are named. */
  private least = 0;
  private most = 0;
  /** By source: pages that were copied from it. May name pages that are no longer such copies. */
  private readonly copies = new Map<Handle, Set<Handle>>();

  constructor(limits: Limits, start: "boot" | "unknown", cap: number) {
    this.limits = limits;
    this.cap = cap;
    if (start === "unknown") this.forgetAll();
  }

  /** The most taggable pages that can be free now. */
  get mostFree(): number {
    return this.limits.taggablePages - this.least;
  }

  /** `undefined`: not certain. */
  flatPage(handle: Handle): FlatPage | null | undefined {
    const page = this.pages.get(handle);
    if (page === undefined) return this.pagesUnknown ? undefined : null;
    return page instanceof Group ? undefined : page;
  }

  /** `undefined`: not certain. */
  flatSlot(slot: SlotIndex): FlatSlot | null | undefined {
    const held = this.slots.get(slot);
    if (held === undefined) return this.slotsUnknown ? undefined : null;
    return held instanceof Group ? undefined : held;
  }

  /** `undefined`: not certain. Whether or not the file is there, or mounted. */
  flatKey(file: number, index: number): FilePage | undefined {
    const known = this.files.get(file);
    return known === undefined ? (this.fileRest ?? undefined) : pageIn(known, index);
  }

  /** The page of a file that is there for certain, on a file system that is mounted. */
  flatFilePage(file: number, index: number): FilePage | undefined {
    if (this.mounted !== true) return undefined;
    const known = this.files.get(file);
    if (known === undefined) return this.fileRest ?? undefined;
    return known.exists === true ? pageIn(known, index) : undefined;
  }

  /** What is kept of a file, made if it was not named yet. */
  file(file: number): FlatFile {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const rest = this.fileRest;
    const exists = rest === null ? fileIs(file, eitherWay) : true;
    const made: FlatFile = { exists, rest, pages: new Map() };
    this.files.set(file, made);
    return made;
  }

  /** A page becomes certain, or was so before. */
  setPage(handle: Handle, page: FlatPage | null): void {
    this.dropPage(handle);
    if (page === null && !this.pagesUnknown) return;
    this.pages.set(handle, page);
    if (page === null) return;
    if (page.home === "taggable") this.count(1, 1);
    if (page.copyOf !== null && page.copyOf >= 0) this.remember(page.copyOf, handle);
  }

  private dropPage(handle: Handle): void {
    const held = this.pages.get(handle);
    if (held === undefined) return;
    if (!(held instanceof Group) && held?.home === "taggable") this.count(-1, -1);
    this.pages.delete(handle);
  }

  private count(least: number, most: number): void {
    this.least += least;
    this.most += most;
  }

  private remember(source: Handle, copy: Handle): void {
    const known = this.copies.get(source);
    if (known) known.add(copy);
    else this.copies.set(source, new Set([copy]));
  }

  /** Those that may still be unused copies of the page; they are no longer found afterwards. */
  takeCopies(source: Handle): readonly Handle[] {
    const known = this.copies.get(source);
    if (known === undefined) return [];
    this.copies.delete(source);
    return [...known];
  }

  /** If the page is an unused copy of the source, it is one of nobody now, or of nobody knows whom. */
  setCopyOf(handle: Handle, source: Handle, now: Handle | null): void {
    const held = this.pages.get(handle);
    if (held instanceof Group) {
      const at = held.names.pages.indexOf(handle);
      const pieces = held.pieces.map((piece) => ({
        ...piece,
        pages: piece.pages.map((page, each) =>
          each === at && page?.copyOf === source ? { ...page, copyOf: now } : page,
        ),
      }));
      this.replace(held, pieces);
    } else if (held?.copyOf === source) this.setPage(handle, { ...held, copyOf: now });
  }

  setSlot(slot: SlotIndex, held: FlatSlot | null): void {
    if (held === null && !this.slotsUnknown) this.slots.delete(slot);
    else this.slots.set(slot, held);
  }

  setFilePage(file: number, index: number, page: FilePage): void {
    this.file(file).pages.set(index, page);
  }

  /** All that a footprint may be now. Changes nothing that counts. */
  gather(names: Names): Gathered {
    const from = new Set(this.groupsOf(names));
    let whole = new Group(noNames, [emptyPiece]);
    for (const each of from) whole = this.joined(whole, each);
    return { group: whole, from: [...from], left: this.leftBy(from) };
  }

  private leftBy(groups: ReadonlySet<Group>): Gathered["left"] {
    const { taggablePages } = this.limits;
    let { least, most } = this;
    for (const group of groups) {
      // What is unknown altogether was never counted.
      if (group.pieces.length > 1 && !this.stands(group)) continue;
      least -= group.least;
      most -= group.most;
    }
    return {
      least: this.pagesUnknown ? 0 : taggablePages - most - this.strayPages,
      most: taggablePages - least,
    };
  }

  /** Every group that the names touch; what is certain is a group of one piece. */
  private groupsOf({ pages, slots, keys, files, mount }: Names): readonly Group[] {
    const { mounted } = this;
    return [
      ...pages.map((handle) => this.pageGroup(handle)),
      ...slots.map((slot) => this.slotGroup(slot)),
      ...keys.map((key) => this.keyGroup(key)),
      ...files.map((file) => {
        const { exists } = this.file(file);
        return exists instanceof Group ? exists : fileIs(file, [exists]);
      }),
      ...mount.map(() => (mounted instanceof Group ? mounted : mountIs([mounted]))),
    ];
  }

  private pageGroup(handle: Handle): Group {
    const held = this.pages.get(handle);
    if (held instanceof Group) return held;
    const known = held ?? (this.pagesUnknown && held === undefined ? undefined : null);
    const open = known === undefined || (known === null && this.strayPages > 0);
    return pageIs(
      handle,
      open && handle !== strayPage ? unknownPages(this.limits) : [known ?? null],
    );
  }

  private slotGroup(slot: SlotIndex): Group {
    const held = this.slots.get(slot);
    if (held instanceof Group) return held;
    const known = held ?? (this.slotsUnknown && held === undefined ? undefined : null);
    const open = known === undefined || (known === null && this.straySlots > 0);
    return slotIs(slot, open && slot !== straySlot ? unknownSlots(this.limits) : [known ?? null]);
  }

  private keyGroup(key: FileKey): Group {
    const file = this.file(key.file);
    const held = file.pages.get(key.index) ?? file.rest;
    if (held instanceof Group) return held;
    return keyIs(key, held === null ? unknownFilePages : [held]);
  }

  private joined(one: Group, other: Group): Group {
    if (one.pieces.length * other.pieces.length > this.cap) throw new TooManyPieces();
    const pieces = one.pieces.flatMap((piece) =>
      other.pieces.map((more) => joinPieces(piece, more)),
    );
    return new Group(joinNames(one.names, other.names), pieces);
  }

  /** A footprint is what these pieces say from now on: at least one, for names of its group. */
  commit({ from }: Gathered, names: Names, pieces: readonly Piece[]): void {
    const whole = groupOf(names, pieces);
    if (whole.pieces.length > this.cap) throw new TooManyPieces();
    this.detach(from);
    for (const part of takenApart(whole)) this.put(part);
  }

  /** The same for a group that stands. */
  replace(group: Group, pieces: readonly Piece[]): void {
    const whole = groupOf(group.names, pieces);
    this.detach([group]);
    for (const part of takenApart(whole)) this.put(part);
  }

  private detach(groups: readonly Group[]): void {
    for (const group of groups) {
      if (this.stands(group)) this.count(-group.least, -group.most);
      for (const handle of group.names.pages) this.dropPage(handle);
    }
  }

  private stands({ names }: Group): boolean {
    return names.pages.some((handle) => this.pages.get(handle) instanceof Group);
  }

  private put(group: Group): void {
    const { names, pieces } = group;
    const [piece] = pieces;
    if (piece && pieces.length === 1 && isOneThing(names) && !hasStandIns(piece))
      this.putCertain(names, piece);
    else this.putGroup(group);
  }

  private putCertain(names: Names, { pages, slots, keys, files, mount }: Piece): void {
    for (const [at, handle] of names.pages.entries()) this.setPage(handle, pages[at] ?? null);
    for (const [at, slot] of names.slots.entries()) this.setSlot(slot, slots[at] ?? null);
    for (const [at, { file, index }] of names.keys.entries()) {
      const page = keys[at];
      if (page) this.setFilePage(file, index, page);
    }
    for (const [at, file] of names.files.entries()) this.file(file).exists = files[at] ?? true;
    for (const mounted of mount) this.mounted = mounted;
  }

  private putGroup(group: Group): void {
    const { names, pieces } = group;
    for (const [at, handle] of names.pages.entries()) {
      this.pages.set(handle, group);
      for (const { pages } of pieces) {
        const source = pages[at]?.copyOf ?? null;
        if (source !== null && source >= 0) this.remember(source, handle);
      }
    }
    this.count(group.least, group.most);
    for (const slot of names.slots) this.slots.set(slot, group);
    for (const { file, index } of names.keys) this.file(file).pages.set(index, group);
    for (const file of names.files) this.file(file).exists = group;
    if (names.mount.length > 0) this.mounted = group;
  }

  /** Nothing is known of these things any more; what hung together with them stays as it is. */
  forget(names: Names): void {
    for (const group of new Set(this.groupsOf(names))) {
      const others = group.without(names);
      this.detach([group]);
      for (const part of takenApart(others)) this.put(part);
    }
    for (const handle of names.pages) this.put(pageIs(handle, unknownPages(this.limits)));
    for (const slot of names.slots) this.put(slotIs(slot, unknownSlots(this.limits)));
    for (const key of names.keys) this.put(keyIs(key, unknownFilePages));
    for (const file of names.files) this.put(fileIs(file, eitherWay));
    if (names.mount.length > 0) this.put(mountIs(eitherWay));
  }

  /** From now on nothing is known of anything. */
  forgetAll(): void {
    this.pages.clear();
    this.copies.clear();
    this.least = 0;
    this.most = 0;
    this.pagesUnknown = true;
    this.strayPages = 0;
    this.forgetSlots();
    this.forgetFiles();
  }

  forgetSlots(): void {
    this.slots.clear();
    this.slotsUnknown = true;
    this.straySlots = 0;
  }

  forgetFiles(): void {
    this.files.clear();
    this.fileRest = null;
    this.mounted = mountIs(eitherWay);
  }
}
