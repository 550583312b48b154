/** An invariant that somebody wrote down for this subject, and where it has its home. */
import type { RuleId } from "../../model/index.ts";

export type Invariant = {
  /** S: the tag storage series; I: cleancache. The numbers are those of the two lists. */
  readonly id: `${"S" | "I"}${number}`;
  readonly statement: string;
  readonly rules: readonly RuleId[];
  /** Ids of rows. */
  readonly rows: readonly string[];
  /** Ids in docs/assumptions.md. */
  readonly assumptions: readonly string[];
  /** What the homes leave out, or how they come to cover it. */
  readonly note?: string;
};

export const entry = (
  id: Invariant["id"],
  statement: string,
  homes: Partial<Pick<Invariant, "rules" | "rows" | "assumptions">>,
  note?: string,
): Invariant => ({
  id,
  statement,
  rules: [],
  rows: [],
  assumptions: [],
  ...homes,
  ...(note !== undefined && { note }),
});
