/** Suites of generated runs: model and implementation action by action, or a design and its rows. */
export { Arena, RunArbitrary } from "./arbitrary.ts";
export { type Completed, compareInScope } from "./complete.ts";
export { type Difference, firstDifference } from "./difference.ts";
export { describeMismatch, type Floors, type Mismatch, type Under } from "./floors.ts";
export { Lockstep } from "./lockstep.ts";
export { type Counts, Reach } from "./reach.ts";
export { isPossible } from "./redo.ts";
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
export { floorsOf } from "./under-test.ts";
