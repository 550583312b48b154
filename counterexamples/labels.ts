/** The name of a part within its subject, where both do not stand in one line: "PG_mte_tagged". */
import type { Part } from "./portrait.ts";

export const labelOf = ({ kind, name, subject }: Part): string => {
  if (name === subject) return kind === "lock" ? "held by" : "state";
  return name
    .replace(subject, "")
    .replace(/ of\s*$/, "")
    .trim();
};
