/**
 * A bug planted in a design: one small wrong thing, put into its scripts or declarations by a switch.
 * When it is off nothing of it is left, because the design itself is never changed. Designs with an
 * implementation have their bugs there; these are for those that live in the model alone.
 */
import type { Change } from "../shared/rescripting.ts";

export {
  adding,
  afterwards,
  beforehand,
  changes,
  deciding,
  replacing,
  unchecked,
} from "../shared/rescripting.ts";

/** What is known of every planted bug, wherever it is planted. */
export type PlantedBug = {
  /** kebab-case; what is wrong, not what comes of it */
  readonly id: string;
  /** What the design or the implementation does instead of the right thing. */
  readonly sentence: string;
  /** A commit, a posting or a numbered defect. */
  readonly source: string;
  /** The least story of the source, as operations in their order. */
  readonly story: readonly string[];
  /** Designs that can have it. */
  readonly designs: readonly string[];
  /** A change that nobody may flag: it is no bug. */
  readonly harmless?: true;
};

export type DesignBug = PlantedBug & { readonly design: Change };
