/** The process room of the contract: what user space sees of Linux. */
export type { Allowed } from "./asked.ts";
export { begin } from "./begin.ts";
export {
  type Configuration,
  type CpuFeatures,
  compareKernels,
  defaultConfiguration,
  type KernelVersion,
  pageSize,
  parseKernelVersion,
} from "./configuration.ts";
export type {
  Advice,
  CheckMode,
  Descriptor,
  FileSystem,
  MapFlag,
  PreferredMode,
  ProcessOperation,
  Protection,
  RemapFlag,
  ThreadName,
} from "./operations.ts";
export type { Errno, Fault, FaultCode, Outcome, Result } from "./outcome.ts";
export { type ProcessRule, type ProcessRuleId, processRulebook, type RuleId } from "./rulebook.ts";
export type { ProcessState } from "./state.ts";
export { step } from "./step.ts";
export { tagControl } from "./tag-control.ts";
