/** What an instruction may do: a list of results, one for each choice that there is. */
import type { Cpu } from "./cpu.ts";
import type { Memory } from "./memory.ts";
import type { CpuFault, CpuFaultKind, CpuResult } from "./outcome.ts";
import type { ArchitectureRuleId } from "./rulebook.ts";

export type Executed = {
  readonly cpu: Cpu;
  readonly memory: Memory;
  readonly result: CpuResult;
  /** The rules that made it so, the deciding one first. */
  readonly rules: readonly ArchitectureRuleId[];
};

/** The state before an instruction. */
export type Before = { readonly cpu: Cpu; readonly memory: Memory };

export const executed = (
  { cpu, memory }: Before,
  result: CpuResult,
  ...rules: readonly ArchitectureRuleId[]
): readonly Executed[] => [{ cpu, memory, result, rules }];

export const done: CpuResult = { kind: "done" };

/** A fault before it is known what comes with it: one address, or a range of them. */
export const faultAt = (
  kind: CpuFaultKind,
  low: number,
  top: number,
  write: boolean,
  high: number = low,
): CpuFault => ({ kind, address: { low: BigInt(low), high: BigInt(high) }, top, write });

const ruleOfFault = {
  undefined: "tag-blocks-need-el1",
  alignment: "alignment-comes-first",
  translation: "translation-before-tags",
  permission: "translation-before-tags",
  "tag-check": "sync-does-not-access",
} satisfies Record<CpuFaultKind, ArchitectureRuleId>;

export const ruleFor = (fault: CpuFault): ArchitectureRuleId => ruleOfFault[fault.kind];

export const faulted = (before: Before, fault: CpuFault): readonly Executed[] =>
  executed(before, { kind: "fault", fault }, ruleFor(fault));
