/**
 * Scopes of designs whose copies lie in memory beside RAM: the two have nothing to do with each
 * other, so that a scope need not have both sides at full size. Where files are cached nobody tags
 * pages, and where lines are kept back nobody reads files: the memory of a host is coherent.
 */
import { makeGeometry } from "../../machine/geometry.ts";
import { type Offer, offers, type Scope } from "../../world/scope.ts";
import { withFewerPages, withoutOffers } from "./scopes.ts";

export const withoutActors = (scope: Scope, ...names: readonly string[]): Scope => ({
  ...scope,
  actors: scope.actors.filter(({ name }) => !names.includes(name)),
});

const withoutFiles = (scope: Scope): Scope => ({
  ...withoutActors(scope, "kswapd"),
  files: 0,
  pagesPerFile: 0,
});

/** The rest is done in RAM alone, or so seldom that it would keep everything else from happening. */
const throughTheRegion: readonly Offer[] = [
  "read-file",
  "write-file",
  "write-back",
  "evict",
  "drop",
  "background",
];
const besideThePoint = offers.filter((offer) => !throughTheRegion.includes(offer));

/** For random suites: those of carveout run RAM, so these put pages into the region and get them. */
const suiteBesideRam = (scope: Scope): Scope | null => {
  if (scope.files === 0) return null;
  const { actors, ...rest } = withoutOffers(scope, besideThePoint);
  return { ...rest, files: 1, slots: 0, actors: actors.filter(({ may }) => may.length > 0) };
};

export const scopeBesideRam = (slice: string, scope: Scope): Scope | null => {
  switch (slice) {
    case "suite":
      return suiteBesideRam(scope);
    case "bytes":
      return { ...withoutOffers(scope, ["enable-tags"]), byteValues: 3 };
    case "cache":
    case "files":
      return withoutOffers(withoutActors(scope, "interrupt"), ["allocate-tagged", "free"]);
    /** With room for copies of both pages of the file. */
    case "identity":
      return { ...withoutActors(scope, "interrupt"), geometry: makeGeometry(scope.geometry, [2]) };
    case "reuse":
      return withoutOffers(scope, ["evict"]);
    case "lines":
      return withoutFiles(scope);
    default:
      return scope;
  }
};

/** The same for a variant: RAM is its base's, action by action, and looked at in fewer pages. */
export const smallScopeBesideRam = (slice: string, scope: Scope): Scope | null => {
  const fitted = slice === "reuse" ? withoutFiles(scope) : scopeBesideRam(slice, scope);
  return fitted === null || fitted.files > 0 ? fitted : withFewerPages(fitted);
};
