/** Driving a program through its adapter, and what comes of it. */
export { type Again as DrivenAgain, doAgain, judgeAgain } from "./again.ts";
export { type Check, checkConformance, checkConformanceIn } from "./conformance.ts";
export {
  type Driven,
  type DriveOptions,
  drive,
  driveIn,
  type Finding as DrivenFinding,
  type Tally,
} from "./drive.ts";
export {
  type DrivenRun,
  drivenFileOf,
  drivenRunFormat,
  drivenRunOf,
  parseDrivenRun,
  writeDrivenRun,
} from "./driven-run.ts";
export { AdapterFault, describeFault, type Fault, isAdaptersOwn } from "./fault.ts";
export { Host } from "./host.ts";
export { memory as memoryVocabulary } from "./memory.ts";
export {
  checkLines,
  findingLines,
  type Kept as KeptFinding,
  type Report as DriveReport,
  reportAsJson as driveReportAsJson,
  summaryLines,
} from "./report.ts";
export type { Command, SessionOptions } from "./session.ts";
export { endingLine as drivenEndingLine, storyOf as drivenStoryOf } from "./story.ts";
export type { Vocabulary } from "./vocabulary.ts";
export type { Pages, Words } from "./words.ts";
