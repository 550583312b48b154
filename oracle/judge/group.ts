/** Groups of things whose uncertainty hangs together, and taking them apart where it does not. */
import {
  canonical,
  distinct,
  hasStandIns,
  type Names,
  type Piece,
  strangeBytesOf,
  taggableIn,
} from "./piece.ts";
import { isStrangeTag, tagNumbers } from "./values.ts";

/** At least one piece, all different. */
export class Group {
  readonly names: Names;
  readonly pieces: readonly Piece[];
  /** Pages of it in taggable memory. */
  readonly least: number;
  readonly most: number;

  constructor(names: Names, pieces: readonly Piece[]) {
    this.names = names;
    this.pieces = pieces;
    const counts = pieces.map(taggableIn);
    this.least = Math.min(...counts);
    this.most = Math.max(...counts);
  }

  /** Without some of its things. */
  without(gone: Names): Group {
    const { names, pieces } = this;
    const keep: Test = (field, at) => !isAmong(gone, names, field, at);
    return groupOf(
      namesWhere(names, keep),
      pieces.map((piece) => pieceWhere(piece, keep)),
    );
  }
}

type Field = keyof Names;
const fields = ["pages", "slots", "keys", "files", "mount"] as const satisfies readonly Field[];
type Thing = { readonly field: Field; readonly at: number };

const thingsOf = (names: Names): readonly Thing[] =>
  fields.flatMap((field) => names[field].map((_, at) => ({ field, at })));

type Test = (field: Field, at: number) => boolean;

const namesWhere = ({ pages, slots, keys, files, mount }: Names, keep: Test): Names => ({
  pages: pages.filter((_, at) => keep("pages", at)),
  slots: slots.filter((_, at) => keep("slots", at)),
  keys: keys.filter((_, at) => keep("keys", at)),
  files: files.filter((_, at) => keep("files", at)),
  mount: mount.filter((_, at) => keep("mount", at)),
});

export const pieceWhere = ({ pages, slots, keys, files, mount }: Piece, keep: Test): Piece => ({
  pages: pages.filter((_, at) => keep("pages", at)),
  slots: slots.filter((_, at) => keep("slots", at)),
  keys: keys.filter((_, at) => keep("keys", at)),
  files: files.filter((_, at) => keep("files", at)),
  mount: mount.filter((_, at) => keep("mount", at)),
});

const standInsIn = (piece: Piece): ReadonlySet<number> =>
  new Set([
    ...strangeBytesOf(piece),
    ...[...piece.pages, ...piece.slots].flatMap((each) =>
      tagNumbers(each?.tags ?? "").filter(isStrangeTag),
    ),
  ]);

const shareNothing = (one: Piece, other: Piece): boolean => {
  if (!hasStandIns(one) || !hasStandIns(other)) return true;
  const known = standInsIn(one);
  return [...standInsIn(other)].every((standIn) => !known.has(standIn));
};

const isAmong = (some: Names, names: Names, field: Field, at: number): boolean => {
  switch (field) {
    case "pages":
    case "slots":
    case "files":
      return some[field].includes(names[field][at] ?? -1);
    case "keys": {
      const key = names.keys[at];
      return some.keys.some(({ file, index }) => file === key?.file && index === key.index);
    }
    case "mount":
      return some.mount.length > 0;
  }
};

/** The group without one thing, if all combinations of both parts occur; else `null`. */
const parted = (
  { names, pieces }: Group,
  thing: Thing,
): { readonly alone: Group; readonly rest: Group } | null => {
  const is: Test = (field, at) => field === thing.field && at === thing.at;
  const isNot: Test = (field, at) => !is(field, at);
  const parts = pieces.map((piece) => [pieceWhere(piece, is), pieceWhere(piece, isNot)] as const);
  if (!parts.every(([one, rest]) => shareNothing(one, rest))) return null;
  const alone = distinct(parts.map(([one]) => one));
  const rest = distinct(parts.map(([, other]) => other));
  if (alone.length * rest.length !== pieces.length) return null;
  return {
    alone: new Group(namesWhere(names, is), alone),
    rest: new Group(namesWhere(names, isNot), rest),
  };
};

/** Groups of single things wherever these are independent of the others. */
export const takenApart = (group: Group): readonly Group[] => {
  const groups: Group[] = [];
  let left = group;
  for (let at = 0; ; ) {
    const things = thingsOf(left.names);
    const thing = things[at];
    if (things.length < 2 || thing === undefined) return [...groups, left];
    const both = parted(left, thing);
    if (both === null) at++;
    else {
      groups.push(both.alone);
      left = both.rest;
    }
  }
};

/** A group of some names, from pieces that may be told several times. */
export const groupOf = (names: Names, pieces: readonly Piece[]): Group => {
  const [only, ...others] = pieces;
  if (only && others.length === 0) return new Group(names, [canonical(only)]);
  return new Group(names, distinct(pieces));
};
