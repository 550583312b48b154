/**
 * A piece as a memory of the contract that holds nothing else, and back. Things get small numbers;
 * how many taggable pages are free is told by the limits, since most pages are elsewhere.
 */
import type { Contract, FilePage, Limits, Memory, RuleId } from "../../model/index.ts";
import type { Names, Piece } from "./piece.ts";
import { type FlatPage, type FlatSlot, tagNumbers, tagText } from "./values.ts";

/** Numbers of things in a small memory for those of the log, and the other way round. */
export type Numbering = {
  readonly names: Names;
  /** Files in the order of the small memory; the indices of each. */
  readonly files: readonly { readonly file: number; readonly indices: readonly number[] }[];
};

export const numberingOf = (names: Names): Numbering => {
  const numbers = [...new Set([...names.keys.map(({ file }) => file), ...names.files])];
  return {
    names,
    files: numbers.map((file) => ({
      file,
      indices: names.keys.flatMap((key) => (key.file === file ? [key.index] : [])),
    })),
  };
};

/** A number that no thing of the small memory has stands for one that is outside of it. */
const outside = (inside: number, number: number): number => inside + number;

const place = <T>(things: readonly T[], same: (thing: T) => boolean, number: number): number => {
  const at = things.findIndex(same);
  return at === -1 ? outside(things.length, number) : at;
};

export const smallPage = ({ names }: Numbering, handle: number): number =>
  handle < 0 ? handle : place(names.pages, (each) => each === handle, handle);
export const smallSlot = ({ names }: Numbering, slot: number): number =>
  place(names.slots, (each) => each === slot, slot);
export const smallFile = ({ files }: Numbering, file: number): number =>
  place(files, (each) => each.file === file, file);
export const smallIndex = ({ files }: Numbering, file: number, index: number): number => {
  const indices = files.find((each) => each.file === file)?.indices ?? [];
  return place(indices, (each) => each === index, index);
};

const large = (things: readonly number[], number: number): number =>
  number < 0 ? number : (things[number] ?? number - things.length);
export const largePage = ({ names }: Numbering, page: number): number => large(names.pages, page);
export const largeSlot = ({ names }: Numbering, slot: number): number => large(names.slots, slot);

/** Files nobody asks about count as there, and the file system as mounted. */
export const memoryOf = (numbering: Numbering, piece: Piece): Memory => {
  const { names, files } = numbering;
  const pageOf = (file: number, index: number): FilePage[] => {
    const at = names.keys.findIndex((key) => key.file === file && key.index === index);
    const page = piece.keys[at];
    return page ? [page] : [];
  };
  return {
    pages: piece.pages.map(
      (page) =>
        page && {
          owner: 0,
          home: page.home,
          tagged: page.tags !== null,
          tags: tagNumbers(page.tags ?? ""),
          bytes: page.bytes,
          copyOf: page.copyOf === null ? null : smallPage(numbering, page.copyOf),
        },
    ),
    slots: piece.slots.map(
      (slot) =>
        slot && {
          owner: 0,
          sharers: slot.sharers,
          tags: slot.tags === null ? null : tagNumbers(slot.tags),
          bytes: slot.bytes,
        },
    ),
    mounted: piece.mount[0] ?? true,
    files: files.map(({ file, indices }) => ({
      exists: piece.files[names.files.indexOf(file)] ?? true,
      pages: indices.flatMap((index) => pageOf(file, index)),
    })),
  };
};

export const pieceOf = (numbering: Numbering, memory: Memory, before: Piece): Piece => {
  const { names } = numbering;
  const fileAt = (file: number) => memory.files[smallFile(numbering, file)];
  const flatPage = (_: unknown, at: number): FlatPage | null => {
    const page = memory.pages[at];
    if (!page) return null;
    const { home, tagged, tags, bytes, copyOf } = page;
    return {
      home,
      tags: tagged ? tagText(tags) : null,
      bytes,
      copyOf: copyOf === null ? null : largePage(numbering, copyOf),
    };
  };
  const flatSlot = (_: unknown, at: number): FlatSlot | null => {
    const slot = memory.slots[at];
    if (!slot) return null;
    const { sharers, tags, bytes } = slot;
    return { sharers, tags: tags && tagText(tags), bytes };
  };
  return {
    pages: names.pages.map(flatPage),
    slots: names.slots.map(flatSlot),
    keys: names.keys.flatMap((key, at) => {
      const page = fileAt(key.file)?.pages[smallIndex(numbering, key.file, key.index)];
      const same = page ?? before.keys[at];
      return same ? [same] : [];
    }),
    files: names.files.map((file) => fileAt(file)?.exists ?? true),
    mount: names.mount.map(() => memory.mounted),
  };
};

/**
 * The contract as it judges a small memory.
 *
 * @param freeElsewhere how many taggable pages there would be for the small memory alone
 */
export const smallContract = (
  limits: Limits,
  off: ReadonlySet<RuleId>,
  freeElsewhere: number,
): Contract => ({ limits: { ...limits, taggablePages: freeElsewhere }, off });
