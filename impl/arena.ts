/**
 * Memory as the machine has it: the tags of a page lie inside its storage page, two to a byte, where
 * the static map puts them; data in a storage page fill all of it. Nothing guards one use from the
 * other. Dirty lines stand beside memory until somebody writes them back or forgets them.
 *
 * Contents are small codes: a nibble below `dataCode` is a tag, one from it on is data. The bytes of
 * ordinary pages are one number a page; they are not laid out.
 */
import { dataCode, junk, nothing, type Scope } from "../model/index.ts";
import { byte, word } from "./columns.ts";
import { Divisor } from "./divisor.ts";
import { type PackedState, storageBytesOf, tagBytesOf } from "./state.ts";

/** Shorter runs of bytes are faster looked at one by one. */
const shortRun = 64;
const bytesOfWord = 4;

const bothNibbles = (nibble: number): number => nibble | (nibble << 4);

/** A nibble of a row of nibbles, two to a byte, the even ones low. */
const nibbleAt = (bytes: Uint8Array, place: number): number =>
  (byte(bytes, place >> 1) >> ((place & 1) << 2)) & 15;

const putNibble = (bytes: Uint8Array, place: number, nibble: number): void => {
  const up = (place & 1) << 2;
  bytes[place >> 1] = (byte(bytes, place >> 1) & (240 >> up)) | (nibble << up);
};

export class Arena {
  /** Frames whose tags one storage page holds; the next storage page serves the next ones. */
  readonly pagesPerStoragePage: number;
  readonly granules: number;
  private readonly state: PackedState;
  private readonly served: Divisor;
  private readonly view: Buffer;
  private readonly pageBytes: number;
  private readonly tagBytes: number;
  private readonly lines: boolean;
  /** Tags of a page fill whole bytes and no line is kept back: they can be moved as bytes. */
  private readonly wholeBytes: boolean;
  /** The whole state as words, if the tags of every page are whole words of it; else empty. */
  private readonly words: Int32Array;

  constructor(state: PackedState, scope: Scope) {
    const { granulesPerPage, pagesPerStoragePage } = scope.geometry;
    this.state = state;
    this.view = Buffer.from(state.arena.buffer, state.arena.byteOffset, state.arena.length);
    this.pagesPerStoragePage = pagesPerStoragePage;
    this.served = new Divisor(pagesPerStoragePage);
    this.granules = granulesPerPage;
    this.pageBytes = storageBytesOf(scope);
    this.tagBytes = tagBytesOf(scope);
    this.lines = scope.dirtyLines;
    this.wholeBytes = granulesPerPage % 2 === 0 && !scope.dirtyLines;
    const starts = [state.arena, state.stash, state.slotTags].map(({ byteOffset }) => byteOffset);
    const aligned = [this.tagBytes, ...starts].every((bytes) => bytes % bytesOfWord === 0);
    this.words = new Int32Array(state.all.buffer, 0, aligned ? state.all.length >> 2 : 0);
  }

  /** The storage page of a frame: the static map. Regions are whole, so the ratio is exact. */
  storageOf(frame: number): number {
    return this.served.quotient(frame);
  }

  /** Where the tags of a frame begin, in nibbles from the start of the arena. */
  tagPlace(frame: number): number {
    const storage = this.storageOf(frame);
    const position = frame - storage * this.pagesPerStoragePage;
    return 2 * storage * this.pageBytes + position * this.granules;
  }

  /** What memory holds there, whatever lines are dirty. */
  nibbleOf(frame: number, granule: number): number {
    return nibbleAt(this.state.arena, this.tagPlace(frame) + granule);
  }

  /** LDG */
  loadTag(frame: number, granule: number): number {
    if (this.lines) {
      const line = byte(this.state.tagLines, frame * this.granules + granule);
      if (line !== nothing) return line;
    }
    return this.nibbleOf(frame, granule);
  }

  /** STG */
  storeTag(frame: number, granule: number, tag: number): void {
    if (this.lines) this.state.tagLines[frame * this.granules + granule] = tag;
    else putNibble(this.state.arena, this.tagPlace(frame) + granule, tag);
  }

  clearTags(frame: number): void {
    if (this.wholeBytes) {
      this.zero(this.state.arena, this.tagPlace(frame) >> 1);
      return;
    }
    for (let granule = 0; granule < this.granules; granule++) this.storeTag(frame, granule, 0);
  }

  copyTags(from: number, to: number): void {
    if (this.wholeBytes) {
      const { arena } = this.state;
      this.move(arena, this.tagPlace(from) >> 1, arena, this.tagPlace(to) >> 1);
      return;
    }
    for (let granule = 0; granule < this.granules; granule++)
      this.storeTag(to, granule, this.loadTag(from, granule));
  }

  /** Tags are put on a shelf (beside a swap slot, in the stash), a row for each page. */
  saveTags(frame: number, shelf: Uint8Array, row: number): void {
    const first = row * this.tagBytes;
    if (this.wholeBytes) {
      this.move(this.state.arena, this.tagPlace(frame) >> 1, shelf, first);
      return;
    }
    for (let granule = 0; granule < this.granules; granule++)
      putNibble(shelf, 2 * first + granule, this.loadTag(frame, granule));
  }

  restoreTags(frame: number, shelf: Uint8Array, row: number): void {
    const first = row * this.tagBytes;
    if (this.wholeBytes) {
      this.move(shelf, first, this.state.arena, this.tagPlace(frame) >> 1);
      return;
    }
    for (let granule = 0; granule < this.granules; granule++)
      this.storeTag(frame, granule, nibbleAt(shelf, 2 * first + granule));
  }

  /** Tags go from one row of shelves to another. */
  moveShelved(from: Uint8Array, row: number, to: Uint8Array, target: number): void {
    this.move(from, row * this.tagBytes, to, target * this.tagBytes);
  }

  /** The tags of a page go elsewhere; by words where that can be, which is four times as fast. */
  private move(from: Uint8Array, first: number, to: Uint8Array, target: number): void {
    const { words, tagBytes } = this;
    if (words.length === 0) {
      for (let at = 0; at < tagBytes; at++) to[target + at] = byte(from, first + at);
      return;
    }
    const start = (from.byteOffset + first) >> 2;
    const end = (to.byteOffset + target) >> 2;
    for (let at = 0; at < tagBytes >> 2; at++) words[end + at] = word(words, start + at);
  }

  /** The tags of a page become 0. */
  private zero(bytes: Uint8Array, first: number): void {
    const { words, tagBytes } = this;
    if (words.length === 0) {
      for (let at = 0; at < tagBytes; at++) bytes[first + at] = 0;
      return;
    }
    const start = (bytes.byteOffset + first) >> 2;
    for (let at = 0; at < tagBytes >> 2; at++) words[start + at] = 0;
  }

  emptyShelf(shelf: Uint8Array, row: number): void {
    this.zero(shelf, row * this.tagBytes);
  }

  shelvedTag(shelf: Uint8Array, row: number, granule: number): number {
    return nibbleAt(shelf, 2 * row * this.tagBytes + granule);
  }

  /** A data store that fills a storage page. */
  storeData(storage: number, bytes: number): void {
    if (this.lines) this.state.dataLines[storage] = bytes;
    else this.fillPage(storage, bytes === junk ? junk : dataCode + bytes);
  }

  /** A data load: junk, unless the page is the same data through and through. */
  loadData(storage: number): number {
    if (this.lines) {
      const line = byte(this.state.dataLines, storage);
      if (line !== nothing) return line;
    }
    const place = 2 * storage * this.pageBytes;
    const code = nibbleAt(this.state.arena, place);
    if (code < dataCode || code === junk) return junk;
    const nibbles = this.granules * this.pagesPerStoragePage;
    return this.isFilledWith(storage, code, nibbles) ? code - dataCode : junk;
  }

  private isFilledWith(storage: number, code: number, nibbles: number): boolean {
    const first = storage * this.pageBytes;
    if (nibbles % 2 === 0 && this.pageBytes > shortRun) {
      if (byte(this.state.arena, first) !== bothNibbles(code)) return false;
      const last = first + this.pageBytes;
      return this.view.compare(this.view, first + 1, last, first, last - 1) === 0;
    }
    for (let at = 0; at < nibbles; at++)
      if (nibbleAt(this.state.arena, 2 * first + at) !== code) return false;
    return true;
  }

  private fillPage(storage: number, nibble: number): void {
    const first = storage * this.pageBytes;
    const last = first + this.pageBytes;
    this.state.arena.fill(bothNibbles(nibble), first, last);
    /** The half byte behind an odd number of tags is nobody's: it stays empty, for one identity. */
    if ((this.granules * this.pagesPerStoragePage) % 2 === 1)
      putNibble(this.state.arena, 2 * last - 1, 0);
  }

  /** dcache_inval_poc() */
  invalidateDataLines(storage: number): void {
    if (this.lines) this.state.dataLines[storage] = nothing;
  }

  /** dcache_inval_tags_poc() */
  invalidateTagLines(frame: number): void {
    if (this.lines)
      this.state.tagLines.fill(nothing, frame * this.granules, (frame + 1) * this.granules);
  }

  /** A cache decides to write a dirty line back, over whatever memory holds by now. */
  writeBackData(storage: number): void {
    const line = byte(this.state.dataLines, storage);
    if (line === nothing) return;
    this.fillPage(storage, line === junk ? junk : dataCode + line);
    this.state.dataLines[storage] = nothing;
  }

  writeBackTags(frame: number): void {
    for (let granule = 0; granule < this.granules; granule++) {
      const line = byte(this.state.tagLines, frame * this.granules + granule);
      if (line !== nothing) putNibble(this.state.arena, this.tagPlace(frame) + granule, line);
    }
    this.invalidateTagLines(frame);
  }

  /** Freed memory is worth nothing; junk shows it. */
  poisonTags(frame: number): void {
    for (let granule = 0; granule < this.granules; granule++)
      putNibble(this.state.arena, this.tagPlace(frame) + granule, junk);
  }

  poisonStorage(storage: number): void {
    this.fillPage(storage, junk);
  }
}
