/** Concurrent histories: judging them for linearizability, and showing them. */
export { type Call, type History, historyOf } from "./history.ts";
export {
  type HistoryOptions,
  type HistoryVerdict,
  type JudgedPortion,
  judgeHistory,
} from "./judge.ts";
export type { PortionVerdict } from "./linearize.ts";
export type { Portion } from "./partition.ts";
export { historyAsText } from "./report.ts";
export { historyAsHtml } from "./timeline.ts";
