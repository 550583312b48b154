/**
 * What the script of a page is given: the run as values that change. Plain JSON, and nothing but
 * types in this file, for the script in the browser is checked against it.
 */

/** One thing that is true of one subject: a row of its card. */
type PagePart = {
  readonly kind: string;
  /** "frame 0"; parts of one subject stand together. */
  readonly subject: string;
  /** Within the card: "PG_mte_tagged". */
  readonly label: string;
};

type PageStep = {
  /** Index into {@link PageData.actors}; null for the environment. */
  readonly actor: number | null;
  /** Handles of the pages that its sentence names. */
  readonly pages: readonly number[];
  /** Index into {@link PageData.parts}, the value before and the value after. */
  readonly changes: readonly (readonly [number, string, string])[];
};

export type PageData = {
  readonly actors: readonly string[];
  readonly parts: readonly PagePart[];
  /** The value of each part before the first step. */
  readonly initial: readonly string[];
  readonly steps: readonly PageStep[];
  /** Steps, from 1, that repeat for ever. */
  readonly loop: { readonly from: number; readonly to: number } | null;
  /** By frame: the storage page in which its tags lie. */
  readonly storageOf: readonly number[];
};
