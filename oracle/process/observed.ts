/**
 * What somebody saw of the end of a step: the observables of scenarios, as many of them as were
 * looked at. What is left out may be anything; what is there has to be so.
 */
import { z } from "zod";
import { type Observable, observables } from "../scenarios/observation.ts";
import { byte, flag, number, understood } from "../scenarios/values.ts";

const longestText = 2 ** 16;

/** Hex digits in memory order; `?` stands for one that nobody looked at. */
const digits = understood('hexadecimal digits, "?" where nobody looked', (value) =>
  typeof value === "string" && value.length <= longestText && /^[\da-fA-F?]*$/.test(value)
    ? value.toLowerCase()
    : undefined,
);

const errorName = understood('the name of an error, such as "EFAULT"', (value) =>
  typeof value === "string" && /^E[A-Z\d]{1,20}$/.test(value) ? value : undefined,
);

const bit = flag.transform((set) => BigInt(set));

const faultCodes = [
  "SEGV_MTESERR",
  "SEGV_ACCERR",
  "SEGV_MAPERR",
  "BUS_ADRALN",
  "BUS_ADRERR",
  "SIGILL",
] as const;

/** What a program on a kernel can observe, of all that scenarios know. */
const valueSchemas = {
  ret: number.optional(),
  val: number.optional(),
  count: number.optional(),
  copied: number.optional(),
  n: number.optional(),
  tag: number.optional(),
  top: number.optional(),
  seen: number.optional(),
  inside: number.optional(),
  after: number.optional(),
  nzcv: number.optional(),
  tags: digits.optional(),
  data: digits.optional(),
  bytes: digits.optional(),
  filesz: number.optional(),
  memsz: number.optional(),
  killed: number.optional(),
  exited: number.optional(),
  swapped: bit.optional(),
  present: bit.optional(),
  moved: bit.optional(),
  merged: bit.optional(),
  same: bit.optional(),
  thp: bit.optional(),
  mt: bit.optional(),
  unencodable: bit.optional(),
} as const satisfies Partial<Record<Observable, z.ZodType>>;

export const observedSchema = z.strictObject({
  /** 1: no error, no fault, and it did not wait. */
  ok: flag.optional(),
  errno: errorName.optional(),
  fault: z.enum(faultCodes).optional(),
  /** si_addr; its top byte is not looked at. */
  addr: number.optional(),
  /** The top byte of si_addr. */
  addrTop: byte.optional(),
  /** A SEGV_MTEAERR was delivered when the step entered the kernel. */
  async: flag.optional(),
  /** The pointer that came back, all 64 bits of it. */
  pointer: number.optional(),
  blocked: flag.optional(),
  ...valueSchemas,
});

export type Observed = z.infer<typeof observedSchema>;

const isObservable = (name: string): name is Observable => name in observables;

/** The values that were seen, by the names of observables. */
export const valuesSeen = (saw: Observed): readonly (readonly [Observable, bigint | string])[] =>
  Object.entries(saw).flatMap(([name, value]) =>
    isObservable(name) && (typeof value === "bigint" || typeof value === "string")
      ? [[name, value] as const]
      : [],
  );
