/** Litmus programs over tagged memory: plain interleaving, exactly. */
export { type Endings, endingsOf } from "./interleavings.ts";
export {
  type CheckMode as LitmusCheckMode,
  type ConditionName,
  conditionNames,
  granuleOf as litmusGranuleOf,
  type Instruction as LitmusInstruction,
  type Operator as LitmusOperator,
  type Place as LitmusPlace,
  type Program as LitmusProgram,
  type Source as LitmusSource,
  type Thread as LitmusThread,
  withTag as litmusPointer,
} from "./program.ts";
export type { LitmusFault, LitmusState, ThreadState as LitmusThreadState } from "./state.ts";
export { OutsideLitmus, stepOf as litmusStep } from "./step.ts";
