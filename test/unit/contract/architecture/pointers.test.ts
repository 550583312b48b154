/** GMI, ADDG, SUBG, SUBP, SUBPS. */
import { expect, test } from "vitest";
import type { PointerOperation } from "../../../../model/contract/architecture/operations.ts";
import { cpuOf, only, pagesOf } from "./cpu.ts";

const result = (operation: PointerOperation, change = {}) =>
  only(cpuOf(change), pagesOf(), operation).result;

const pointer = (top: bigint, address: bigint) => (top << 56n) | address;

test("GMI adds the bit of the tag to the mask, and looks at nothing else", () => {
  for (let tag = 0n; tag < 16n; tag += 1n)
    expect(result({ kind: "gmi", source: pointer(0xa0n | tag, 0x77n), mask: 0x10001n })).toEqual({
      kind: "value",
      value: 0x10001n | (1n << tag),
    });
});

test("ADDG and SUBG move the address and step the tag; bits 63:60 stay", () => {
  const addg = { kind: "addg", source: pointer(0xa3n, 0x1000n), offset: 48, tagOffset: 2 } as const;
  expect(result(addg)).toEqual({ kind: "pointer", pointer: pointer(0xa5n, 0x1030n) });
  expect(result({ ...addg, kind: "subg" })).toEqual({
    kind: "pointer",
    pointer: pointer(0xa5n, 0xfd0n),
  });
  expect(result(addg, { exclude: 0x0010 })).toEqual({
    kind: "pointer",
    pointer: pointer(0xa6n, 0x1030n),
  });
  expect(result(addg, { exclude: 0xffff })).toEqual({
    kind: "pointer",
    pointer: pointer(0xa0n, 0x1030n),
  });
});

test("tag offset 0 keeps the tag unless it is excluded itself", () => {
  const addg = { kind: "addg", source: pointer(0x03n, 0n), offset: 0, tagOffset: 0 } as const;
  expect(result(addg, { exclude: 0x0010 })).toMatchObject({ pointer: pointer(3n, 0n) });
  expect(result(addg, { exclude: 0x0008 })).toMatchObject({ pointer: pointer(4n, 0n) });
});

test("a carry out of the address reaches bits 63:60 only past the tag", () => {
  const addg = { kind: "addg", source: pointer(0x2fn, 2n ** 56n - 16n), offset: 16 } as const;
  expect(result({ ...addg, tagOffset: 0 })).toEqual({
    kind: "pointer",
    pointer: pointer(0x3fn, 0n),
  });
});

test("without tag access ADDG makes tag 0", () => {
  const addg = { kind: "addg", source: pointer(0x03n, 0n), offset: 16, tagOffset: 1 } as const;
  expect(result(addg, { tagAccess: false })).toEqual({ kind: "pointer", pointer: 16n });
});

test.each([
  [8, 0],
  [1024, 0],
  [-16, 0],
  [0, 16],
  [0, -1],
])("ADDG #%i, #%i has no encoding", (offset, tagOffset) => {
  expect(result({ kind: "addg", source: 0n, offset, tagOffset })).toEqual({ kind: "unencodable" });
  expect(result({ kind: "subg", source: 0n, offset, tagOffset })).toEqual({ kind: "unencodable" });
});

test("the largest operands have one", () => {
  expect(result({ kind: "addg", source: 0n, offset: 1008, tagOffset: 15 })).toEqual({
    kind: "pointer",
    pointer: pointer(0x0fn, 1008n),
  });
});

test("SUBP subtracts signed addresses of 56 bits and ignores the top byte", () => {
  const [left, right] = [pointer(0xf3n, 0x2000n), pointer(0x01n, 0x2010n)];
  expect(result({ kind: "subp", left, right })).toEqual({ kind: "value", value: 2n ** 64n - 16n });
  expect(result({ kind: "subp", left: right, right: left })).toMatchObject({ value: 16n });
  // Bit 55 is the sign.
  const low = pointer(0n, 2n ** 55n);
  expect(result({ kind: "subp", left: low, right: 0n })).toMatchObject({
    value: 2n ** 64n - 2n ** 55n,
  });
});

test.each([
  [0x2000n, 0x1000n, 0b0010],
  [0x1000n, 0x1000n, 0b0110],
  [0x1000n, 0x2000n, 0b1000],
  [2n ** 55n, 0x1000n, 0b1010],
])("SUBPS of %i and %i sets the flags", (left, right, nzcv) => {
  const tagged = { kind: "subps", left: pointer(0x70n, left), right } as const;
  expect(result(tagged)).toMatchObject({ kind: "difference", nzcv });
});
