/** Which pages an operation touches, in the order in which it does. */
import { match, P } from "ts-pattern";
import { extentOf } from "./access.ts";
import type { CpuOperation, Pointer } from "./operations.ts";
import { addressOf, alignDown, granule, pageOf } from "./pointer.ts";

export type Touch = { readonly page: number; readonly write: boolean };

const over = (address: number, length: number, write: boolean): readonly Touch[] => {
  if (length <= 0) return [];
  const [first, last] = [pageOf(address), pageOf(address + length - 1)];
  return Array.from({ length: last - first + 1 }, (_, at) => ({ page: first + at, write }));
};

const touching = (pointer: Pointer, length: number, write: boolean): readonly Touch[] =>
  over(addressOf(pointer), length, write);

const twoGranules = 32;

export const footprintOf = (operation: CpuOperation): readonly Touch[] =>
  match(operation)
    .returnType<readonly Touch[]>()
    .with({ kind: "access" }, (asked) =>
      match(asked.insn)
        .with(P.union("prfm", "prfm_st"), () => [])
        .with(P.union("dczva", "dcgva", "dcgzva"), () => touching(asked.address, 1, true))
        .with(P.union("dccvac", "dccivac"), () => touching(asked.address, 1, false))
        .with(P.union("ldr", "ldp", "ldxr", "ldar", "ldtr", "ldr_sp_imm", "ldr_sp_reg"), () =>
          touching(asked.address, extentOf(asked), false),
        )
        .otherwise(() => touching(asked.address, extentOf(asked), true)),
    )
    .with({ kind: "fill", direction: "up" }, ({ address, length }) =>
      touching(address, length, true),
    )
    .with({ kind: "fill", direction: "down" }, ({ address, length }) =>
      over(addressOf(address) - length + 1, length, true).toReversed(),
    )
    .with({ kind: P.union("scan", "peek") }, ({ address, length }) =>
      touching(address, length, false),
    )
    .with({ kind: "copy" }, ({ to, from, length }) => [
      ...touching(from, length, false),
      ...touching(to, length, true),
    ])
    .with({ kind: "set-tags" }, ({ address, length }) => touching(address, length, true))
    .with({ kind: "read-tags" }, ({ address, granules }) =>
      over(alignDown(addressOf(address), granule), granules * granule, false),
    )
    .with({ kind: "poke" }, ({ address, bytes }) => touching(address, bytes.length, true))
    .with({ kind: "ldg" }, ({ address }) => touching(address, 1, false))
    .with({ kind: "store-tag" }, ({ address, insn, mode }) => {
      const length = insn === "stg" || insn === "stzg" ? granule : twoGranules;
      return over(addressOf(address) + (mode === "pre" ? length : 0), length, true);
    })
    .with({ kind: "stgp" }, ({ address, mode }) =>
      over(addressOf(address) + (mode === "pre" ? granule : 0), granule, true),
    )
    .with({ kind: "tag-block" }, ({ address, insn }) => touching(address, 1, insn !== "ldgm"))
    .with({ kind: P.union("irg", "irgn", "gmi", "addg", "subg", "subp", "subps", "tco") }, () => [])
    .with({ kind: P.union("set-gcr", "set-rgsr", "get-rgsr", "set-ata") }, () => [])
    .exhaustive();
