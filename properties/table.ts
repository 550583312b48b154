/** The table: designs across, rows down, and in each cell the verdict with what it covers. */
import type { Cut, Witness } from "../checker/index.ts";
import { type Design, Machinery, type Mark, type Move } from "../model/index.ts";
import type { Finding, SliceReport } from "./explore.ts";
import type { Row } from "./row.ts";
import { rows } from "./rows/index.ts";

/** The verdict of one row on one design; `slice` names the scope that it was reached in. */
export type Cell =
  | { readonly kind: "holds"; readonly slice: string; readonly states: number }
  | {
      readonly kind: "broken";
      readonly slice: string;
      /** The smallest number of pages that the adversary must be able to pin for this. */
      readonly pins: number;
      readonly property: string;
      readonly reason: string;
      readonly witness: Witness<Move>;
    }
  | {
      readonly kind: "never";
      readonly slice: string;
      readonly property: string;
      readonly states: number;
      readonly witness: Witness<Move>;
    }
  | { readonly kind: "not-applicable"; readonly why: string }
  | { readonly kind: "premise-unreachable"; readonly slice: string; readonly states: number }
  | { readonly kind: "inconclusive"; readonly slice: string; readonly cut: Cut };

export type Column = {
  readonly design: string;
  readonly title: string;
  /** The design that it is a variant of; null: it has a column of its own. */
  readonly variantOf: string | null;
  readonly reports: readonly SliceReport[];
  /** By row id. */
  readonly cells: ReadonlyMap<string, Cell>;
  readonly reached: readonly Mark[];
  readonly unreached: readonly Mark[];
};

type Located = { readonly report: SliceReport; readonly finding: Finding };

const largest = (found: readonly Located[]): Located | undefined =>
  found.reduce<Located | undefined>(
    (best, each) => (best && best.report.states >= each.report.states ? best : each),
    undefined,
  );

type Broken = Extract<Cell, { kind: "broken" }>;

/** What needs the fewest pins first, then the fewest moves. */
const simplest = (found: readonly Broken[]): Broken | undefined =>
  found.reduce<Broken | undefined>((best, each) => {
    if (best === undefined || each.pins < best.pins) return each;
    const shorter = each.witness.moves.length < best.witness.moves.length;
    return each.pins === best.pins && shorter ? each : best;
  }, undefined);

const cellOf = (row: Row, reports: readonly SliceReport[], why: string | null): Cell => {
  if (why !== null) return { kind: "not-applicable", why };
  const found = reports.flatMap((report) =>
    report.findings
      .filter((finding) => finding.row === row.id)
      .map((finding): Located => ({ report, finding })),
  );
  const broken = simplest(
    found.flatMap(({ report: { slice, scope }, finding: { property, result } }): Broken[] => {
      if (result.kind !== "broken") return [];
      const { reason, witness } = result;
      return [{ kind: "broken", slice, pins: scope.pins, property, reason, witness }];
    }),
  );
  if (broken) return broken;
  for (const { report, finding } of found)
    if (finding.result.kind === "never") {
      const { slice, states } = report;
      const { witness } = finding.result;
      return { kind: "never", slice, property: finding.property, states, witness };
    }
  for (const { report, finding } of found)
    if (finding.result.kind === "inconclusive")
      return { kind: "inconclusive", slice: report.slice, cut: finding.result.cut };
  const held = largest(found.filter(({ finding }) => finding.result.kind === "holds"));
  if (held) return { kind: "holds", slice: held.report.slice, states: held.report.states };
  const vacuous = largest(found);
  if (!vacuous) return { kind: "not-applicable", why: "no slice of this run asks it" };
  const { slice, states } = vacuous.report;
  return { kind: "premise-unreachable", slice, states };
};

export const columnOf = (design: Design, reports: readonly SliceReport[]): Column => {
  const [first] = reports;
  if (!first) throw new RangeError(`${design.name} was explored in no slice`);
  const machinery = new Machinery(design, first.scope);
  const reached = design.marks.filter((mark) => reports.some(({ marks }) => marks.includes(mark)));
  return {
    design: design.name,
    title: design.title,
    variantOf: design.variantOf ?? null,
    reports,
    cells: new Map(
      rows.map((row) => [row.id, cellOf(row, reports, row.appliesNot?.(machinery) ?? null)]),
    ),
    reached,
    unreached: design.marks.filter((mark) => !reached.includes(mark)),
  };
};

/**
 * Columns that stand for themselves. A variant is told by what differs from its base, unless the
 * base is not there.
 */
export const columnsAndVariants = (
  columns: readonly Column[],
): {
  readonly main: readonly Column[];
  readonly variants: readonly { readonly column: Column; readonly base: Column }[];
} => {
  const baseOf = ({ variantOf }: Column): Column | undefined =>
    columns.find(({ design }) => design === variantOf);
  return {
    main: columns.filter((column) => !baseOf(column)),
    variants: columns.flatMap((column) => {
      const base = baseOf(column);
      return base ? [{ column, base }] : [];
    }),
  };
};
