/**
 * Looking at fewer states of a design, and which of the two ways is sound for what is asked of a
 * slice. A row that names places is judged with every place where it is; where a row looks at whole
 * runs, the order of moves is left alone.
 */
import type { Reduction } from "../../checker/index.ts";
import type { Design, Machinery, Move, World } from "../../model/index.ts";
import type { DesignProperty } from "../row.ts";
import { Canonical } from "./canonical.ts";
import { interchangeable } from "./interchangeable.ts";
import { urgentIn } from "./urgent.ts";

export { Canonical } from "./canonical.ts";
export { interchangeable } from "./interchangeable.ts";
export { type Commuting, commuting, pendingIn } from "./urgent.ts";

export const reductions = ["symmetry", "order"] as const;

export type ReductionName = (typeof reductions)[number];

/** What is left out: nothing where it is empty. In the order of {@link reductions}. */
export type Reductions = readonly ReductionName[];

/** Under this name golden counts are kept. */
export const nameOfReductions = (names: Reductions): string =>
  reductions.filter((name) => names.includes(name)).join("+");

/**
 * Designs of which both relations were examined. Others have state, work or a host of their own, of
 * which the relations know nothing: they are explored whole.
 */
const examined: ReadonlySet<string> = new Set([
  "carveout",
  "cma",
  "cma-hw-kasan",
  "cleancache-page",
  "cleancache-folio",
]);

export const isReducible = ({ name }: Pick<Design, "name">): boolean => examined.has(name);

/** As much of what is wanted as is sound for these properties; `null` where nothing is left. */
export const reductionFor = (
  machinery: Machinery,
  names: Reductions,
  properties: readonly DesignProperty[],
  keepsPlaces: boolean,
): Reduction<World, Move> | null => {
  if (!isReducible(machinery.design)) return null;
  const looksAtRuns = properties.some(({ kind }) => kind === "leadsTo");
  const canonical = names.includes("symmetry")
    ? new Canonical(machinery, interchangeable(machinery, keepsPlaces))
    : null;
  const urgent = names.includes("order") && !looksAtRuns ? urgentIn(machinery) : null;
  if (canonical === null && urgent === null) return null;
  return {
    ...(canonical && {
      symmetry: { canonical: (world: World) => canonical.of(world), keepsFairness: true },
    }),
    ...(urgent && { urgent }),
  };
};
