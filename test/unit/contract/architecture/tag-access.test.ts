/** LDG, the STG family, STGP, the block instructions and DC. */
import { describe, expect, test } from "vitest";
import type { TagStoreInsn } from "../../../../model/contract/architecture/operations.ts";
import {
  access,
  asymm,
  async,
  at,
  bytesAt,
  cpuOf,
  only,
  pagesOf,
  run,
  sync,
  tagsAt,
} from "./cpu.ts";

const store = (
  insn: TagStoreInsn,
  address: bigint,
  tag: number,
  mode: "offset" | "pre" | "post" = "offset",
) => ({ kind: "store-tag", insn, source: at(0, tag), address, mode }) as const;

const filled = (tags: readonly number[] = []) =>
  only(cpuOf(), pagesOf(tags), {
    kind: "fill",
    address: at(0),
    length: 64,
    byte: 5,
    direction: "up",
  }).memory;

const kinds = (results: ReturnType<typeof run>) =>
  results.map(({ result }) => (result.kind === "fault" ? result.fault.kind : result.kind));

describe("STG and its kin", () => {
  test.each([
    ["stg", [7, 0, 0], 5],
    ["st2g", [7, 7, 0], 5],
    ["stzg", [7, 0, 0], 0],
    ["stz2g", [7, 7, 0], 0],
  ] as const)("%s", (insn, tags, byte) => {
    const { memory, result } = only(sync, filled(), store(insn, at(0, 3), 7));
    expect(result).toEqual({ kind: "done" });
    expect(tagsAt(memory, 0, 3)).toEqual(tags);
    const second = insn === "stz2g" ? 0 : 5;
    expect(bytesAt(memory, 0, 16)).toEqual(Array(16).fill(byte));
    expect(bytesAt(memory, 16, 48)).toEqual([...Array(16).fill(second), ...Array(32).fill(5)]);
  });

  test("are not checked", () => {
    for (const insn of ["stg", "st2g", "stzg", "stz2g"] as const)
      expect(kinds(run(sync, pagesOf([9, 9]), store(insn, at(0, 3), 7)))).toEqual(["done"]);
  });

  test("indexed forms store before or after they move the address", () => {
    const post = only(sync, pagesOf(), store("st2g", at(0, 3), 5, "post"));
    expect(tagsAt(post.memory, 0, 4)).toEqual([5, 5, 0, 0]);
    expect(post.result).toEqual({ kind: "pointer", pointer: at(32, 3) });
    const pre = only(sync, pagesOf(), store("stg", at(0, 3), 5, "pre"));
    expect(tagsAt(pre.memory, 0, 4)).toEqual([0, 5, 0, 0]);
    expect(pre.result).toEqual({ kind: "pointer", pointer: at(16, 3) });
  });

  test("a misaligned one stores nothing, also where there is no page", () => {
    for (const insn of ["stg", "st2g", "stzg", "stz2g"] as const) {
      expect(kinds(run(sync, filled(), store(insn, at(8), 7)))).toEqual(["alignment"]);
      expect(kinds(run(sync, pagesOf([], []), store(insn, at(8), 7)))).toEqual(["alignment"]);
    }
  });

  test("a tag is written like data: with permission to write", () => {
    const readOnly = pagesOf([], [{ writable: false }]);
    expect(kinds(run(sync, readOnly, store("stg", at(0), 7)))).toEqual(["permission"]);
    expect(kinds(run(sync, pagesOf([], []), store("stg", at(0), 7)))).toEqual(["translation"]);
  });

  test("untagged memory and no tag access ignore the tag; zeroing happens", () => {
    const untagged = new Map(
      [...filled()].map(([number, page]) => [number, { ...page, tagged: false }]),
    );
    const zeroed = only(sync, untagged, store("stzg", at(0), 7)).memory;
    expect(tagsAt(zeroed, 0, 1)).toEqual([0]);
    expect(bytesAt(zeroed, 0, 17)).toEqual([...Array(16).fill(0), 5]);
    const off = only({ ...sync, tagAccess: false }, filled(), store("stzg", at(0), 7)).memory;
    expect(tagsAt(off, 0, 1)).toEqual([0]);
    expect(bytesAt(off, 0, 1)).toEqual([0]);
  });

  test("over two pages with the second missing, the first granule may be stored", () => {
    const results = run(sync, pagesOf([], [{}]), store("st2g", at(4080), 7));
    expect(kinds(results)).toEqual(["translation", "translation"]);
    expect(results.map(({ memory }) => tagsAt(memory, 4080, 1))).toEqual([[0], [7]]);
  });
});

describe("LDG", () => {
  test("takes the tag of the granule, aligned or not, into the register", () => {
    const ldg = { kind: "ldg", address: at(21, 9), base: 0xf3n << 56n } as const;
    expect(only(sync, pagesOf([1, 6]), ldg).result).toEqual({
      kind: "pointer",
      pointer: 0xf6n << 56n,
    });
  });

  test("reads 0 from untagged memory and without tag access; needs permission to read", () => {
    const ldg = { kind: "ldg", address: at(0), base: at(0, 9) } as const;
    const zero = { kind: "pointer", pointer: at(0, 0) };
    expect(only(sync, pagesOf([6], [{ tagged: false }]), ldg).result).toEqual(zero);
    expect(only({ ...sync, tagAccess: false }, pagesOf([6]), ldg).result).toEqual(zero);
    expect(kinds(run(sync, pagesOf([6], [{ readable: false }]), ldg))).toEqual(["permission"]);
    expect(kinds(run(sync, pagesOf([6], []), ldg))).toEqual(["translation"]);
  });
});

describe("STGP", () => {
  const stgp = {
    kind: "stgp",
    address: at(0, 7),
    first: 1n,
    second: 2n,
    mode: "offset",
  } as const;

  test("stores two registers and the tag of its address, unchecked", () => {
    const { memory, rules } = only(sync, pagesOf([3]), stgp);
    expect(bytesAt(memory, 0, 16)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect(tagsAt(memory, 0, 2)).toEqual([7, 0]);
    expect(rules).toEqual(["stgp-is-unchecked"]);
  });

  test("indexed forms move by a granule", () => {
    const after = only(sync, pagesOf([3]), { ...stgp, mode: "post" });
    expect(tagsAt(after.memory, 0, 2)).toEqual([7, 0]);
    expect(after.result).toEqual({ kind: "pointer", pointer: at(16, 7) });
    const before = only(sync, pagesOf([3]), { ...stgp, mode: "pre" });
    expect(tagsAt(before.memory, 0, 2)).toEqual([3, 7]);
    expect(before.result).toEqual({ kind: "pointer", pointer: at(16, 7) });
  });

  test("must be aligned", () => {
    expect(kinds(run(sync, pagesOf(), { ...stgp, address: at(8, 7) }))).toEqual(["alignment"]);
    expect(kinds(run(sync, pagesOf([], []), stgp))).toEqual(["translation"]);
  });
});

describe("blocks of tags", () => {
  const block = (insn: "ldgm" | "stgm" | "stzgm", offset: number, value = 0n) =>
    ({ kind: "tag-block", insn, address: at(offset), value }) as const;
  const el1 = cpuOf({ level: 1 });

  test("are undefined at EL0", () => {
    for (const insn of ["ldgm", "stgm", "stzgm"] as const)
      expect(kinds(run(sync, pagesOf([], []), block(insn, 0)))).toEqual(["undefined"]);
    expect(kinds(run(sync, pagesOf(), { kind: "get-rgsr" }))).toEqual(["undefined"]);
    expect(kinds(run(sync, pagesOf(), { kind: "set-ata", value: 0 }))).toEqual(["undefined"]);
  });

  test("STGM and LDGM place each tag by bits 7:4 of its address", () => {
    const { memory } = only(el1, pagesOf(), block("stgm", 256 + 72, 0xfedcba9876543210n));
    expect(tagsAt(memory, 256, 16)).toEqual(Array.from({ length: 16 }, (_, tag) => tag));
    expect(tagsAt(memory, 0, 16)).toEqual(Array(16).fill(0));
    expect(only(el1, memory, block("ldgm", 300)).result).toMatchObject({
      value: 0xfedcba9876543210n,
    });
    const small = { ...el1, tagBlockSize: 64 };
    expect(only(small, memory, block("ldgm", 256 + 64)).result).toMatchObject({
      value: 0x76540000n,
    });
  });

  test("STZGM zeroes a block and gives it one tag", () => {
    const { memory } = only({ ...el1, blockSize: 32 }, filled(), block("stzgm", 40, 0x1239n));
    expect(tagsAt(memory, 0, 5)).toEqual([0, 0, 9, 9, 0]);
    expect(bytesAt(memory, 31, 2)).toEqual([5, 0]);
  });

  test("without tag access LDGM reads zeroes and STGM writes nothing", () => {
    const off = { ...el1, tagAccess: false };
    expect(only(off, pagesOf([4]), block("ldgm", 0)).result).toMatchObject({ value: 0n });
    expect(tagsAt(only(off, pagesOf(), block("stgm", 0, 15n)).memory, 0, 1)).toEqual([0]);
  });

  test("pages count as for any access", () => {
    expect(kinds(run(el1, pagesOf([], []), block("ldgm", 0)))).toEqual(["translation"]);
    const readOnly = pagesOf([], [{ writable: false }]);
    expect(kinds(run(el1, readOnly, block("stgm", 0)))).toEqual(["permission"]);
    expect(kinds(run(el1, readOnly, block("ldgm", 0)))).toEqual(["value"]);
  });
});

describe("DC", () => {
  test("ZVA zeroes its block and is checked like a store to all of it", () => {
    const tags = [4, 4, 4, 4];
    const right = only(sync, filled(tags), access("dczva", at(40, 4)));
    expect(bytesAt(right.memory, 0, 64)).toEqual(Array(64).fill(0));
    const wrong = only(sync, filled([4, 4, 4, 9]), access("dczva", at(0, 4)));
    expect(wrong.result).toMatchObject({
      fault: { kind: "tag-check", address: { low: 0x10000n, high: 0x1003fn } },
    });
    expect(bytesAt(wrong.memory, 0, 1)).toEqual([5]);
    for (const cpu of [async, asymm]) {
      const late = only(cpu, filled([4, 4, 4, 9]), access("dczva", at(0, 4)));
      expect(late.cpu.recorded).toBe(true);
      expect(bytesAt(late.memory, 0, 1)).toEqual([0]);
    }
  });

  test("GVA tags its block, GZVA zeroes it too; neither is checked", () => {
    const tagged = only(sync, filled([9]), access("dcgva", at(16, 6)));
    expect(tagsAt(tagged.memory, 0, 5)).toEqual([6, 6, 6, 6, 0]);
    expect(bytesAt(tagged.memory, 0, 1)).toEqual([5]);
    const zeroed = only(sync, filled([9]), access("dcgzva", at(16, 6)));
    expect(tagsAt(zeroed.memory, 0, 5)).toEqual([6, 6, 6, 6, 0]);
    expect(bytesAt(zeroed.memory, 63, 1)).toEqual([0]);
  });

  test("ZVA is unchecked in untagged memory; GVA tags nothing there", () => {
    const memory = pagesOf([9], [{ tagged: false }]);
    expect(kinds(run(sync, memory, access("dczva", at(0, 4))))).toEqual(["done"]);
    expect(tagsAt(only(sync, memory, access("dcgva", at(0, 4))).memory, 1, 1)).toEqual([0]);
  });

  test("they need a page, and permission to write", () => {
    for (const insn of ["dczva", "dcgva", "dcgzva"] as const) {
      expect(kinds(run(sync, pagesOf([], []), access(insn, at(0))))).toEqual(["translation"]);
      const readOnly = pagesOf([], [{ writable: false }]);
      expect(kinds(run(sync, readOnly, access(insn, at(0))))).toEqual(["permission"]);
    }
  });

  test("cleaning is unchecked, and may fault where there is no page", () => {
    for (const insn of ["dccvac", "dccivac"] as const) {
      const memory = filled([9]);
      const cleaned = only(sync, memory, access(insn, at(0, 4)));
      expect(cleaned).toMatchObject({ memory, result: { kind: "done" } });
      expect(kinds(run(sync, pagesOf([], []), access(insn, at(0))))).toEqual([
        "done",
        "translation",
      ]);
    }
  });
});
