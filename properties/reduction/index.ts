/**
 * Looking at fewer states of a design, and which of the two ways is sound for what is asked of a
 * slice. A row that names places is judged with every place where it is; where a row looks at whole
 * runs, the order of moves is left alone.
 */
import type { Reduction } from "../../checker/index.ts";
import type { Design, Machinery, Move, World } from "../../model/index.ts";
import type { DesignProperty } from "../row.ts";
import { Canonical } from "./canonical.ts";
import { saysWhatFieldsName } from "./fields.ts";
import { interchangeable } from "./interchangeable.ts";
import { urgentIn } from "./urgent.ts";

export { orderIn, symmetryIn } from "./examined.ts";
export { type Interchangeable, interchangeable, type Kept } from "./interchangeable.ts";
export type { Roles } from "./naming.ts";
export { commuting } from "./urgent.ts";

export const reductions = ["symmetry", "order"] as const;

export type ReductionName = (typeof reductions)[number];

/** What is left out: nothing where it is empty. In the order of {@link reductions}. */
export type Reductions = readonly ReductionName[];

/** Under this name golden counts are kept. */
export const nameOfReductions = (names: Reductions): string =>
  reductions.filter((name) => names.includes(name)).join("+");

/** A design that does not say what its own state is about is explored whole. */
export const isReducible = (design: Pick<Design, "extra">): boolean => saysWhatFieldsName(design);

/** As much of what is wanted as is sound for these properties; `null` where nothing is left. */
export const reductionFor = (
  machinery: Machinery,
  names: Reductions,
  properties: readonly DesignProperty[],
  keepsPlaces: boolean,
): Reduction<World, Move> | null => {
  if (!isReducible(machinery.design)) return null;
  const looksAtRuns = properties.some(({ kind }) => kind === "leadsTo");
  const kept = { places: keepsPlaces, actors: looksAtRuns };
  const canonical = names.includes("symmetry")
    ? new Canonical(machinery, interchangeable(machinery, kept))
    : null;
  const urgent = names.includes("order") && !looksAtRuns ? urgentIn(machinery) : null;
  if (canonical === null && urgent === null) return null;
  return {
    ...(canonical && {
      symmetry: {
        canonical: (world: World) => canonical.of(world),
        keepsFairness: kept.actors,
      },
    }),
    ...(urgent && { urgent }),
  };
};
