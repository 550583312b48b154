/** One load, store or atomic access: alignment, translation, permission, tag check, in that order. */
import { match, P } from "ts-pattern";
import { executeCache } from "./cache-block.ts";
import { type Direction, mismatches, responseTo } from "./checks.ts";
import type { Response } from "./cpu.ts";
import { type Before, done, type Executed, executed, faultAt, faulted } from "./executed.ts";
import { draftOf, type Memory } from "./memory.ts";
import type { AccessInsn, AccessOperation } from "./operations.ts";
import type { CpuFault, CpuResult } from "./outcome.ts";
import {
  addressOf,
  alignDown,
  granule,
  offsetInPage,
  pageBytes,
  pageOf,
  tagOf,
  topByteOf,
} from "./pointer.ts";
import type { ArchitectureRuleId } from "./rulebook.ts";

/** Registers of 8 bytes; an access of 16 is one register of the vector unit, or a pair for `cas`. */
const sizes: Record<AccessInsn, readonly number[]> = {
  ldr: [1, 2, 4, 8, 16],
  ldp: [4, 8, 16],
  ldxr: [1, 2, 4, 8, 16],
  ldar: [1, 2, 4, 8],
  ldtr: [1, 2, 4, 8],
  ldr_sp_imm: [1, 2, 4, 8, 16],
  ldr_sp_reg: [1, 2, 4, 8, 16],
  str: [1, 2, 4, 8, 16],
  stp: [4, 8, 16],
  stlr: [1, 2, 4, 8],
  sttr: [1, 2, 4, 8],
  str_sp_imm: [1, 2, 4, 8, 16],
  str_sp_reg: [1, 2, 4, 8, 16],
  stp_sp_imm: [4, 8, 16],
  cas: [1, 2, 4, 8, 16],
  swp: [1, 2, 4, 8],
  ldadd: [1, 2, 4, 8],
  prfm: [],
  prfm_st: [],
  dczva: [],
  dcgva: [],
  dcgzva: [],
  dccvac: [],
  dccivac: [],
};

const directionOf = (insn: AccessInsn): Direction =>
  match(insn)
    .returnType<Direction>()
    .with(P.union("ldr", "ldp", "ldxr", "ldar", "ldtr", "ldr_sp_imm", "ldr_sp_reg"), () => "load")
    .with(P.union("str", "stp", "stlr", "sttr", "str_sp_imm", "str_sp_reg"), () => "store")
    .with("stp_sp_imm", () => "store")
    .with(P.union("cas", "swp", "ldadd"), () => "both")
    .with(P.union("prfm", "prfm_st", "dccvac", "dccivac"), () => "load")
    .with(P.union("dczva", "dcgva", "dcgzva"), () => "store")
    .exhaustive();

/** The stack pointer with an immediate offset: the compiler knows what it does. */
const uncheckedForms: ReadonlySet<AccessInsn> = new Set(["ldr_sp_imm", "str_sp_imm", "stp_sp_imm"]);

const pairs: ReadonlySet<AccessInsn> = new Set(["ldp", "stp", "stp_sp_imm"]);
const pairBytes = 16;

/** Bytes that the whole access touches, from its address on. */
export const extentOf = ({ insn, size }: AccessOperation): number =>
  pairs.has(insn) ? pairBytes : size;

type Alignment = "free" | "natural" | "within-16";

const alignmentOf = (insn: AccessInsn): Alignment =>
  match(insn)
    .returnType<Alignment>()
    .with(P.union("ldar", "stlr"), () => "natural")
    .with(P.union("ldxr", "cas", "swp", "ldadd"), () => "within-16")
    .otherwise(() => "free");

/** `maybe`: FEAT_LSE2 allows it, and a CPU need not have it. */
const misaligned = (insn: AccessInsn, address: number, size: number): "no" | "yes" | "maybe" => {
  const alignment = alignmentOf(insn);
  if (alignment === "free" || address % size === 0) return "no";
  const inside = (address % granule) + size <= granule;
  return alignment === "within-16" && inside ? "maybe" : "yes";
};

/** The parts of an access that lie in one granule each. */
const partsOf = (address: number, length: number): readonly (readonly [number, number])[] => {
  const parts: [number, number][] = [];
  for (let at = address; at < address + length; at = alignDown(at, granule) + granule)
    parts.push([at, Math.min(alignDown(at, granule) + granule, address + length)]);
  return parts;
};

/** The first byte of the access that cannot be reached: its own, or the first of the next page. */
const unreachable = (
  memory: Memory,
  asked: AccessOperation,
  direction: Direction,
): CpuFault | null => {
  const address = addressOf(asked.address);
  const end = address + extentOf(asked);
  const top = topByteOf(asked.address);
  for (let at = address; at < end; at = alignDown(at, pageBytes) + pageBytes) {
    const page = memory.get(pageOf(at));
    const write = direction !== "load";
    if (!page) return faultAt("translation", at, top, write);
    if (direction !== "store" && !page.readable) return faultAt("permission", at, top, false);
    if (write && !page.writable) return faultAt("permission", at, top, true);
  }
  return null;
};

type Checked = { readonly fault: CpuFault | null; readonly recorded: boolean };

/** Compares the tags of every granule in reach; the lowest that differs is the one reported. */
const check = (before: Before, asked: AccessOperation, direction: Direction): Checked => {
  const response: Response = uncheckedForms.has(asked.insn)
    ? "ignore"
    : responseTo(before.cpu, direction);
  if (response === "ignore") return { fault: null, recorded: false };
  const address = addressOf(asked.address);
  const logical = tagOf(asked.address);
  const failing = partsOf(address, extentOf(asked)).find(([at]) => {
    const page = before.memory.get(pageOf(at));
    return page !== undefined && mismatches(page, logical, at);
  });
  if (!failing) return { fault: null, recorded: false };
  if (response === "async") return { fault: null, recorded: true };
  const [at] = failing;
  const high = at === address ? at : at + granule - 1;
  const fault = faultAt("tag-check", at, topByteOf(asked.address), direction === "store", high);
  return { fault, recorded: false };
};

const byteBits = 8n;

const read = (memory: Memory, address: number, length: number): bigint => {
  let value = 0n;
  for (let at = address + length - 1; at >= address; at -= 1)
    value = (value << byteBits) | BigInt(memory.get(pageOf(at))?.bytes?.[offsetInPage(at)] ?? 0);
  return value;
};

const write = (memory: Memory, address: number, length: number, value: bigint): Memory => {
  const draft = draftOf(memory);
  for (let at = 0; at < length; at += 1) {
    const place = address + at;
    const byte = Number((value >> (BigInt(at) * byteBits)) & 0xffn);
    draft.bytes(pageOf(place))[offsetInPage(place)] = byte;
  }
  return draft.memory();
};

/** What is stored as a number of the whole extent: both registers of a pair hold the value. */
const stored = (asked: AccessOperation): bigint => {
  if (!pairs.has(asked.insn)) return BigInt.asUintN(asked.size * 8, asked.value);
  const half = BigInt.asUintN((pairBytes / 2) * 8, asked.value);
  return half | (half << BigInt((pairBytes / 2) * 8));
};

/** The access itself, once nothing stands against it. */
const perform = (
  { memory }: Before,
  asked: AccessOperation,
): { readonly memory: Memory; readonly result: CpuResult } => {
  const address = addressOf(asked.address);
  const width = pairs.has(asked.insn) ? pairBytes / 2 : asked.size;
  const old = () => read(memory, address, width);
  const wrap = (value: bigint) => BigInt.asUintN(asked.size * 8, value);
  const put = (value: bigint) => write(memory, address, extentOf(asked), value);
  return match(asked.insn)
    .returnType<{ memory: Memory; result: CpuResult }>()
    .with("swp", () => ({ memory: put(stored(asked)), result: { kind: "value", value: old() } }))
    .with("ldadd", () => ({
      memory: put(wrap(old() + asked.value)),
      result: { kind: "value", value: old() },
    }))
    .with("cas", () => ({
      memory: old() === wrap(asked.compare) ? put(stored(asked)) : memory,
      result: { kind: "value", value: old() },
    }))
    .with(P.union("str", "stp", "stlr", "sttr", "str_sp_imm", "str_sp_reg", "stp_sp_imm"), () => ({
      memory: put(stored(asked)),
      result: done,
    }))
    .otherwise(() => ({ memory, result: { kind: "value", value: old() } }));
};

/** A store that faults part way: parts that nothing stood against may have been written. */
const partlyStored = (
  before: Before,
  asked: AccessOperation,
  fault: CpuFault,
): readonly Executed[] => {
  const address = addressOf(asked.address);
  const reached = Number(fault.address.low) - address;
  const whole = faulted(before, fault);
  if (reached <= 0 || directionOf(asked.insn) !== "store") return whole;
  const memory = write(before.memory, address, reached, stored(asked));
  return [...whole, ...faulted({ ...before, memory }, fault)];
};

const access = (before: Before, asked: AccessOperation): readonly Executed[] => {
  const direction = directionOf(asked.insn);
  const obstacle = unreachable(before.memory, asked, direction);
  const { fault, recorded } = check(before, asked, direction);
  const byTag = fault ? partlyStored(before, asked, fault) : [];
  // A page that is missing further on and a mismatch before it: either may be found first.
  if (obstacle) {
    const first = Number(obstacle.address.low) === addressOf(asked.address);
    return [...(first ? [] : byTag), ...partlyStored(before, asked, obstacle)];
  }
  if (fault) return byTag;
  const { memory, result } = perform(before, asked);
  const rules: readonly ArchitectureRuleId[] = uncheckedForms.has(asked.insn)
    ? ["sp-with-immediate-is-unchecked"]
    : [recorded ? "async-accesses-and-records" : "matching-tags-access"];
  const cpu = recorded ? { ...before.cpu, recorded } : before.cpu;
  return [{ cpu, memory, result, rules }];
};

export const executeAccess = (before: Before, asked: AccessOperation): readonly Executed[] =>
  match(asked.insn)
    .with(P.union("prfm", "prfm_st"), () => executed(before, done, "hints-never-fault"))
    .with(P.union("dczva", "dcgva", "dcgzva", "dccvac", "dccivac"), (insn) =>
      executeCache(before, insn, asked.address),
    )
    .otherwise((insn) => {
      if (!sizes[insn].includes(asked.size))
        return executed(before, { kind: "unencodable" }, "sizes-are-those-of-registers");
      const address = addressOf(asked.address);
      const off = misaligned(insn, address, asked.size);
      const top = topByteOf(asked.address);
      const fault = faultAt("alignment", address, top, directionOf(insn) !== "load");
      return [
        ...(off === "no" ? [] : faulted(before, fault)),
        ...(off === "yes" ? [] : access(before, asked)),
      ];
    });
