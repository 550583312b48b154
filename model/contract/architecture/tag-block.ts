/** LDGM, STGM, STZGM: whole blocks of tags at once, for system software only. */
import { match } from "ts-pattern";
import { tagAt } from "./checks.ts";
import { type Before, done, type Executed, executed, faultAt, faulted } from "./executed.ts";
import { draftOf } from "./memory.ts";
import type { Pointer, TagBlockInsn } from "./operations.ts";
import {
  addressOf,
  alignDown,
  granule,
  offsetInPage,
  pageOf,
  topByteOf,
  toRegister,
} from "./pointer.ts";

const tagBits = 4n;
const tagMask = 0xfn;
const tagsOfRegister = 16;

export const executeTagBlock = (
  before: Before,
  insn: TagBlockInsn,
  pointer: Pointer,
  value: bigint,
): readonly Executed[] => {
  const { cpu, memory } = before;
  const top = topByteOf(pointer);
  const asked = addressOf(pointer);
  if (cpu.level === 0)
    return faulted(before, faultAt("undefined", 0, top, false, Number.MAX_SAFE_INTEGER));
  const size = insn === "stzgm" ? cpu.blockSize : cpu.tagBlockSize;
  const start = alignDown(asked, size);
  const page = memory.get(pageOf(start));
  if (!page) return faulted(before, faultAt("translation", asked, top, insn !== "ldgm"));
  if (insn !== "ldgm" && !page.writable)
    return faulted(before, faultAt("permission", asked, top, true));
  const granules = Array.from({ length: size / granule }, (_, at) => start + at * granule);
  /** Where in the register the tag of a granule lies: by bits 7:4 of its address. */
  const shift = (at: number) => BigInt((at / granule) % tagsOfRegister) * tagBits;
  const draft = draftOf(memory);
  const put = (at: number, tag: number) => {
    if (cpu.tagAccess && page.tagged) draft.tags(pageOf(at))[offsetInPage(at) / granule] = tag;
  };
  return match(insn)
    .with("ldgm", () => {
      const tags = granules.reduce(
        (register, at) => register | (BigInt(tagAt(cpu, page, at)) << shift(at)),
        0n,
      );
      return executed(before, { kind: "value", value: toRegister(tags) }, "ldgm-and-stgm-by-place");
    })
    .with("stgm", () => {
      for (const at of granules) put(at, Number((value >> shift(at)) & tagMask));
      return executed({ cpu, memory: draft.memory() }, done, "ldgm-and-stgm-by-place");
    })
    .with("stzgm", () => {
      for (const at of granules) put(at, Number(value & tagMask));
      const first = offsetInPage(start);
      draft.bytes(pageOf(start)).fill(0, first, first + size);
      return executed({ cpu, memory: draft.memory() }, done, "stzgm-one-tag-for-the-block");
    })
    .exhaustive();
};
