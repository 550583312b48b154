/**
 * What of a scope may be exchanged without anybody noticing:
 * - frames that one storage page serves, and that may be tagged, or not, alike;
 * - blocks of one region, with all that lies in them;
 * - values of tags other than 0, in a scope in which tags are written;
 * - pages of one file, and files, unless somebody goes through them one after the other;
 * - actors that may do the same, each with the owner that he acts for.
 * Handles and swap slots are not listed, for all of them may. The pages of a folio are not alike:
 * copies of them go in the order of the storage pages that they lie in. A design that goes through
 * its blocks in turn says so, and keeps them where they are.
 */
import { type ActorSpec, at, type Machinery } from "../../model/index.ts";
import { keepsOrderOf } from "./fields.ts";
import type { Roles } from "./naming.ts";

export type Interchangeable = {
  /** Lists of frames. */
  readonly frames: readonly (readonly number[])[];
  /** Lists of blocks. */
  readonly blocks: readonly (readonly number[])[];
  /** Every way to name tag values, file pages and actors, the plain one first. */
  readonly roles: readonly [Roles, ...Roles[]];
};

/** What has to stay for what is asked of a scope. */
export type Kept = {
  /** A row names places: every frame and block stays where it is. */
  readonly places: boolean;
  /** A row looks at whole runs: every actor stays who he is, so that fair runs stay fair. */
  readonly actors: boolean;
};

const plain: Roles = { tags: [], keys: [], actors: [] };

const upTo = (length: number, first = 0): readonly number[] =>
  Array.from({ length }, (_, index) => first + index);

const permutations = (items: readonly number[]): readonly (readonly number[])[] =>
  items.length < 2
    ? [items]
    : items.flatMap((item) =>
        permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
      );

/** Only lists of at least two: one thing is exchanged with nothing. */
const several = (lists: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  lists.filter(({ length }) => length > 1);

const blocksOf = ({ site, design }: Machinery): readonly (readonly number[])[] => {
  if (design.folioOrder > 0 || keepsOrderOf(design, "block")) return [];
  const { regions, blockPages } = site.scope.geometry;
  /** How many frames each storage page serves, and how many of them may be tagged. */
  const shape = (block: number): string =>
    at(site.storageOfBlock, block)
      .map((storage) => {
        const frames = at(site.framesOf, storage);
        return `${frames.length} ${frames.filter((frame) => frame < site.taggableFrames).length}`;
      })
      .join(", ");
  let first = 0;
  return several(
    regions.flatMap(({ storagePages }) => {
      const blocks = upTo(storagePages / blockPages, first);
      first += blocks.length;
      const shapes = [...new Set(blocks.map(shape))];
      return shapes.map((each) => blocks.filter((block) => shape(block) === each));
    }),
  );
};

/** Every order of the members of each group, everything else as it was: old in the order of new. */
const ordersOf = (
  count: number,
  groups: readonly (readonly number[])[],
): readonly (readonly number[])[] =>
  groups.reduce<readonly (readonly number[])[]>(
    (orders, group) =>
      orders.flatMap((order) =>
        permutations(group).map((permuted) => {
          const next = [...order];
          for (const [index, member] of group.entries()) next[member] = at(permuted, index);
          return next;
        }),
      ),
    [upTo(count)],
  );

/** An unlink goes through the pages of its file, an unmount through those of all files. */
const keysOf = ({ site, design }: Machinery): readonly (readonly number[])[] => {
  const { files, pagesPerFile, folioOrder, actors } = site.scope;
  const may = (offer: ActorSpec["may"][number]): boolean =>
    actors.some((actor) => actor.may.includes(offer));
  if (files === 0 || folioOrder > 0 || keepsOrderOf(design, "key") || may("unmount")) return [[]];
  const inFile = may("unlink") ? [] : [upTo(pagesPerFile)];
  const offsets = ordersOf(pagesPerFile, inFile);
  return ordersOf(files, [upTo(files)]).flatMap((fileOrder) =>
    fileOrder.reduce<readonly (readonly number[])[]>(
      (orders, file) =>
        orders.flatMap((order) =>
          offsets.map((offset) => [...order, ...offset.map((page) => file * pagesPerFile + page)]),
        ),
      [[]],
    ),
  );
};

/** A CPU of his own, or one shared by the two: nobody else comes between only one of them. */
const sharesAlike = (actors: readonly ActorSpec[], one: ActorSpec, other: ActorSpec): boolean =>
  one.cpu === other.cpu ||
  [one, other].every(({ cpu }) => actors.filter((each) => each.cpu === cpu).length === 1);

/** Threads of one process, or each with an owner of his own. */
const ownsAlike = (actors: readonly ActorSpec[], one: ActorSpec, other: ActorSpec): boolean =>
  one.owner === other.owner ||
  [one, other].every(({ owner }) => actors.filter((each) => each.owner === owner).length === 1);

const actAlike = (actors: readonly ActorSpec[], one: ActorSpec, other: ActorSpec): boolean =>
  one.kind === other.kind &&
  one.everyones === other.everyones &&
  [...one.may].sort().join() === [...other.may].sort().join() &&
  sharesAlike(actors, one, other) &&
  ownsAlike(actors, one, other);

/** Pins are on pages of one owner, who differs by that. */
const actorsOf = ({ site }: Machinery): readonly (readonly number[])[] => {
  const { actors, pins } = site.scope;
  if (pins > 0) return [[]];
  const groups: number[][] = [];
  for (const [index, actor] of actors.entries()) {
    const group = groups.find(([first = 0]) => actAlike(actors, at(actors, first), actor));
    if (group) group.push(index);
    else groups.push([index]);
  }
  return ordersOf(actors.length, several(groups));
};

const tagsOf = ({ site }: Machinery): readonly (readonly number[])[] => {
  const { actors, tagValues } = site.scope;
  const writesTags = actors.some(({ may }) => may.includes("write-tag"));
  return writesTags ? permutations(upTo(tagValues - 1, 1)).map((rest) => [0, ...rest]) : [[]];
};

export const interchangeable = (machinery: Machinery, kept: Kept): Interchangeable => {
  const { site } = machinery;
  const isTaggable = (frame: number): boolean => frame < site.taggableFrames;
  const frames = site.framesOf.flatMap((served) => [
    served.filter(isTaggable),
    served.filter((frame) => !isTaggable(frame)),
  ]);
  const [, ...roles] = tagsOf(machinery).flatMap((tags) =>
    keysOf(machinery).flatMap((keys) =>
      (kept.actors ? [[]] : actorsOf(machinery)).map((actors) => ({ tags, keys, actors })),
    ),
  );
  return {
    frames: kept.places ? [] : several(frames),
    blocks: kept.places ? [] : blocksOf(machinery),
    roles: [plain, ...roles],
  };
};
