/** Instructions that load and store allocation tags. None of them is tag checked. */
import { match } from "ts-pattern";
import { tagAt } from "./checks.ts";
import { type Before, done, type Executed, executed, faultAt, faulted } from "./executed.ts";
import { type Draft, draftOf } from "./memory.ts";
import type { Tag, TagOperation, TagStoreInsn } from "./operations.ts";
import type { CpuFault, CpuResult } from "./outcome.ts";
import {
  addressOf,
  granule,
  offsetInPage,
  pageOf,
  tagOf,
  topByteOf,
  toRegister,
  withTag,
} from "./pointer.ts";
import { executeTagBlock } from "./tag-block.ts";

type Of<Kind extends TagOperation["kind"]> = Extract<TagOperation, { kind: Kind }>;

/** Writes the tag of one granule, unless the memory there carries none. */
const putTag = (before: Before, draft: Draft, address: number, tag: Tag): void => {
  if (before.cpu.tagAccess && draft.page(pageOf(address))?.tagged)
    draft.tags(pageOf(address))[offsetInPage(address) / granule] = tag;
};

const ldg = (before: Before, { address: pointer, base }: Of<"ldg">): readonly Executed[] => {
  const address = addressOf(pointer);
  const page = before.memory.get(pageOf(address));
  const top = topByteOf(pointer);
  if (!page) return faulted(before, faultAt("translation", address, top, false));
  if (!page.readable) return faulted(before, faultAt("permission", address, top, false));
  const tag = tagAt(before.cpu, page, address);
  return executed(
    before,
    { kind: "pointer", pointer: withTag(base, tag) },
    page.tagged ? "ldg-reads-the-granule" : "untagged-memory-has-tag-0",
  );
};

/** Why a store to the granule at `address` cannot be made. */
const obstacle = (before: Before, address: number, top: number): CpuFault | null => {
  const page = before.memory.get(pageOf(address));
  if (!page) return faultAt("translation", address, top, true);
  return page.writable ? null : faultAt("permission", address, top, true);
};

const granulesOf: Record<TagStoreInsn, number> = { stg: 1, stzg: 1, st2g: 2, stz2g: 2 };

const storeTags = (before: Before, asked: Of<"store-tag">): readonly Executed[] => {
  const { insn, source, mode } = asked;
  const length = granulesOf[insn] * granule;
  const moved = toRegister(asked.address + BigInt(length));
  const pointer = mode === "pre" ? moved : asked.address;
  const [address, top] = [addressOf(pointer), topByteOf(pointer)];
  if (address % granule !== 0) return faulted(before, faultAt("alignment", address, top, true));
  const zeroes = insn === "stzg" || insn === "stz2g";
  const draft = draftOf(before.memory);
  for (let at = address; at < address + length; at += granule) {
    const fault = obstacle(before, at, top);
    if (fault) {
      // The granule before it, in the other page, may have been stored.
      const stored = at === address ? [] : faulted({ ...before, memory: draft.memory() }, fault);
      return [...faulted(before, fault), ...stored];
    }
    putTag(before, draft, at, tagOf(source));
    const first = offsetInPage(at);
    if (zeroes) draft.bytes(pageOf(at)).fill(0, first, first + granule);
  }
  const result: CpuResult = mode === "offset" ? done : { kind: "pointer", pointer: moved };
  return executed(
    { cpu: before.cpu, memory: draft.memory() },
    result,
    zeroes ? "stzg-zeroes-and-tags" : "stg-tags-unchecked",
  );
};

const word = 8;

const stgp = (before: Before, asked: Of<"stgp">): readonly Executed[] => {
  const { first, second, mode } = asked;
  const moved = toRegister(asked.address + BigInt(granule));
  const pointer = mode === "pre" ? moved : asked.address;
  const [address, top] = [addressOf(pointer), topByteOf(pointer)];
  if (address % granule !== 0) return faulted(before, faultAt("alignment", address, top, true));
  const fault = obstacle(before, address, top);
  if (fault) return faulted(before, fault);
  const draft = draftOf(before.memory);
  const bytes = draft.bytes(pageOf(address));
  const pair = BigInt.asUintN(64, first) | (BigInt.asUintN(64, second) << 64n);
  for (let at = 0; at < 2 * word; at += 1)
    bytes[offsetInPage(address) + at] = Number((pair >> BigInt(8 * at)) & 0xffn);
  putTag(before, draft, address, tagOf(pointer));
  const result: CpuResult = mode === "offset" ? done : { kind: "pointer", pointer: moved };
  return executed({ cpu: before.cpu, memory: draft.memory() }, result, "stgp-is-unchecked");
};

export const executeTag = (before: Before, asked: TagOperation): readonly Executed[] =>
  match(asked)
    .with({ kind: "ldg" }, (operation) => ldg(before, operation))
    .with({ kind: "store-tag" }, (operation) => storeTags(before, operation))
    .with({ kind: "stgp" }, (operation) => stgp(before, operation))
    .with({ kind: "tag-block" }, ({ insn, address, value }) =>
      executeTagBlock(before, insn, address, value),
    )
    .exhaustive();
