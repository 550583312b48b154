/** Groups about one thing: what it may be. */
import type { FilePage, Handle, SlotIndex } from "../../model/index.ts";
import { Group } from "./group.ts";
import { emptyPiece, type FileKey, type Names, noNames } from "./piece.ts";
import type { FlatPage, FlatSlot } from "./values.ts";

export const pageIs = (handle: Handle, values: readonly (FlatPage | null)[]): Group =>
  new Group(
    { ...noNames, pages: [handle] },
    values.map((page) => ({ ...emptyPiece, pages: [page] })),
  );

export const slotIs = (slot: SlotIndex, values: readonly (FlatSlot | null)[]): Group =>
  new Group(
    { ...noNames, slots: [slot] },
    values.map((held) => ({ ...emptyPiece, slots: [held] })),
  );

export const keyIs = (key: FileKey, values: readonly FilePage[]): Group =>
  new Group(
    { ...noNames, keys: [key] },
    values.map((page) => ({ ...emptyPiece, keys: [page] })),
  );

/** Is the file there? */
export const fileIs = (file: number, values: readonly boolean[]): Group =>
  new Group(
    { ...noNames, files: [file] },
    values.map((exists) => ({ ...emptyPiece, files: [exists] })),
  );

/** Is the file system mounted? */
export const mountIs = (values: readonly boolean[]): Group =>
  new Group(
    { ...noNames, mount: ["mounted"] },
    values.map((mounted) => ({ ...emptyPiece, mount: [mounted] })),
  );

export const eitherWay = [true, false] as const;

const count = ({ pages, slots, keys, files, mount }: Names): number =>
  pages.length + slots.length + keys.length + files.length + mount.length;

export const isOneThing = (names: Names): boolean => count(names) === 1;
