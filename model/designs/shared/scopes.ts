/** Scopes cut to what a design or a variant needs: fewer pages, fewer things to ask. */
import { makeGeometry } from "../../machine/geometry.ts";
import type { Scope } from "../../world/scope.ts";

/** One data page fewer for each storage page, if there is more than one. */
export const withFewerPages = (scope: Scope): Scope => {
  const { geometry } = scope;
  const pagesPerStoragePage = Math.max(1, geometry.pagesPerStoragePage - 1);
  const blocks = geometry.regions.map(({ storagePages }) => storagePages / geometry.blockPages);
  return { ...scope, geometry: makeGeometry({ ...geometry, pagesPerStoragePage }, blocks) };
};
