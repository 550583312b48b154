/**
 * A CPU and memory with no kernel: every address that is translated has a page, Normal Tagged, zeroed, with tag 0,
 * and no tag check faults are taken. What runs at EL1 is judged here.
 */
import { type Cpu, resetCpu } from "./cpu.ts";
import { execute } from "./execute.ts";
import { footprintOf } from "./footprint.ts";
import { freshPage, type Memory } from "./memory.ts";
import type { CpuOperation } from "./operations.ts";
import type { CpuResult } from "./outcome.ts";
import { pageOf, translatedEnd } from "./pointer.ts";
import type { ArchitectureRuleId } from "./rulebook.ts";

export type Machine = { readonly cpu: Cpu; readonly memory: Memory };

export type MachineStep = {
  readonly machine: Machine;
  readonly outcome: CpuResult;
  readonly rules: readonly ArchitectureRuleId[];
};

/** @param blockSize bytes of the block of DC ZVA (DCZID_EL0.BS), a power of two from 16 up. */
export const bootMachine = (level: 0 | 1, blockSize = 64): Machine => ({
  cpu: resetCpu(level, blockSize),
  memory: new Map(),
});

/** Every outcome that is allowed, with the machine that follows. */
export const stepMachine = (
  { cpu, memory }: Machine,
  operation: CpuOperation,
): readonly MachineStep[] => {
  const missing = footprintOf(operation).filter(
    ({ page }) => page < pageOf(translatedEnd) && !memory.has(page),
  );
  const reachable: Memory =
    missing.length === 0
      ? memory
      : new Map([...memory, ...missing.map(({ page }) => [page, freshPage] as const)]);
  return execute({ cpu, memory: reachable }, operation).map(({ result, rules, ...after }) => ({
    machine: { cpu: after.cpu, memory: after.memory },
    outcome: result,
    rules,
  }));
};
