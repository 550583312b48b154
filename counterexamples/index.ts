/** Counterexamples: the files, and making, reading, replaying and telling them. */
export {
  type Again,
  foundFileOf,
  foundRunOf,
  parseFoundRun,
  runAgain,
} from "./again.ts";
export { type Place, type ReplayElsewhere, replayLeniently, replayOn } from "./elsewhere.ts";
export { explain, explainRun } from "./explain/explain.ts";
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
export { largestTraceBytes, parseItf } from "./itf/read.ts";
export { writeItf } from "./itf/write.ts";
export { wrapped } from "./lines.ts";
export { counterexampleOf, fileNameOf, fileNameOfCell, makeCounterexample } from "./make.ts";
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
export type { PageAssets } from "./page/document.ts";
export { type ListCell, type ListPage, listPageOf } from "./page/list-page.ts";
export { type PageLinks, pageOf } from "./page/run-page.ts";
export { largestFileBytes, parseCounterexample, parseMended } from "./parse.ts";
export type { Change, Part, SubjectKind } from "./portrait.ts";
export { type Replay, type ReplayedStep, type ReplayVerdict, replay } from "./replay.ts";
export { storyFileOf, storyOf } from "./stories.ts";
export { type ReplayText, replayAsText, replayParts } from "./text.ts";
export { largestStoryBytes, readStory } from "./try/read.ts";
export { scopeOf, unfit } from "./try/scope.ts";
export { type Sentence, sentences } from "./try/sentences.ts";
export { type Setting, settings } from "./try/settings.ts";
export type { Story, StoryLine } from "./try/story.ts";
export { stepsAsText, triedAsText } from "./try/text.ts";
export { mostStoryStates, type Teller, type Tried, tellersOf, tryStory } from "./try/try.ts";
