/** What `check` found, as text for people and as JSON for programs. */
import { describeMachine, type PageSizeBytes } from "../model/index.ts";
import {
  type Column,
  type Difference,
  describeStrategy,
  type Profile,
  type Size,
  type Strategy,
  type Task,
} from "../properties/index.ts";
import { answer, type Judged } from "./answer.ts";
import { calledAs } from "./called.ts";
import type { ExitCode } from "./exit.ts";
import { type ChosenMachine, describeShrinking } from "./machines.ts";
import type { Saved } from "./save.ts";
import { legendOf, stateLines, tableLines } from "./table.ts";
import type { Paint } from "./terminal.ts";

export type CheckReport = {
  readonly machine: ChosenMachine;
  readonly pageSize: PageSizeBytes;
  readonly size: Size;
  readonly profile: Profile;
  readonly strategy: Strategy;
  readonly tasks: readonly Task[];
  readonly columns: readonly Column[];
  readonly judged: readonly Judged[];
  /** Are there verdicts that the project expects of this machine? */
  readonly expectedKnown: boolean;
  readonly differences: readonly Difference[];
  /** Marks that a design was explored whole without reaching. */
  readonly missedMarks: readonly { readonly design: string; readonly mark: string }[];
  readonly anyBroken: boolean;
  /** Did a bound cut some search? */
  readonly undecided: boolean;
  readonly interrupted: boolean;
};

const print = (...lines: readonly string[]): void => {
  process.stdout.write(lines.map((line) => `${line}\n`).join(""));
};

export const printHeader = (
  { machine, name }: ChosenMachine,
  tasks: readonly Task[],
  strategy: Strategy,
): void => {
  const [whole = "", ...regions] = describeMachine(machine).split("\n");
  print(
    `machine  ${name}: ${whole}`,
    ...regions.map((region) => `         ${region}`),
    `scopes   ${tasks.length}, shrunk to ${describeShrinking(tasks)}`,
    ...(strategy.kind === "breadth-first" && strategy.reduce === undefined
      ? []
      : [`search   ${describeStrategy(strategy)}`]),
    "",
  );
};

/** Each text once, under a heading; nothing where there is none. */
const listed = (heading: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [heading, ...lines, ""];

/** @param look the page to open, where pages were asked for */
export const printReport = (
  report: CheckReport,
  saved: readonly Saved[],
  paint: Paint,
  look: string | null,
): void => {
  const { columns, differences, missedMarks, tasks } = report;
  const finished = columns.reduce((sum, { reports }) => sum + reports.length, 0);
  const { table, notes } = tableLines(columns, paint);
  print(
    ...(columns.length === 0
      ? []
      : [...table, ...legendOf(report.strategy).map((line) => `  ${line}`), ...notes, ""]),
    ...listed(
      `BROKEN (${calledAs()} replay FILE tells each step by step)`,
      saved.map(({ design, row, reason, file }) => `  ${design}, ${row}: ${reason}: ${file}`),
    ),
    ...(columns.length === 0 ? [] : [...stateLines(columns), ""]),
    ...listed(
      paint("red", "MARKS NEVER REACHED"),
      missedMarks.map(({ design, mark }) => `  ${design}: ${mark}`),
    ),
    ...listed(
      paint("red", "NOT AS EXPECTED"),
      differences.map(
        ({ design, what, expected, found }) =>
          `  ${design}, ${what}: expected ${expected}, found ${found}`,
      ),
    ),
    ...(report.expectedKnown || !report.anyBroken
      ? []
      : ["NOTHING IS EXPECTED of this machine, so what is broken counts", ""]),
    ...(report.undecided ? ["INCONCLUSIVE: a bound ended some searches before their end", ""] : []),
    ...(report.interrupted ? [`INTERRUPTED: ${finished} of ${tasks.length} slices done`, ""] : []),
    ...(look === null ? [] : [`LOOK at it in a browser: ${look}`, ""]),
    answer(report.judged),
  );
};

const columnAsJson = (column: Column) => ({
  design: column.design,
  title: column.title,
  variantOf: column.variantOf,
  rows: [...column.cells].map(([row, cell]) => {
    if (cell.kind !== "broken" && cell.kind !== "never") return { row, ...cell };
    const { witness, ...rest } = cell;
    return { row, ...rest, steps: witness.moves.length, loopFrom: witness.loopFrom };
  }),
  slices: column.reports.map(({ slice, states, transitions, depth, cut }) => ({
    slice,
    states,
    transitions,
    depth,
    cut,
  })),
  marks: { reached: column.reached, unreached: column.unreached },
});

/** The document of `--json`. No clock, no path but those that were asked for. */
export const reportAsJson = (report: CheckReport, saved: readonly Saved[], exitCode: ExitCode) => ({
  schema: "mte-oracle/check/1",
  machine: report.machine.name,
  pageSizeBytes: report.pageSize,
  size: report.size,
  profile: report.profile,
  strategy: report.strategy,
  designs: report.columns.map(columnAsJson),
  counterexamples: saved,
  expectedKnown: report.expectedKnown,
  differences: report.differences,
  missedMarks: report.missedMarks,
  inconclusive: report.undecided,
  interrupted: report.interrupted,
  answer: answer(report.judged),
  exitCode,
});
