/**
 * Three sizes of every slice. A verdict is complete in its scope and says nothing of larger ones;
 * that it is the same in growing scopes is what there is to make one believe it beyond them.
 */
import { type Geometry, makeGeometry, type Scope } from "../model/index.ts";
import type { Slice } from "./slices.ts";

export const sizes = ["smaller", "usual", "larger"] as const;

export type Size = (typeof sizes)[number];

const blocksOf = ({ regions, blockPages }: Geometry): readonly number[] =>
  regions.map(({ storagePages }) => storagePages / blockPages);

/** `by`: data pages more for each storage page. */
const withPages = (geometry: Geometry, by: number): Geometry =>
  makeGeometry(
    { ...geometry, pagesPerStoragePage: geometry.pagesPerStoragePage + by },
    blocksOf(geometry),
  );

/**
 * One page fewer for each storage page; where there is but one, one value fewer, or one block. A
 * scope with one of everything stays as it is.
 */
const smaller = (scope: Scope): Scope => {
  const { geometry, tagValues, byteValues } = scope;
  if (geometry.pagesPerStoragePage > 1) return { ...scope, geometry: withPages(geometry, -1) };
  if (byteValues > 1) return { ...scope, byteValues: byteValues - 1 };
  if (tagValues > 1) return { ...scope, tagValues: tagValues - 1 };
  const blocks = blocksOf(geometry).map((count) => Math.max(1, count - 1));
  return { ...scope, geometry: makeGeometry(geometry, blocks) };
};

const larger = (scope: Scope): Scope => ({ ...scope, geometry: withPages(scope.geometry, 1) });

/** The same question in a scope of another size. */
export const sized = (slice: Slice, size: Size): Slice => {
  if (size === "usual") return slice;
  return { ...slice, scope: (size === "smaller" ? smaller : larger)(slice.scope) };
};
