/** Cache maintenance by address: the three that change memory, and two that do not. */
import { match, P } from "ts-pattern";
import { mismatches, responseTo } from "./checks.ts";
import { type Before, done, type Executed, executed, faultAt, faulted } from "./executed.ts";
import { draftOf } from "./memory.ts";
import type { CacheInsn, Pointer } from "./operations.ts";
import {
  addressOf,
  alignDown,
  granule,
  offsetInPage,
  pageOf,
  tagOf,
  topByteOf,
} from "./pointer.ts";

/** DC ZVA zeroes the block, DC GVA tags it with the tag of the address, DC GZVA does both. */
const fillBlock = (
  before: Before,
  insn: "dczva" | "dcgva" | "dcgzva",
  pointer: Pointer,
): readonly Executed[] => {
  const { cpu, memory } = before;
  const address = addressOf(pointer);
  const [top, logical] = [topByteOf(pointer), tagOf(pointer)];
  const start = alignDown(address, cpu.blockSize);
  const end = start + cpu.blockSize;
  const number = pageOf(start);
  const page = memory.get(number);
  if (!page) return faulted(before, faultAt("translation", address, top, true));
  if (!page.writable) return faulted(before, faultAt("permission", address, top, true));
  const response = insn === "dczva" ? responseTo(cpu, "store") : "ignore";
  const granules = Array.from({ length: cpu.blockSize / granule }, (_, at) => start + at * granule);
  const differs = granules.some((at) => mismatches(page, logical, at));
  if (differs && response === "sync")
    return faulted(before, faultAt("tag-check", start, top, true, end - 1));
  const draft = draftOf(memory);
  const first = offsetInPage(start);
  if (insn !== "dcgva") draft.bytes(number).fill(0, first, first + cpu.blockSize);
  if (insn !== "dczva" && cpu.tagAccess && page.tagged)
    draft.tags(number).fill(logical, first / granule, (first + cpu.blockSize) / granule);
  const recorded = cpu.recorded || (differs && response === "async");
  return executed(
    { cpu: { ...cpu, recorded }, memory: draft.memory() },
    done,
    insn === "dczva" ? "zva-is-checked-like-a-store" : "gva-writes-tags-unchecked",
  );
};

export const executeCache = (
  before: Before,
  insn: CacheInsn,
  pointer: Pointer,
): readonly Executed[] =>
  match(insn)
    .with(P.union("dczva", "dcgva", "dcgzva"), (named) => fillBlock(before, named, pointer))
    .with(P.union("dccvac", "dccivac"), () => {
      const address = addressOf(pointer);
      const cleaned = executed(before, done, "cleaning-is-unchecked");
      // Whether maintenance of an address without a page faults is the CPU's business.
      return before.memory.get(pageOf(address))?.readable
        ? cleaned
        : [
            ...cleaned,
            ...faulted(before, faultAt("translation", address, topByteOf(pointer), false)),
          ];
    })
    .exhaustive();
