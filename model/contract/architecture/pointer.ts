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

/** Virtual addresses have at most 52 bits (FEAT_LVA): nothing from here on is translated. */
export const translatedEnd = 2 ** 52;
const translatedBits = 52n;

/** Bits 55:0 as they are. */
const wholeAddress = (pointer: Pointer): bigint => BigInt.asUintN(Number(addressBits), pointer);

/**
 * Bits 55:0, what is translated. Beyond {@link translatedEnd} numbers would not be exact, and the
 * upper half belongs to the kernel: every such address has a stand-in there, with the same bits
 * 51:0, that no page is at. {@link truePlace} leads back.
 */
export const addressOf = (pointer: Pointer): number => {
  const address = wholeAddress(pointer);
  const low = BigInt.asUintN(Number(translatedBits), address);
  return address === low ? Number(address) : translatedEnd + Number(low);
};

/** The address that a stand-in is for, when `pointers` were used; any other is what it says. */
export const truePlace = (address: bigint, pointers: readonly Pointer[]): bigint => {
  if (address < BigInt(translatedEnd)) return address;
  const used = pointers.map(wholeAddress).find((place) => place >> translatedBits !== 0n);
  const low = BigInt.asUintN(Number(translatedBits), address);
  return used === undefined ? address : ((used >> translatedBits) << translatedBits) | low;
};

export const pageOf = (address: number): number => Math.floor(address / pageBytes);
export const offsetInPage = (address: number): number => address % pageBytes;
export const alignDown = (address: number, size: number): number => address - (address % size);
