/**
 * What of a scope may be exchanged without anybody noticing:
 * - frames that one storage page serves, and that may be tagged, or not, alike;
 * - blocks of one region, with all that lies in them;
 * - values of tags other than 0, in a scope in which tags are written.
 * Handles and swap slots are not listed, for all of them may. The pages of a folio are not alike:
 * copies of them go in the order of the storage pages that they lie in.
 */
import { at, type Machinery } from "../../model/index.ts";

export type Interchangeable = {
  /** Lists of frames. */
  readonly frames: readonly (readonly number[])[];
  /** Lists of blocks. */
  readonly blocks: readonly (readonly number[])[];
  /** Every way to name tag values, the plain one first: old values in the order of the new. */
  readonly tags: readonly (readonly number[])[];
};

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
  if (design.folioOrder > 0) return [];
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

/** `keepsPlaces`: every frame and block stays where it is. */
export const interchangeable = (machinery: Machinery, keepsPlaces: boolean): Interchangeable => {
  const { site } = machinery;
  const { actors, tagValues } = site.scope;
  const isTaggable = (frame: number): boolean => frame < site.taggableFrames;
  const frames = site.framesOf.flatMap((served) => [
    served.filter(isTaggable),
    served.filter((frame) => !isTaggable(frame)),
  ]);
  const writesTags = actors.some(({ may }) => may.includes("write-tag"));
  return {
    frames: keepsPlaces ? [] : several(frames),
    blocks: keepsPlaces ? [] : blocksOf(machinery),
    tags: writesTags ? permutations(upTo(tagValues - 1, 1)).map((rest) => [0, ...rest]) : [[]],
  };
};
