/**
 * Address expressions: `name[+n|-n]...[@tag][!nibble]`, or a number. `@tag` replaces the logical
 * tag (bits 59:56), `!nibble` bits 63:60; whatever is not replaced comes from the name.
 */

/** `base`: a name that an earlier step binds, or the number itself. */
export type AddressExpression = {
  readonly base: string | bigint;
  readonly offset: bigint;
  readonly tag: bigint | null;
  readonly top: bigint | null;
};

export type Names = ReadonlyMap<string, bigint>;

const form =
  /^(?<base>[A-Za-z_]\w*|0[xX][\da-fA-F]+|\d+)(?<offsets>(?:[+-](?:0[xX][\da-fA-F]+|\d+))*)(?:@(?<tag>\d{1,2}))?(?:!(?<top>\d{1,2}))?$/;
const eachOffset = /([+-])(\w+)/g;
const tagShift = 56n;
const topShift = 60n;
const nibble = 0xfn;
const highestNibble = 15n;

const nibbleOf = (text: string | undefined): bigint | null | undefined => {
  if (text === undefined) return null;
  const value = BigInt(text);
  return value <= highestNibble ? value : undefined;
};

/** The expression, or undefined for text that is none. */
export const parseAddress = (text: string): AddressExpression | undefined => {
  const parts = form.exec(text)?.groups;
  const tag = nibbleOf(parts?.["tag"]);
  const top = nibbleOf(parts?.["top"]);
  if (!parts || tag === undefined || top === undefined) return undefined;
  const { base = "", offsets = "" } = parts;
  const offset = [...offsets.matchAll(eachOffset)].reduce(
    (sum, [, sign, size = "0"]) => (sign === "+" ? sum + BigInt(size) : sum - BigInt(size)),
    0n,
  );
  return { base: /^\d/.test(base) ? BigInt(base) : base, offset, tag, top };
};

const replaced = (address: bigint, shift: bigint, value: bigint | null): bigint =>
  value === null ? address : (address & ~(nibble << shift)) | (value << shift);

/** The 64-bit address, or undefined while its name is bound to nothing. */
export const addressIn = (expression: AddressExpression, names: Names): bigint | undefined => {
  const { base, offset, tag, top } = expression;
  const start = typeof base === "bigint" ? base : names.get(base);
  if (start === undefined) return undefined;
  const moved = BigInt.asUintN(64, start + offset);
  return replaced(replaced(moved, tagShift, tag), topShift, top);
};

const belowTopByte = (1n << tagShift) - 1n;

/** The address as fault reports compare it: without its top byte. */
export const withoutTopByte = (address: bigint): bigint => address & belowTopByte;
