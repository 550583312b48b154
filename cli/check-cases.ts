/** What `check` judged, for CI: a case for each cell of the table, and for whatever else differs. */
import { type Cell, type Column, rows } from "../properties/index.ts";
import type { CiCase } from "./ci-report.ts";
import type { CheckReport } from "./report.ts";
import type { Saved } from "./save.ts";
import { cellText } from "./table.ts";

type Known = Pick<CheckReport, "expectedKnown" | "differences">;

/** Nothing but a difference fails where verdicts are expected; elsewhere whatever is broken does. */
const verdictOf = (
  design: string,
  row: string,
  cell: Cell,
  { expectedKnown, differences }: Known,
): CiCase["verdict"] => {
  const text = cellText(cell, (why) => why);
  const difference = differences.find((each) => each.design === design && each.what === row);
  if (difference) {
    const { expected, found } = difference;
    return { kind: "fail", message: `expected ${expected}, found ${found}: ${reasonOf(cell)}` };
  }
  if (cell.kind === "broken" || cell.kind === "never")
    return expectedKnown
      ? { kind: "pass", note: `${text}, as expected: ${reasonOf(cell)}` }
      : { kind: "fail", message: `${text}: ${reasonOf(cell)}` };
  return cell.kind === "holds" ? { kind: "pass", note: text } : { kind: "skip", why: text };
};

const reasonOf = (cell: Cell): string => (cell.kind === "broken" ? cell.reason : cell.kind);

const cellCases = ({ design, cells }: Column, known: Known, saved: readonly Saved[]): CiCase[] =>
  rows.flatMap(({ id }) => {
    const cell = cells.get(id);
    if (!cell) return [];
    const file = saved.find((each) => each.design === design && each.row === id)?.file ?? null;
    return [{ group: design, name: id, verdict: verdictOf(design, id, cell, known), file }];
  });

/** State counts, and rows that are missing or new. */
const otherDifferences = ({ columns, differences }: CheckReport): CiCase[] =>
  differences
    .filter(
      ({ design, what }) =>
        !columns.find((column) => column.design === design)?.cells.has(what) ||
        !rows.some(({ id }) => id === what),
    )
    .map(({ design, what, expected, found }) => ({
      group: design,
      name: what,
      verdict: { kind: "fail", message: `expected ${expected}, found ${found}` },
      file: null,
    }));

export const casesOfCheck = (report: CheckReport, saved: readonly Saved[]): readonly CiCase[] => [
  ...report.columns.flatMap((column) => cellCases(column, report, saved)),
  ...otherDifferences(report),
  ...report.missedMarks.map(
    ({ design, mark }): CiCase => ({
      group: design,
      name: `mark ${mark}`,
      verdict: { kind: "fail", message: "never reached" },
      file: null,
    }),
  ),
];
