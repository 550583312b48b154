/** A row as it is after reading: a scenario of steps, or a litmus test. */
import { z } from "zod";
import type { Expectation } from "./expectation.ts";
import type { LitmusRow } from "./litmus-row.ts";
import { cleancacheSteps } from "./steps/cleancache.ts";
import { cpuSteps } from "./steps/cpu.ts";
import { kernelSteps } from "./steps/kernel.ts";
import { storageSteps } from "./steps/storage.ts";
import { count } from "./values.ts";

export const stepSchema = z.discriminatedUnion("op", [
  ...cpuSteps,
  ...kernelSteps,
  ...storageSteps,
  ...cleancacheSteps,
]);

export type CpuStep = z.infer<(typeof cpuSteps)[number]>;
export type KernelStep = z.infer<(typeof kernelSteps)[number]>;
export type StorageStep = z.infer<(typeof storageSteps)[number]>;
export type CleancacheStep = z.infer<(typeof cleancacheSteps)[number]>;
export type Step = CpuStep | KernelStep | StorageStep | CleancacheStep;

const opsOf = (
  schemas: readonly { readonly shape: { readonly op: z.ZodLiteral<string> } }[],
): ReadonlySet<string> => new Set(schemas.flatMap(({ shape }) => [...shape.op.values]));

/** The operations that there are, by the room that answers them. */
export const cpuOps = opsOf(cpuSteps);
export const storageOps = opsOf(storageSteps);
export const cleancacheOps = opsOf(cleancacheSteps);
export const knownOps: ReadonlySet<string> = new Set([
  ...cpuOps,
  ...opsOf(kernelSteps),
  ...storageOps,
  ...cleancacheOps,
]);

/** What every row has, whatever its steps are. Names here are the format's. */
export const envelopeSchema = z.strictObject({
  id: z.string().min(1).max(200),
  // What a reader wants to know; nothing is decided by it.
  source: z.unknown().optional(),
  note: z.unknown().optional(),
  kind: z.unknown().optional(),
  provenance: z.unknown().optional(),
  verified: z.unknown().optional(),
  weak: z.unknown().optional(),
  allowedSet: z.unknown().optional(),
  // What the row runs on.
  cpu: z.enum(["mte3", "store-only"]).optional(),
  linux: z.string().optional(),
  el: z.literal([0, 1]).default(0),
  blockSize: count.default(64),
  litmus: z.record(z.string(), z.unknown()).optional(),
  steps: z.array(z.record(z.string(), z.unknown())).min(1),
  expect: z.array(z.record(z.string(), z.unknown())).min(1),
});

export type Envelope = z.infer<typeof envelopeSchema>;

/** Steps with what is expected of each. */
export type StepsRow = {
  readonly steps: readonly Step[];
  readonly expectations: readonly Expectation[];
  /** The expectations as they were written, for the words about a difference. */
  readonly written: readonly Readonly<Record<string, unknown>>[];
};

export type Body =
  | ({ readonly kind: "steps" } & StepsRow)
  | ({ readonly kind: "litmus" } & LitmusRow);

export type Row = {
  readonly file: string;
  readonly line: number;
  readonly envelope: Envelope;
  readonly body: Body;
};
