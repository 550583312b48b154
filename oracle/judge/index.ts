/** Judging a log against the contract. */
export { type EntryVerdict, type Frontier, type JudgeOptions, LogJudge } from "./judge.ts";
