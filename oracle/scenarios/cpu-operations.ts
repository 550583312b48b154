/** Steps of the CPU as operations of the architecture room, their operands resolved. */
import { match, P } from "ts-pattern";
import type {
  AccessInsn,
  CpuOperation,
  Instruction,
} from "../../model/contract/architecture/operations.ts";
import type { AddressExpression } from "./address.ts";
import { addressOf, type Bindings, bounded, OutsideModel } from "./operands.ts";
import type { CpuStep } from "./row.ts";

const defaultSize = 8;
const defaultInsn = { load: "ldr", store: "str", access: "ldr" } as const satisfies Record<
  string,
  AccessInsn
>;

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, "hex"));

const largestAccess = 4096;

/** No instruction accesses more at once; less than that may still be no instruction either. */
const sized = (bytes: number): number => {
  if (bytes <= largestAccess) return bytes;
  throw new OutsideModel(`an access of ${bytes} bytes`);
};

/** A register operand that may be left out. */
const registerOf = (bindings: Bindings, expression: AddressExpression | undefined): bigint =>
  expression === undefined ? 0n : addressOf(bindings, expression);

/** Granules that a range of bytes touches, when it starts at a granule. */
const granules = (length: number): number => Math.ceil(length / 16);

const poked = ({ data, len, byte }: Extract<CpuStep, { op: "poke" }>): Uint8Array => {
  if (data !== undefined) return bytesOf(data);
  if (len !== undefined && byte !== undefined) return new Uint8Array(bounded(len)).fill(byte);
  throw new OutsideModel("poke: it says neither data nor len and byte");
};

/** What EL1 does to its own registers; everything else may run at EL0. */
type RegisterStep = Extract<CpuStep, { op: "setGcr" | "setRgsr" | "getRgsr" | "setAta" }>;
export type InstructionStep = Exclude<CpuStep, RegisterStep>;

export const isRegisterStep = (step: CpuStep): step is RegisterStep =>
  step.op === "setGcr" || step.op === "setRgsr" || step.op === "getRgsr" || step.op === "setAta";

const registerOperation = (step: RegisterStep): CpuOperation =>
  match(step)
    .returnType<CpuOperation>()
    .with({ op: "setGcr" }, ({ rrnd, exclude }) => ({
      kind: "set-gcr",
      randomise: rrnd,
      exclude: Number(BigInt.asUintN(16, exclude)),
    }))
    .with({ op: "setRgsr" }, ({ seed, tag }) => ({
      kind: "set-rgsr",
      seed: Number(BigInt.asUintN(16, seed)),
      tag,
    }))
    .with({ op: "getRgsr" }, () => ({ kind: "get-rgsr" }))
    .with({ op: "setAta" }, ({ v }) => ({ kind: "set-ata", value: v ? 1 : 0 }))
    .exhaustive();

type StepOf<Op extends CpuStep["op"]> = Extract<CpuStep, { readonly op: Op }>;

const accessOf = (
  step: StepOf<
    "load" | "store" | "access" | "fill" | "filldown" | "scan" | "copy" | "peek" | "poke"
  >,
  bindings: Bindings,
): Instruction =>
  match(step)
    .returnType<Instruction>()
    .with({ op: P.union("load", "store", "access") }, (access) => ({
      kind: "access",
      insn: access.insn ?? defaultInsn[access.op],
      address: addressOf(bindings, access.addr),
      size: sized(access.size ?? defaultSize),
      value: access.value ?? 0n,
      compare: access.cmp ?? 0n,
    }))
    .with({ op: P.union("fill", "filldown") }, ({ op, addr, len, byte }) => ({
      kind: "fill",
      address: addressOf(bindings, addr),
      length: bounded(len),
      byte,
      direction: op === "fill" ? "up" : "down",
    }))
    .with({ op: P.union("scan", "peek") }, ({ op, addr, len }) => ({
      kind: op,
      address: addressOf(bindings, addr),
      length: bounded(len),
    }))
    .with({ op: "copy" }, ({ dst, src, len }) => ({
      kind: "copy",
      to: addressOf(bindings, dst),
      from: addressOf(bindings, src),
      length: bounded(len),
    }))
    .with({ op: "poke" }, (poke) => ({
      kind: "poke",
      address: addressOf(bindings, poke.addr),
      bytes: poked(poke),
    }))
    .exhaustive();

const tagAccessOf = (
  step: StepOf<
    | "ldg"
    | "stg"
    | "stzg"
    | "st2g"
    | "stz2g"
    | "stgp"
    | "ldgm"
    | "stgm"
    | "stzgm"
    | "tags"
    | "tagsall"
    | "settags"
  >,
  bindings: Bindings,
): Instruction => {
  const address = addressOf(bindings, step.addr);
  return match(step)
    .returnType<Instruction>()
    .with({ op: "ldg" }, ({ base }) => ({
      kind: "ldg",
      address,
      base: base === undefined ? address : addressOf(bindings, base),
    }))
    .with({ op: P.union("stg", "stzg", "st2g", "stz2g") }, ({ op, src, mode = "offset" }) => ({
      kind: "store-tag",
      insn: op,
      source: addressOf(bindings, src),
      address,
      mode,
    }))
    .with({ op: "stgp" }, ({ v1, v2, mode = "offset" }) => ({
      kind: "stgp",
      address,
      first: v1,
      second: v2,
      mode,
    }))
    .with({ op: P.union("ldgm", "stgm", "stzgm") }, ({ op, v = 0n }) => ({
      kind: "tag-block",
      insn: op,
      address,
      value: v,
    }))
    .with({ op: "tags" }, ({ n }) => ({ kind: "read-tags", address, granules: bounded(n) }))
    .with({ op: "tagsall" }, ({ len }) => ({
      kind: "read-tags",
      address,
      granules: granules(bounded(len)),
    }))
    .with({ op: "settags" }, ({ len, tag, inc = false }) => ({
      kind: "set-tags",
      address,
      length: bounded(len),
      tag,
      increment: inc ? 1 : 0,
    }))
    .exhaustive();
};

const pointerOf = (
  step: StepOf<"irg" | "irgn" | "gmi" | "addg" | "subg" | "subp" | "subps">,
  bindings: Bindings,
): Instruction => {
  const source = addressOf(bindings, step.src);
  return match(step)
    .returnType<Instruction>()
    .with({ op: "irg" }, ({ excl }) => ({
      kind: "irg",
      source,
      exclude: registerOf(bindings, excl),
    }))
    .with({ op: "irgn" }, ({ excl, n }) => ({
      kind: "irgn",
      source,
      exclude: registerOf(bindings, excl),
      times: bounded(n),
    }))
    .with({ op: "gmi" }, ({ mask }) => ({
      kind: "gmi",
      source,
      mask: addressOf(bindings, mask),
    }))
    .with({ op: P.union("addg", "subg") }, ({ op, imm, tagoff }) => ({
      kind: op,
      source,
      offset: imm,
      tagOffset: tagoff,
    }))
    .with({ op: P.union("subp", "subps") }, ({ op, b }) => ({
      kind: op,
      left: source,
      right: addressOf(bindings, b),
    }))
    .exhaustive();
};

const accessOps = P.union(
  "load",
  "store",
  "access",
  "fill",
  "filldown",
  "scan",
  "copy",
  "peek",
  "poke",
);
const pointerOps = P.union("irg", "irgn", "gmi", "addg", "subg", "subp", "subps");
const tagOps = P.union(
  "ldg",
  "stg",
  "stzg",
  "st2g",
  "stz2g",
  "stgp",
  "ldgm",
  "stgm",
  "stzgm",
  "tags",
  "tagsall",
  "settags",
);

export const instructionOf = (step: InstructionStep, bindings: Bindings): Instruction =>
  match(step)
    .returnType<Instruction>()
    .with({ op: accessOps }, (access) => accessOf(access, bindings))
    .with({ op: tagOps }, (access) => tagAccessOf(access, bindings))
    .with({ op: pointerOps }, (arithmetic) => pointerOf(arithmetic, bindings))
    .with({ op: "tco" }, ({ v }) => ({ kind: "tco", value: v ? 1 : 0 }))
    .exhaustive();

export const cpuOperationOf = (step: CpuStep, bindings: Bindings): CpuOperation =>
  isRegisterStep(step) ? registerOperation(step) : instructionOf(step, bindings);
