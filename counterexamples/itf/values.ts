/**
 * Values of the Informal Trace Format (ADR-015 of Apalache): every integer is written as a string
 * of digits, a record has no field that begins with `#`, and one with exactly the fields `tag` and
 * `value` is a variant. Sets, maps with other keys than strings, and tuples do not occur in ours.
 */
import { z } from "zod";

export type ItfValue =
  | boolean
  | string
  | { readonly "#bigint": string }
  | { readonly "#map": readonly (readonly [string, ItfValue])[] }
  | { readonly "#tup": readonly ItfValue[] }
  | { readonly tag: string; readonly value: ItfValue }
  | readonly ItfValue[]
  | { readonly [field: string]: ItfValue };

/** What has an image among ITF values: no fractions, nothing absent. */
export type Plain =
  | boolean
  | string
  | number
  | readonly Plain[]
  | { readonly [field: string]: Plain };

export const none: ItfValue = { tag: "None", value: { "#tup": [] } };
export const some = (value: ItfValue): ItfValue => ({ tag: "Some", value });

const isList = (plain: Plain): plain is readonly Plain[] => Array.isArray(plain);

/** @throws RangeError for a number that is no integer: none of ours is */
export const itfOf = (plain: Plain): ItfValue => {
  if (typeof plain === "boolean" || typeof plain === "string") return plain;
  if (typeof plain === "number") return { "#bigint": BigInt(plain).toString() };
  if (isList(plain)) return plain.map(itfOf);
  return Object.fromEntries(Object.entries(plain).map(([field, value]) => [field, itfOf(value)]));
};

/** An integer, also as older files write it. */
const itfInteger = z.union([
  z
    .strictObject({ "#bigint": z.string().regex(/^-?[0-9]{1,12}$/) })
    .transform((value) => Number(value["#bigint"])),
  z.int(),
]);

const itfPlain: z.ZodType<Plain> = z.lazy(() =>
  z.union([z.boolean(), z.string(), itfInteger, z.array(itfPlain), z.record(z.string(), itfPlain)]),
);

/** An option as Quint writes it; null for none. */
const itfOption = <T>(inner: z.ZodType<T>) =>
  z.union([
    z.object({ tag: z.literal("None") }).transform(() => null),
    z.strictObject({ tag: z.literal("Some"), value: inner }).transform(({ value }) => value),
  ]);

export const optionalPlain = itfOption(itfPlain);
export const optionalText = itfOption(z.string());
export const optionalInteger = itfOption(itfInteger);
