/** Counterexamples: the files, and making, reading, replaying and telling them. */
export {
  type Again,
  foundFileOf,
  foundRunOf,
  parseFoundRun,
  runAgain,
} from "./again.ts";
export { type Place, type ReplayElsewhere, replayLeniently, replayOn } from "./elsewhere.ts";
export { explain } from "./explain/explain.ts";
export type {
  Conjunct,
  ExplainedAct,
  ExplainedActor,
  ExplainedOperation,
  ExplainedStep,
  Explanation,
  Inevitable,
  Necessity,
  StepContext,
} from "./explain/explanation.ts";
export { type ExplanationForm, explanationAs, explanationForms } from "./explain/forms/index.ts";
export {
  type Counterexample,
  type CounterexampleStep,
  counterexampleSchema,
  scopeSchema,
  writeCounterexample,
} from "./format.ts";
export { type FoundRun, writeFoundRun } from "./found.ts";
export { counterexampleOf, fileNameOf, makeCounterexample } from "./make.ts";
export { type Manifest, manifestOf, writeManifest } from "./manifest.ts";
export { type MinimizedFoundRun, minimizeFoundRun } from "./minimize/found-run.ts";
export {
  type Minimized,
  type MinimizeOptions,
  type MinimizeProgress,
  minimize,
  minimizing,
  type Shortest,
  stoppedAt,
} from "./minimize/minimize.ts";
export { largestFileBytes, parseCounterexample, parseMended } from "./parse.ts";
export type { Change, Part, SubjectKind } from "./portrait.ts";
export { type Replay, type ReplayedStep, type ReplayVerdict, replay } from "./replay.ts";
export { storyFileOf, storyOf } from "./stories.ts";
export { type ReplayText, replayAsText, replayParts } from "./text.ts";
