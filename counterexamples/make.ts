/** From what a search found to a counterexample: the moves of the witness get their names back. */
import { match } from "ts-pattern";
import { designNamed } from "../model/index.ts";
import type { Column, Finding, SliceReport } from "../properties/index.ts";
import { describeStrategy, reductionsOf, rowNamed } from "../properties/index.ts";
import type { Counterexample, CounterexampleStep } from "./format.ts";
import { neverReason } from "./judging.ts";
import { machineryOf } from "./machinery.ts";
import { exactReasonOf } from "./replay.ts";
import { stepOf } from "./run.ts";

/** Walks come upon any run, not upon a short one first. */
const isWalked = ({ strategy, cut }: SliceReport): boolean =>
  strategy.kind !== "breadth-first" && cut !== null;

/**
 * Symmetry keeps the shortest way to a kind of state; a loop of kinds takes several rounds to become
 * one of states. Another order of moves makes other ways.
 */
const keepsShortest = (row: string, { strategy }: SliceReport): boolean => {
  const reduced = reductionsOf(strategy);
  if (reduced.includes("order")) return false;
  return !reduced.includes("symmetry") || rowNamed(row)?.kind !== "leadsTo";
};

const foundHow = (row: string, report: SliceReport, never: boolean): string => {
  const { strategy, cut, states } = report;
  if (isWalked(report)) return describeStrategy(strategy);
  const how = describeStrategy(strategy);
  const search =
    cut === null ? `${how}, complete search` : `${how}, search cut at ${states} states`;
  if (never) return `${search} of ${states} states`;
  if (!keepsShortest(row, report)) return search;
  return rowNamed(row)?.kind === "leadsTo"
    ? `${search}: a shortest way to a loop, and a short loop`
    : `${search}: a shortest one`;
};

/** A breadth-first search comes upon a shortest run first, also where it is cut later. */
const minimalityOf = (
  row: string,
  report: SliceReport,
  never: boolean,
): Counterexample["minimal"] => {
  if (never) return "no-run";
  if (isWalked(report) || !keepsShortest(row, report)) return "unknown";
  return rowNamed(row)?.kind === "leadsTo" ? "nearest-loop" : "fewest-actions";
};

/**
 * The counterexample of a finding that is broken or never; null for any other.
 *
 * @param bugs planted in the implementation that was explored; left out: the design was
 * @throws Error when the design is none of the program's, or a move of the witness is not possible
 */
export const makeCounterexample = (
  report: SliceReport,
  finding: Finding,
  bugs?: readonly string[],
): Counterexample | null => {
  const { result } = finding;
  if (result.kind !== "broken" && result.kind !== "never") return null;
  const design = designNamed(report.design);
  if (design === undefined) throw new Error(`there is no design ${report.design}`);
  const implementation = bugs && { implementation: { bugs } };
  const machinery = machineryOf({ ...implementation, scope: report.scope }, design);
  const steps: CounterexampleStep[] = [];
  let world = machinery.initial;
  for (const move of result.witness.moves) {
    steps.push(stepOf(machinery, world, move));
    world = machinery.step(world, move).next;
  }
  const { loopFrom } = result.witness;
  const reason = match(result)
    .with({ kind: "broken" }, (broken) => broken.reason)
    .with({ kind: "never" }, () => neverReason(report.states))
    .exhaustive();
  const searched: Counterexample = {
    format: "mte-oracle/counterexample",
    version: 2,
    design: report.design,
    ...implementation,
    property: { row: finding.row, id: finding.property },
    verdict: result.kind,
    slice: report.slice,
    found: foundHow(finding.row, report, result.kind === "never"),
    minimal: minimalityOf(finding.row, report, result.kind === "never"),
    reason,
    scope: report.scope,
    kind: loopFrom === null ? "finite" : "lasso",
    ...(loopFrom !== null && { loopFrom }),
    steps,
  };
  return { ...searched, reason: exactReasonOf(searched) ?? reason };
};

/** The counterexample of one cell of the table; null where the cell shows none. */
export const counterexampleOf = (column: Column, row: string): Counterexample | null => {
  const cell = column.cells.get(row);
  if (cell?.kind !== "broken" && cell?.kind !== "never") return null;
  const report = column.reports.find(({ slice }) => slice === cell.slice);
  const finding = report?.findings.find(({ property }) => property === cell.property);
  return report && finding ? makeCounterexample(report, finding) : null;
};

/** The name of its file: one for each cell of the table. */
export const fileNameOf = ({ design, property }: Counterexample): string =>
  fileNameOfCell(design, property.row);

export const fileNameOfCell = (design: string, row: string): string => `${design}--${row}.json`;
