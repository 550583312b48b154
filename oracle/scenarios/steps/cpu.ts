/** Operations of a CPU: accesses, tag instructions, tag arithmetic, and what EL1 may set. */
import { z } from "zod";
import { address, byte, bytes, count, flag, name, number, tag } from "../values.ts";
import { step } from "./step.ts";

const bound = name.optional();

/** How an access is made; `sp` forms use the stack pointer as their base. */
const instructions = [
  "ldr",
  "ldp",
  "ldxr",
  "ldar",
  "ldtr",
  "ldr_sp_imm",
  "ldr_sp_reg",
  "str",
  "stp",
  "stlr",
  "sttr",
  "str_sp_imm",
  "str_sp_reg",
  "stp_sp_imm",
  "cas",
  "swp",
  "ldadd",
  "prfm",
  "prfm_st",
  "dczva",
  "dcgva",
  "dcgzva",
  "dccvac",
  "dccivac",
] as const;

const indexed = { mode: z.enum(["offset", "pre", "post"]).optional(), as: bound };

const loadFields = {
  addr: address,
  size: count.optional(),
  insn: z.enum(instructions).optional(),
  value: number.optional(),
  cmp: number.optional(),
  as: bound,
};

const accesses = [
  step("load", loadFields),
  step("store", loadFields),
  step("access", loadFields),
  step("fill", { addr: address, len: count, byte }),
  step("filldown", { addr: address, len: count, byte }),
  step("scan", { addr: address, len: count }),
  step("copy", { dst: address, src: address, len: count }),
  step("peek", { addr: address, len: count }),
  step("poke", {
    addr: address,
    data: bytes.optional(),
    len: count.optional(),
    byte: byte.optional(),
  }),
] as const;

const tagAccesses = [
  step("ldg", { addr: address, base: address.optional(), as: bound }),
  step("stg", { src: address, addr: address, ...indexed }),
  step("stzg", { src: address, addr: address, ...indexed }),
  step("st2g", { src: address, addr: address, ...indexed }),
  step("stz2g", { src: address, addr: address, ...indexed }),
  step("stgp", { addr: address, v1: number, v2: number, ...indexed }),
  step("ldgm", { addr: address, v: number.optional() }),
  step("stgm", { addr: address, v: number.optional() }),
  step("stzgm", { addr: address, v: number.optional() }),
  step("tags", { addr: address, n: count }),
  step("tagsall", { addr: address, len: count }),
  step("settags", { addr: address, len: count, tag, inc: flag.optional() }),
] as const;

const tagArithmetic = [
  step("irg", { src: address, excl: address.optional(), as: bound }),
  step("irgn", { src: address, excl: address.optional(), n: count }),
  step("gmi", { src: address, mask: address, as: bound }),
  step("addg", { src: address, imm: count, tagoff: count, as: bound }),
  step("subg", { src: address, imm: count, tagoff: count, as: bound }),
  step("subp", { src: address, b: address, as: bound }),
  step("subps", { src: address, b: address, as: bound }),
] as const;

const override = step("tco", { v: flag });

const registers = [
  step("setGcr", { rrnd: flag, exclude: number }),
  step("setRgsr", { seed: number, tag }),
  step("getRgsr", {}),
  step("setAta", { v: flag }),
] as const;

/** What a program at EL0 can do. */
export const programSteps = [...accesses, ...tagAccesses, ...tagArithmetic, override] as const;
export const cpuSteps = [...programSteps, ...registers] as const;
