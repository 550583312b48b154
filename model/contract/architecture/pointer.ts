/** Pointers: 64 bits, of which 59:56 are the logical tag and 63:56 are ignored by translation. */
import type { Pointer, Tag } from "./operations.ts";

/** Bytes of a granule, the unit that has one allocation tag. */
export const granule = 16;
export const pageBytes = 4096;
export const granulesPerPage = pageBytes / granule;

const tagShift = 56n;
const topShift = 56n;
const addressBits = 56n;
const registerBits = 64n;

export const toRegister = (value: bigint): bigint => BigInt.asUintN(64, value);

export const tagOf = (pointer: Pointer): Tag => Number((pointer >> tagShift) & 0xfn);

export const withTag = (pointer: Pointer, tag: Tag): Pointer =>
  toRegister((pointer & ~(0xfn << tagShift)) | (BigInt(tag) << tagShift));

/** Bits 63:56. */
export const topByteOf = (pointer: Pointer): number =>
  Number(BigInt.asUintN(Number(registerBits), pointer) >> topShift);

/** Bits 55:0, what is translated. */
export const addressOf = (pointer: Pointer): number =>
  Number(BigInt.asUintN(Number(addressBits), pointer));

export const pageOf = (address: number): number => Math.floor(address / pageBytes);
export const offsetInPage = (address: number): number => address % pageBytes;
export const alignDown = (address: number, size: number): number => address - (address % size);
