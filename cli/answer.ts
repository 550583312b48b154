/** The answer to the question of the discussion, in one line, from the verdicts and nothing else. */
import { type Cell, type Column, columnsAndVariants, rows } from "../properties/index.ts";

const question = "Can tag storage be reused safely, also from atomic context?";

const reuseRow = "unused-storage-serves-data";
const atomicRow = "atomic-tagged-allocation";
/** About where code has to stand, not about what a caller gets. */
const notAsked: ReadonlySet<string> = new Set([reuseRow, "the-three-hooks-suffice"]);

const mostNamed = 4;

/** A design as the answer sees it; `whole`: every slice of it was explored to its end. */
export type Judged = { readonly column: Column; readonly whole: boolean };

const isBad = (cell: Cell | undefined): boolean =>
  cell?.kind === "broken" || cell?.kind === "never";

const named = (names: readonly string[]): string => {
  const rest = names.length - mostNamed;
  return rest > 0 ? `${names.slice(0, mostNamed).join(", ")} and ${rest} more` : names.join(", ");
};

const and = (names: readonly string[]): string =>
  names.length < 2
    ? names.join("")
    : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

const standing = ({ column, whole }: Judged): string => {
  const { cells } = column;
  const broken = rows.flatMap(({ id }) => (!notAsked.has(id) && isBad(cells.get(id)) ? [id] : []));
  const atomic = cells.get(atomicRow);
  const refused = whole && atomic?.kind === "not-applicable" ? `; atomic: ${atomic.why}` : "";
  if (broken.length > 0) return `no (broken on ${named(broken)}${refused})`;
  if (!whole) return "not decided by this run";
  const reuse = cells.get(reuseRow);
  if (reuse?.kind !== "holds") return "safe, but reuses nothing";
  return atomic?.kind === "holds"
    ? "yes, in every scope explored"
    : `safe, but not from atomic context${refused}`;
};

/**
 * One line: designs that stand alike are named together, in the order of the columns. Variants are
 * left to the table, unless they were explored without their base.
 */
export const answer = (designs: readonly Judged[]): string => {
  const groups = new Map<string, string[]>();
  const { main } = columnsAndVariants(designs.map(({ column }) => column));
  for (const judged of designs) {
    if (!main.includes(judged.column)) continue;
    const how = standing(judged);
    groups.set(how, [...(groups.get(how) ?? []), judged.column.design]);
  }
  const parts = [...groups].map(([how, names]) => `${and(names)}: ${how}`);
  return `${question} ${parts.length === 0 ? "Nothing was explored" : parts.join(". ")}.`;
};
