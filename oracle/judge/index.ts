/** Judging a log, or a running implementation, against the contract. */
export {
  type EntryVerdict,
  type Frontier,
  type JudgeOptions,
  LogJudge,
} from "./judge.ts";
export { createOracle, type Oracle, OracleError, type OracleOptions } from "./live.ts";
export { countsAsText, findingAsText } from "./report.ts";
export {
  judge,
  type LineReader,
  type LineResult,
  type LogCounts,
  type LogFinding,
  type LogReport,
  LogRun,
  type LogRunOptions,
} from "./run.ts";
