/** Lockstep suites: model and implementation, action by action, on generated runs. */
export { Arena, RunArbitrary } from "./arbitrary.ts";
export { type Completed, compareInScope } from "./complete.ts";
export { type Difference, firstDifference } from "./difference.ts";
export { isPossible } from "./generate.ts";
export { describeMismatch, Lockstep, type Mismatch, type Under } from "./lockstep.ts";
export { type Counts, Reach } from "./reach.ts";
export type { Run, Step, Swarm } from "./run.ts";
export { ScheduleSet } from "./schedules.ts";
export { fixedSeed, type Settings, settingsFrom } from "./settings.ts";
export {
  defaultLength,
  describeFailure,
  runSuite,
  type SuiteFailure,
  type SuiteOptions,
  type SuiteResult,
} from "./suite.ts";
export { type Theme, themeNamed, themes } from "./themes.ts";
