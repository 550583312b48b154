/** What must hold, what may happen, what must come about: rows, slices, and the table they give. */

export { type BlockSize, blockSizes, blockSlicesOf, hasBlocks } from "./blocks.ts";
export {
  blocksExpectedFile,
  compareBlocks,
  expectedOfBlocks,
  unlikeTable,
  writeExpectedOfBlocks,
} from "./blocks-expected.ts";
export {
  compareWithExpected,
  type Difference,
  defaultMachine,
  type Expected,
  type ExpectedCell,
  type ExpectedMachine,
  expectedHere,
  expectedKey,
  expectedOf,
  isBad,
  parseExpected,
  writeExpected,
} from "./expected.ts";
export { exploreSlice, type Finding, type SliceReport } from "./explore.ts";
export { type ComparedSlice, compareImplementations } from "./implementation.ts";
export {
  type Completed,
  compareInScope,
  describeFailure,
  describeMismatch,
  type Run,
  runSuite,
  type SuiteFailure,
  type SuiteOptions,
  type SuiteResult,
  type Swarm,
  settingsFrom,
  type Theme,
  themeNamed,
  themes,
} from "./lockstep/index.ts";
export { type Discussion, discussions, type Problem } from "./problems.ts";
export { type Profile, profiles } from "./profiles.ts";
export {
  isReducible,
  nameOfReductions,
  orderIn,
  type ReductionName,
  type Reductions,
  reductions,
  symmetryIn,
} from "./reduction/index.ts";
export type { DesignProperty, Row } from "./row.ts";
export { rowNamed, rows } from "./rows/index.ts";
export { type RunOptions, runTable, type SliceProgress, type Task, tasksOf } from "./run.ts";
export { type Size, sizes } from "./sizes.ts";
export { type Slice, slicesOf } from "./slices.ts";
export { describeStrategy, reductionsOf, type Strategy, strategyKinds } from "./strategy.ts";
export { type Cell, type Column, columnOf, columnsAndVariants } from "./table.ts";
