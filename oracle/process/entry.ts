/**
 * The log of a program on a kernel: a head that names the machine, then one entry for each line: a
 * step with what was seen of it, the beginning of another history, or a gap.
 */
import { z } from "zod";
import type { Attempt } from "../../model/index.ts";
import { type LogPlace, readLine } from "../log/index.ts";
import { machineFields } from "./machine.ts";
import { type Observed, observedSchema } from "./observed.ts";
import { type ProcessStep, processStepSchema } from "./step.ts";

export const vocabularyName = "process";

const headSchema = z.strictObject({
  log: z.literal("mte-oracle"),
  version: z.literal(1),
  vocabulary: z.literal(vocabularyName),
  ...machineFields,
});

export type ProcessHead = z.infer<typeof headSchema>;

const eventSchema = z.strictObject({
  operation: processStepSchema,
  /** Left out: it ended, nobody saw how. `unknown`: it may not have happened at all. */
  outcome: z.union([observedSchema, z.literal("unknown")]).optional(),
});
const gapSchema = z.strictObject({ gap: z.strictObject({ events: z.int().min(0).optional() }) });
const beginSchema = z.strictObject({ begin: z.strictObject({}) });

/** A line as it was written, for whoever has to be told of it. */
export type WrittenEvent = { readonly operation: Readonly<Record<string, unknown>> };

export type ProcessEntry =
  | {
      readonly kind: "step";
      readonly step: ProcessStep;
      /** `unknown`: it may not have happened. */
      readonly saw: Observed | "unknown";
      readonly written: WrittenEvent;
    }
  /** Entries were lost: nothing is known until the next beginning. */
  | { readonly kind: "gap" }
  /** A new process on the same machine; nothing is left of those before. */
  | { readonly kind: "begin" };

export const readProcessHead = (text: string, place: LogPlace): Attempt<ProcessHead> => {
  const read = readLine(headSchema, text, place);
  return read.ok ? { ok: true, value: read.value.parsed } : read;
};

const isWritten = (value: unknown): value is WrittenEvent =>
  typeof value === "object" && value !== null && "operation" in value;

export const readProcessEntry = (text: string, place: LogPlace): Attempt<ProcessEntry> => {
  const shape = /^\s*\{\s*"(\w+)"/.exec(text)?.[1];
  if (shape === "gap" || shape === "begin") {
    const read =
      shape === "gap" ? readLine(gapSchema, text, place) : readLine(beginSchema, text, place);
    return read.ok ? { ok: true, value: { kind: shape } } : read;
  }
  const read = readLine(eventSchema, text, place);
  if (!read.ok) return read;
  const { parsed, json } = read.value;
  const written = isWritten(json) ? json : { operation: {} };
  const { operation: step, outcome: saw = {} } = parsed;
  return { ok: true, value: { kind: "step", step, saw, written } };
};
