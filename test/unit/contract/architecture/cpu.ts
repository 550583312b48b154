/** A CPU at EL0 with a few pages, for tests: what it may do, and what it does when that is one. */
import { type Cpu, resetCpu } from "../../../../model/contract/architecture/cpu.ts";
import { execute } from "../../../../model/contract/architecture/execute.ts";
import type { Executed } from "../../../../model/contract/architecture/executed.ts";
import {
  freshPage,
  type MappedPage,
  type Memory,
} from "../../../../model/contract/architecture/memory.ts";
import type {
  AccessInsn,
  AccessOperation,
  CpuOperation,
} from "../../../../model/contract/architecture/operations.ts";
import { withTag } from "../../../../model/contract/architecture/pointer.ts";

/** Where the first page of the tests lies. */
export const base = 0x10000;

export const at = (offset: number, tag = 0): bigint => withTag(BigInt(base + offset), tag);

export const cpuOf = (change: Partial<Cpu> = {}): Cpu => ({ ...resetCpu(0, 64), ...change });

export const sync = cpuOf({ loads: "sync", stores: "sync" });
export const async = cpuOf({ loads: "async", stores: "async" });
export const asymm = cpuOf({ loads: "sync", stores: "async" });

/** Pages from `base` on; `tags` names tags of granules from the start of the first page. */
export const pagesOf = (
  tags: readonly number[] = [],
  changes: readonly Partial<MappedPage>[] = [{}, {}],
): Memory =>
  new Map(
    changes.map((change, index) => {
      const row = new Uint8Array(256);
      row.set(tags.slice(index * 256, index * 256 + 256));
      return [base / 4096 + index, { ...freshPage, tags: row, ...change }] as const;
    }),
  );

export const access = (
  insn: AccessInsn,
  address: bigint,
  size = 8,
  more: Partial<AccessOperation> = {},
): AccessOperation => ({
  kind: "access",
  insn,
  address,
  size,
  value: 0x1122334455667788n,
  compare: 0n,
  ...more,
});

export const run = (cpu: Cpu, memory: Memory, operation: CpuOperation): readonly Executed[] =>
  execute({ cpu, memory }, operation);

/** The only thing that may happen. */
export const only = (cpu: Cpu, memory: Memory, operation: CpuOperation): Executed => {
  const [first, ...rest] = run(cpu, memory, operation);
  if (!first || rest.length > 0) throw new Error(`${rest.length + 1} results`);
  return first;
};

export const bytesAt = (memory: Memory, offset: number, length: number): readonly number[] =>
  Array.from({ length }, (_, index) => {
    const address = base + offset + index;
    return memory.get(Math.floor(address / 4096))?.bytes?.[address % 4096] ?? 0;
  });

export const tagsAt = (memory: Memory, offset: number, granules: number): readonly number[] =>
  Array.from({ length: granules }, (_, index) => {
    const address = base + offset + index * 16;
    return memory.get(Math.floor(address / 4096))?.tags?.[(address % 4096) / 16] ?? 0;
  });
