/** The few things of a large piece that a call is about, and putting them back. */
import type { Operation } from "../../model/index.ts";
import { hasStandIns, type Names, type Piece } from "../judge/piece.ts";

export type Focus = {
  readonly names: Names;
  readonly piece: Piece;
  /** The whole piece, with these things as they are now. */
  readonly back: (after: Piece) => Piece;
};

/** Places of the wanted things, in the order of all. */
const places = <T>(all: readonly T[], wanted: (thing: T) => boolean): readonly number[] =>
  all.flatMap((thing, at) => (wanted(thing) ? [at] : []));

const at = <T>(all: readonly T[], where: readonly number[]): readonly T[] =>
  where.flatMap((place) => all.slice(place, place + 1));

const putAt = <T>(all: readonly T[], where: readonly number[], now: readonly T[]): readonly T[] => {
  if (where.length === 0) return all;
  const result = [...all];
  for (const [position, place] of where.entries())
    result.splice(place, 1, ...now.slice(position, position + 1));
  return result;
};

/** Pages that go: their unused copies are nobody's copies then. */
const goneWith = (operation: Operation): readonly number[] => {
  if (operation.kind === "free") return [operation.handle];
  return operation.kind === "swap-out" ? operation.handles : [];
};

/**
 * The things that a call names, out of a piece; all of them where what nobody saw may hang together
 * with others.
 *
 * @param wanted the names of the call; none: everything
 */
export const focused = (
  operation: Operation,
  wanted: Names | null,
  names: Names,
  piece: Piece,
): Focus => {
  if (wanted === null || hasStandIns(piece)) return { names, piece, back: (after) => after };
  const gone = new Set(goneWith(operation));
  const pages = names.pages.flatMap((handle, place) => {
    const source = piece.pages[place]?.copyOf ?? null;
    return wanted.pages.includes(handle) || (source !== null && gone.has(source)) ? [place] : [];
  });
  const slots = places(names.slots, (slot) => wanted.slots.includes(slot));
  const keys = places(names.keys, ({ file, index }) =>
    wanted.keys.some((key) => key.file === file && key.index === index),
  );
  const files = places(names.files, (file) => wanted.files.includes(file));
  const mount = places(names.mount, () => wanted.mount.length > 0);
  return {
    names: {
      pages: at(names.pages, pages),
      slots: at(names.slots, slots),
      keys: at(names.keys, keys),
      files: at(names.files, files),
      mount: at(names.mount, mount),
    },
    piece: {
      pages: at(piece.pages, pages),
      slots: at(piece.slots, slots),
      keys: at(piece.keys, keys),
      files: at(piece.files, files),
      mount: at(piece.mount, mount),
    },
    back: (after) => ({
      pages: putAt(piece.pages, pages, after.pages),
      slots: putAt(piece.slots, slots, after.slots),
      keys: putAt(piece.keys, keys, after.keys),
      files: putAt(piece.files, files, after.files),
      mount: putAt(piece.mount, mount, after.mount),
    }),
  };
};
