/**
 * A *piece*: one possible state of a few things (pages, slots, file pages), cut out of memory. The
 * judge keeps what is certain flat, and what is uncertain as groups: for the things of a group, the
 * list of the pieces that explain the log so far. Groups are independent of each other, so the set
 * of all explaining states is the product of the groups; nothing is lost by keeping it that way.
 */
import type { Bytes, FilePage, Handle, SlotIndex } from "../../model/index.ts";
import {
  bytesOfFilePage,
  type FlatPage,
  type FlatSlot,
  hasStrangeTags,
  isStrangeBytes,
  isStrangeTag,
  mapFilePage,
  mostTagStandIns,
  tagAt,
  tagNumbers,
  tagText,
} from "./values.ts";

export type FileKey = { readonly file: number; readonly index: number };

/** Which things a group is about. */
export type Names = {
  readonly pages: readonly Handle[];
  readonly slots: readonly SlotIndex[];
  readonly keys: readonly FileKey[];
  /** Files whose being there is meant. */
  readonly files: readonly number[];
  /** Whether the file system is mounted is meant: one entry or none. */
  readonly mount: readonly "mounted"[];
};

/** Their values, in the order of the names. */
export type Piece = {
  readonly pages: readonly (FlatPage | null)[];
  readonly slots: readonly (FlatSlot | null)[];
  readonly keys: readonly FilePage[];
  readonly files: readonly boolean[];
  readonly mount: readonly boolean[];
};

export const noNames: Names = { pages: [], slots: [], keys: [], files: [], mount: [] };
export const emptyPiece: Piece = { pages: [], slots: [], keys: [], files: [], mount: [] };

/** More stand-ins than there are characters for them: the group has to be forgotten. */
export class TooManyStandIns extends Error {
  override readonly name = "TooManyStandIns";
}

export const joinNames = (one: Names, other: Names): Names => ({
  pages: [...one.pages, ...other.pages],
  slots: [...one.slots, ...other.slots],
  keys: [...one.keys, ...other.keys],
  files: [...one.files, ...other.files],
  mount: [...one.mount, ...other.mount],
});

const tagTexts = ({ pages, slots }: Piece): readonly string[] =>
  [...pages, ...slots].flatMap((each) => (each?.tags ? [each.tags] : []));

const allBytes = ({ pages, slots, keys }: Piece): readonly Bytes[] => [
  ...[...pages, ...slots].flatMap((each) => (each ? [each.bytes] : [])),
  ...keys.flatMap(bytesOfFilePage),
];

/** Stand-ins for contents, each once. */
export const strangeBytesOf = (piece: Piece): readonly Bytes[] => [
  ...new Set(allBytes(piece).filter(isStrangeBytes)),
];

export const hasStandIns = (piece: Piece): boolean =>
  allBytes(piece).some(isStrangeBytes) || tagTexts(piece).some(hasStrangeTags);

/** Replaces contents and tags everywhere in a piece. */
const mapPiece = (
  piece: Piece,
  bytes: (bytes: Bytes) => Bytes,
  tags: (tag: number) => number,
): Piece => {
  const change = <T extends FlatPage | FlatSlot>(each: T | null): T | null =>
    each && {
      ...each,
      bytes: bytes(each.bytes),
      tags: hasStrangeTags(each.tags) ? tagText(tagNumbers(each.tags ?? "").map(tags)) : each.tags,
    };
  return {
    ...piece,
    pages: piece.pages.map(change),
    slots: piece.slots.map(change),
    keys: piece.keys.map((page) => mapFilePage(page, bytes)),
  };
};

/** Gives stand-ins the numbers after `taken` others, in the order in which they come. */
const renumbered = (
  piece: Piece,
  taken: { readonly bytes: number; readonly tags: number },
): { readonly piece: Piece; readonly taken: { readonly bytes: number; readonly tags: number } } => {
  if (!hasStandIns(piece)) return { piece, taken };
  const ofBytes = new Map<number, number>();
  const ofTags = new Map<number, number>();
  const place = (known: Map<number, number>, each: number, first: number): number => {
    const at = known.get(each) ?? first + known.size;
    known.set(each, at);
    return at;
  };
  const changed = mapPiece(
    piece,
    (bytes) => (isStrangeBytes(bytes) ? -1 - place(ofBytes, bytes, taken.bytes) : bytes),
    (tag) => (isStrangeTag(tag) ? 0x100 + place(ofTags, tag, taken.tags) : tag),
  );
  const after = { bytes: taken.bytes + ofBytes.size, tags: taken.tags + ofTags.size };
  if (after.tags > mostTagStandIns) throw new TooManyStandIns();
  return { piece: changed, taken: after };
};

const none = { bytes: 0, tags: 0 };

/** The same piece with its stand-ins numbered from the first: equal pieces are equal data. */
export const canonical = (piece: Piece): Piece => renumbered(piece, none).piece;

/** Stand-ins that a piece with so many others can take for itself. */
export const standInsOf = (piece: Piece): { readonly bytes: number; readonly tags: number } => {
  const tags = tagTexts(piece).flatMap((text) =>
    hasStrangeTags(text) ? tagNumbers(text).filter(isStrangeTag) : [],
  );
  return {
    bytes: allBytes(piece).reduce((most, bytes) => Math.max(most, -bytes), 0),
    tags: tags.reduce((most, tag) => Math.max(most, tag - 0x100 + 1), 0),
  };
};

/** Both at once; what stands in for something in the one is not the same thing in the other. */
export const joinPieces = (one: Piece, other: Piece): Piece => {
  const { pages, slots, keys, files, mount } = renumbered(other, standInsOf(one)).piece;
  return {
    pages: [...one.pages, ...pages],
    slots: [...one.slots, ...slots],
    keys: [...one.keys, ...keys],
    files: [...one.files, ...files],
    mount: [...one.mount, ...mount],
  };
};

/** As a key: canonical pieces are the same exactly if their texts are. */
export const pieceText = (piece: Piece): string => JSON.stringify(piece);

/** Each once. */
export const distinct = (pieces: readonly Piece[]): readonly Piece[] => {
  const found = new Map<string, Piece>();
  for (const piece of pieces) {
    const plain = canonical(piece);
    const text = pieceText(plain);
    if (!found.has(text)) found.set(text, plain);
  }
  return [...found.values()];
};

/** Says that two tags are the same: `tags` of the piece, granule by granule, are as seen. */
export const learnTags = (piece: Piece, tags: string, seen: readonly number[]): Piece | null => {
  if (tags.length !== seen.length) return null;
  const learnt = new Map<number, number>();
  for (const [granule, tag] of seen.entries()) {
    const held = tagAt(tags, granule);
    const now = learnt.get(held) ?? held;
    if (isStrangeTag(now)) learnt.set(now, tag);
    else if (now !== tag) return null;
  }
  return mapPiece(
    piece,
    (bytes) => bytes,
    (tag) => learnt.get(tag) ?? tag,
  );
};

/** Says what a stand-in for contents stands for. */
export const learnBytes = (piece: Piece, standIn: Bytes, bytes: Bytes): Piece =>
  mapPiece(
    piece,
    (held) => (held === standIn ? bytes : held),
    (tag) => tag,
  );

/** How many of its pages lie in taggable memory. */
export const taggableIn = ({ pages }: Piece): number => {
  let count = 0;
  for (const page of pages) if (page?.home === "taggable") count++;
  return count;
};
