/** The register language of litmus rows, their initial state, and their final conditions. */
import { z } from "zod";
import { conditionNames } from "../../../model/index.ts";
import { name, number, tag } from "../values.ts";

const register = z
  .string()
  .regex(/^(?:[rRxXwW]\d{1,2}|ZR|XZR|WZR)$/)
  .transform((text) => (text.endsWith("ZR") ? "ZR" : text.toLowerCase()));

/** Orders and barriers change nothing under plain interleaving; they are kept out of the way. */
const order = z.string().optional();

const place = { addr: register, index: register.optional(), offset: number.optional(), order };

const instruction = <Op extends string, Fields extends z.core.$ZodShape>(op: Op, fields: Fields) =>
  z.strictObject({ op: z.literal(op), proc: name, ...fields });

const conditionName = z
  .string()
  .transform((text) => text.toUpperCase())
  .pipe(z.enum(conditionNames));

const arithmetic = <Op extends string>(op: Op) =>
  instruction(op, {
    dst: register,
    a: register,
    b: register.optional(),
    imm: number.optional(),
  });

const litmusSteps = [
  instruction("label", { name }),
  instruction("mov", { dst: register, src: register.optional(), imm: number.optional() }),
  arithmetic("eor"),
  arithmetic("and"),
  arithmetic("orr"),
  arithmetic("add"),
  arithmetic("sub"),
  instruction("cmp", { a: register, b: register.optional(), imm: number.optional() }),
  instruction("csel", { dst: register, a: register, b: register, cc: conditionName }),
  instruction("b", { to: name, cc: conditionName.optional() }),
  instruction("cbz", { a: register, to: name }),
  instruction("cbnz", { a: register, to: name }),
  instruction("ldr", { dst: register, ...place }),
  instruction("str", { src: register.optional(), imm: number.optional(), ...place }),
  instruction("swp", { dst: register.default("ZR"), src: register, ...place }),
  instruction("cas", {
    src: register,
    dst: register.optional(),
    cmp: register.optional(),
    ...place,
  }),
  instruction("ldeor", { dst: register.default("ZR"), src: register, ...place }),
  instruction("ldadd", { dst: register.default("ZR"), src: register, ...place }),
  instruction("ldg", { dst: register, ...place }),
  instruction("stg", { src: register, ...place }),
  instruction("stzg", { src: register, ...place }),
  instruction("barrier", { kind: z.string().optional() }),
] as const;

export const litmusStepSchema = z.discriminatedUnion("op", litmusSteps);
export const litmusOps: ReadonlySet<string> = new Set(
  litmusSteps.flatMap(({ shape }) => [...shape.op.values]),
);

export type LitmusStep = z.infer<typeof litmusStepSchema>;

/** Without a location: nothing but a tag, as LDG puts it into a register of zeroes. */
const pointer = z.strictObject({ ptr: name.nullish(), tag: tag.default(0) });
const content = z.union([pointer, number]);
export type Content = z.infer<typeof content>;

/** Orders of registers: `r0` to `r30`, as threads name them. */
const registers = z.record(register, content);

export const initialSchema = z.strictObject({
  mode: z.enum(["none", "sync", "async", "asymm"]),
  mem: z.record(name, content).default({}),
  tags: z.record(name, tag).default({}),
  regs: z.record(name, registers).default({}),
});

export type Initial = z.infer<typeof initialSchema>;

export type Condition =
  | { readonly and: readonly Condition[] }
  | { readonly or: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly reg: string; readonly proc: string; readonly eq: Content }
  | { readonly mem: string; readonly eq: Content }
  | { readonly tag: string; readonly eq: number }
  | {
      readonly fault: string;
      readonly label?: string | undefined;
      readonly loc?: string | undefined;
    };

const condition: z.ZodType<Condition> = z.lazy(() =>
  z.union([
    z.strictObject({ and: z.array(condition) }),
    z.strictObject({ or: z.array(condition) }),
    z.strictObject({ not: condition }),
    z.strictObject({ reg: register, proc: name, eq: content }),
    z.strictObject({ mem: name, eq: content }),
    z.strictObject({ tag: name, eq: tag }),
    z.strictObject({ fault: name, label: name.optional(), loc: name.optional() }),
  ]),
);

export const finalSchema = z.strictObject({
  quantifier: z.enum(["exists", "not exists", "~exists", "forall"]),
  cond: condition,
  verdict: z.enum(["allowed", "forbidden", "required"]),
  scReachable: z.boolean(),
  scAlways: z.boolean(),
});

export type Final = z.infer<typeof finalSchema>;
