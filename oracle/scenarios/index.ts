/** Scenarios: rows of what others found out about MTE, and what the contract says of them. */
export { type Kernel, kernels } from "./kernels.ts";
export { type Line as ScenarioLine, readScenarios } from "./read.ts";
export { resultsAsJson } from "./report-json.ts";
export { resultsAsJunit } from "./report-junit.ts";
export { differenceLines, resultsAsText, summaryText } from "./report-text.ts";
export {
  type Counts,
  countsOf,
  type Family,
  familiesOf,
  type RowResult,
  type RowVerdict,
  resultOf,
} from "./results.ts";
export type { Row as ScenarioRow } from "./row.ts";
export type { ToldRule } from "./rules.ts";
export {
  type Difference as ScenarioDifference,
  runRow,
  type Verdict as ScenarioVerdict,
} from "./run.ts";
export { selected } from "./select.ts";
