/** Loads, stores and atomics: values, sizes, and what is looked at before the tags. */
import { describe, expect, test } from "vitest";
import { access, at, bytesAt, only, pagesOf, run, sync } from "./cpu.ts";

const kinds = (results: ReturnType<typeof run>) =>
  results.map(({ result }) => (result.kind === "fault" ? result.fault.kind : result.kind));

describe("values", () => {
  test("are little-endian, of the size that was asked for", () => {
    const stored = only(sync, pagesOf(), access("str", at(0), 4, { value: 0x11223344aabbccddn }));
    expect(bytesAt(stored.memory, 0, 5)).toEqual([0xdd, 0xcc, 0xbb, 0xaa, 0]);
    const loaded = only(sync, stored.memory, access("ldr", at(1), 2));
    expect(loaded.result).toEqual({ kind: "value", value: 0xbbccn });
  });

  test("16 bytes are one register", () => {
    const value = 0x0102030405060708_1112131415161718n;
    const { memory } = only(sync, pagesOf(), access("str", at(0), 16, { value }));
    expect(only(sync, memory, access("ldr", at(0), 16)).result).toEqual({ kind: "value", value });
  });

  test("a pair is two registers of eight bytes", () => {
    const { memory } = only(sync, pagesOf(), access("stp", at(0), 8, { value: 7n }));
    expect(bytesAt(memory, 0, 16)).toEqual([7, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0]);
    expect(only(sync, memory, access("ldp", at(0))).result).toEqual({ kind: "value", value: 7n });
  });

  test("swp, ldadd and cas return what was there", () => {
    const { memory } = only(sync, pagesOf(), access("str", at(0), 4, { value: 0xfffffffen }));
    const added = only(sync, memory, access("ldadd", at(0), 4, { value: 3n }));
    expect(added.result).toEqual({ kind: "value", value: 0xfffffffen });
    expect(bytesAt(added.memory, 0, 5)).toEqual([1, 0, 0, 0, 0]);
    const swapped = only(sync, memory, access("swp", at(0), 4, { value: 9n }));
    expect(swapped.result).toEqual({ kind: "value", value: 0xfffffffen });
    expect(bytesAt(swapped.memory, 0, 4)).toEqual([9, 0, 0, 0]);
    const compare = { value: 5n, compare: 0xfffffffen };
    expect(bytesAt(only(sync, memory, access("cas", at(0), 4, compare)).memory, 0, 1)).toEqual([5]);
    const other = { value: 5n, compare: 1n };
    expect(only(sync, memory, access("cas", at(0), 4, other)).memory).toBe(memory);
  });
});

test("sizes are those that the instruction has", () => {
  for (const insn of ["ldr", "str"] as const)
    expect(kinds(run(sync, pagesOf(), access(insn, at(0), 3)))).toEqual(["unencodable"]);
  for (const insn of ["ldar", "stlr", "ldtr", "sttr", "swp", "ldadd"] as const)
    expect(kinds(run(sync, pagesOf(), access(insn, at(0), 16)))).toEqual(["unencodable"]);
});

describe("alignment comes first", () => {
  test("ordered accesses must be aligned, before anything else is looked at", () => {
    for (const insn of ["ldar", "stlr"] as const)
      for (const memory of [pagesOf([9]), pagesOf([], [])])
        expect(kinds(run(sync, memory, access(insn, at(4, 5))))).toEqual(["alignment"]);
  });

  test("exclusives and atomics may be misaligned within 16 bytes, and need not be let", () => {
    for (const insn of ["ldxr", "swp", "ldadd", "cas"] as const) {
      expect(kinds(run(sync, pagesOf(), access(insn, at(4))))).toEqual(["alignment", "value"]);
      expect(kinds(run(sync, pagesOf(), access(insn, at(12))))).toEqual(["alignment"]);
    }
  });

  test("plain accesses may lie anywhere", () => {
    for (const insn of ["ldr", "ldp", "ldtr"] as const)
      expect(kinds(run(sync, pagesOf(), access(insn, at(3))))).toEqual(["value"]);
  });
});

describe("translation and permission come before tags", () => {
  test("no page, or no right to it, whatever the tag", () => {
    const closed = pagesOf([9], [{ readable: false, writable: false }]);
    const readOnly = pagesOf([9], [{ writable: false }]);
    expect(kinds(run(sync, pagesOf([], []), access("ldr", at(0, 5))))).toEqual(["translation"]);
    expect(kinds(run(sync, closed, access("ldr", at(0, 5))))).toEqual(["permission"]);
    expect(kinds(run(sync, readOnly, access("str", at(0, 5))))).toEqual(["permission"]);
    expect(kinds(run(sync, readOnly, access("swp", at(0, 5))))).toEqual(["permission"]);
    expect(kinds(run(sync, readOnly, access("ldr", at(0, 9))))).toEqual(["value"]);
  });

  test("an access over two pages may meet the mismatch or the missing page", () => {
    const memory = pagesOf([...Array(255).fill(0), 9], [{}]);
    const crossing = access("ldr", at(4092, 0));
    expect(kinds(run(sync, memory, crossing)).toSorted()).toEqual(["tag-check", "translation"]);
    expect(kinds(run(sync, pagesOf([], [{}]), crossing))).toEqual(["translation"]);
  });

  test("the missing page is what is reported", () => {
    const [missing] = run(sync, pagesOf([], [{}]), access("ldr", at(4092)));
    expect(missing?.result).toMatchObject({
      fault: { address: { low: BigInt(0x10000 + 4096), high: BigInt(0x10000 + 4096) } },
    });
  });
});

test("a prefetch faults nowhere", () => {
  for (const insn of ["prfm", "prfm_st"] as const)
    for (const memory of [pagesOf([9]), pagesOf([], [])])
      expect(kinds(run(sync, memory, access(insn, at(0, 5))))).toEqual(["done"]);
});
