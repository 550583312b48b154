/** The architecture room of the contract: what the CPU does with pointers, tags and memory. */
export { bootMachine, type Machine, type MachineStep, stepMachine } from "./machine.ts";
export type {
  AccessInsn,
  CpuOperation,
  Instruction,
  Pointer,
  Tag,
  TagBlockInsn,
  TagSet,
  TagStoreInsn,
} from "./operations.ts";
export type { AddressRange, CpuFault, CpuFaultKind, CpuResult } from "./outcome.ts";
export { addressOf, granule, tagOf, topByteOf, withTag } from "./pointer.ts";
export {
  type ArchitectureRule,
  type ArchitectureRuleId,
  architectureRulebook,
} from "./rulebook.ts";
