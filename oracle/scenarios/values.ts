/** What a field of a row may hold. A wrong value is told as "expected ..., found ...". */
import { z } from "zod";
import { type AddressExpression, parseAddress } from "./address.ts";

const numeral = /^-?(?:0[xX][\da-fA-F]+|\d+)$/;
/** 128 bits, in either notation. */
const mostDigits = 40;

/** The number that JSON or a string such as `0x1f` writes. */
export const numberIn = (value: unknown): bigint | undefined => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  if (typeof value !== "string" || value.length > mostDigits || !numeral.test(value))
    return undefined;
  return value.startsWith("-") ? -BigInt(value.slice(1)) : BigInt(value);
};

/** A schema from a function that understands a value or does not. */
export const understood = <T>(expected: string, understand: (value: unknown) => T | undefined) =>
  z
    .unknown()
    .meta({ description: expected })
    .transform((value, context): T => {
      const understoodAs = understand(value);
      if (understoodAs !== undefined) return understoodAs;
      context.issues.push({ code: "custom", message: expected, input: value });
      return z.NEVER;
    });

/** A 64-bit number: registers, addresses of system calls, masks. */
export const number = understood('a whole number, or a string such as "0x1f"', numberIn);

/** How many, or how far into something: bytes, granules, pages, page frame numbers. */
export const count = understood("a whole number, 0 or more, below 2^53", (value) => {
  const read = numberIn(value);
  return read !== undefined && read >= 0n && read <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(read)
    : undefined;
});

export const tag = understood("a tag, 0 to 15", (value) => {
  const read = numberIn(value);
  return read !== undefined && read >= 0n && read <= 15n ? Number(read) : undefined;
});

export const byte = understood("a byte, 0 to 255", (value) => {
  const read = numberIn(value);
  return read !== undefined && read >= 0n && read <= 255n ? Number(read) : undefined;
});

/** Off and on are written 0 and 1, as numbers or strings, or as false and true. */
export const flagIn = (value: unknown): boolean | undefined => {
  if (typeof value === "boolean") return value;
  const read = numberIn(value);
  return read === 0n ? false : read === 1n ? true : undefined;
};

export const flag = understood("0 or 1", flagIn);

export const address = understood<AddressExpression>(
  'an address: "name+n@tag!nibble" or a number',
  (value) => {
    const parsed = typeof value === "string" ? parseAddress(value) : undefined;
    if (parsed) return parsed;
    const read = numberIn(value);
    return read === undefined
      ? undefined
      : { base: BigInt.asUintN(64, read), offset: 0n, tag: null, top: null };
  },
);

const digits = /^[\da-fA-F]*$/;

/** Bytes in memory order, two digits each. */
export const bytes = understood("bytes, two hex digits each", (value) =>
  typeof value === "string" && digits.test(value) && value.length % 2 === 0
    ? value.toLowerCase()
    : undefined,
);

/** One hex digit a granule. */
export const tagDigits = understood("tags, one hex digit each", (value) =>
  typeof value === "string" && digits.test(value)
    ? [...value].map((digit) => Number.parseInt(digit, 16))
    : undefined,
);

/** A name that a step binds or that stands for a process, a file, a pool. */
export const name = understood("a name of letters, digits and _", (value) =>
  typeof value === "string" && /^[A-Za-z_][\w]*$/.test(value) ? value : undefined,
);

/** An object of a file system: an inode number, or a name for one. */
export const objectKey = understood("a name or a number", (value) =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined,
);

/** Protection letters: read, write, execute, and m for PROT_MTE. */
export const protection = understood("letters out of r w x m, each once", (value) =>
  typeof value === "string" && /^(?!.*(.).*\1)[rwxm]*$/.test(value)
    ? {
        read: value.includes("r"),
        write: value.includes("w"),
        execute: value.includes("x"),
        tagged: value.includes("m"),
      }
    : undefined,
);
