/** Rows for tests: written as a file would have them, read and run. */
import { readScenarios } from "../../../oracle/scenarios/read.ts";
import { runRow, type Verdict } from "../../../oracle/scenarios/run.ts";

export type Written = Readonly<Record<string, unknown>>;

/** A row of steps, each beside what is expected of it. */
export const rowOf = (
  pairs: readonly (readonly [Written, Written])[],
  rest: Written = {},
): Written => ({
  id: "t-1",
  kind: "os",
  ...rest,
  steps: pairs.map(([step]) => step),
  expect: pairs.map(([, expected], step) => ({ step, ...expected })),
});

/** The one line that reading makes of a row. */
export const lineOf = (row: Written) => {
  const [line] = readScenarios(JSON.stringify(row), "rows.jsonl");
  if (!line) throw new Error("the row gave no line");
  return line;
};

/** The verdict on a row that can be read, for the newest kernel. */
export const verdictOf = (row: Written): Verdict => {
  const line = lineOf(row);
  if (line.kind === "row") return runRow(line.row, "7.3");
  throw new Error(line.kind === "refused" ? line.why : line.error.message);
};

export const kindOf = (row: Written): Verdict["kind"] => verdictOf(row).kind;
