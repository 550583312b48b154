/** Judging a log, or a running implementation, against the contract. */
export { type JudgeOptions, LogJudge } from "./judge.ts";
export { createOracle, type Oracle, OracleError, type OracleOptions } from "./live.ts";
export { countsAsText, findingAsText } from "./report.ts";
export {
  judge,
  type LineResult,
  type LogCounts,
  type LogFinding,
  type LogReport,
  LogRun,
  type LogRunOptions,
} from "./run.ts";
export type { EntryVerdict, Frontier } from "./verdict.ts";
export type { LineReader } from "./vocabulary.ts";
