/** Scopes cut to what a design or a variant needs: fewer pages, fewer things to ask. */
import { type Geometry, makeGeometry } from "../../machine/geometry.ts";
import type { Offer, Scope } from "../../world/scope.ts";

/** `pages`: data pages of a block, as near as blocks of b storage pages come to it. */
export const shaped = (geometry: Geometry, blocks: number, pages: number): Geometry =>
  makeGeometry(
    {
      ...geometry,
      pagesPerStoragePage: Math.max(1, Math.floor(pages / geometry.blockPages)),
    },
    [blocks],
  );

const withPages = (geometry: Geometry, pagesPerStoragePage: number): Geometry => {
  const blocks = geometry.regions.map(({ storagePages }) => storagePages / geometry.blockPages);
  return makeGeometry({ ...geometry, pagesPerStoragePage }, blocks);
};

/** One data page fewer for each storage page, if there is more than one. */
export const withFewerPages = (scope: Scope): Scope => ({
  ...scope,
  geometry: withPages(scope.geometry, Math.max(1, scope.geometry.pagesPerStoragePage - 1)),
});

/** One data page more for each storage page. */
export const withMorePages = (scope: Scope): Scope => ({
  ...scope,
  geometry: withPages(scope.geometry, scope.geometry.pagesPerStoragePage + 1),
});

/** Nobody is asked any of these. */
export const withoutOffers = (scope: Scope, offers: readonly Offer[]): Scope => ({
  ...scope,
  actors: scope.actors.map((actor) => ({
    ...actor,
    may: actor.may.filter((offer) => !offers.includes(offer)),
  })),
});
