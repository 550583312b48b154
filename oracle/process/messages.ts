/**
 * Messages of an adapter that speaks of programs on a kernel. They are those of `oracle/protocol`
 * with other operations and outcomes; nothing has to be configured, only to begin anew.
 */
import { z } from "zod";
import {
  mistakeIn,
  parsedJson,
  protocolName,
  protocolSchemaOf,
  protocolVersion,
  type ReadReply,
} from "../protocol/index.ts";
import { processCapabilitiesSchema } from "./capabilities.ts";
import { vocabularyName } from "./entry.ts";
import { observedSchema } from "./observed.ts";
import { processStepSchema } from "./step.ts";

const longestLine = 400;
const mostNotes = 64;

const id = z.int().min(1);
/** Text for people: one line of it. */
const text = z
  .string()
  .max(longestLine)
  .regex(/^\P{C}*$/u);
const notes = { notes: z.array(text).max(mostNotes).readonly().exactOptional() };

const message = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.strictObject({ type: z.literal(type), ...fields }).readonly();

/** Kept as it was written, so that a file can keep it too; it has to be an observation. */
export const writtenOutcomeSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .superRefine((value, context) => {
    const parsed = observedSchema.safeParse(value);
    for (const issue of parsed.error?.issues ?? []) context.addIssue({ ...issue });
  });

/** Replies, with one of the two ways to read an outcome. */
const repliesWith = <Outcome extends z.ZodType>(outcome: Outcome) =>
  z.discriminatedUnion("type", [
    message("hello", {
      protocol: z.literal(protocolName),
      version: z.literal(protocolVersion),
      vocabulary: z.literal(vocabularyName),
      name: text.min(1),
      capabilities: processCapabilitiesSchema,
    }),
    message("ready", { id }),
    message("outcome", { id, outcome, ...notes }),
    message("error", {
      id,
      error: z.enum(["refused", "not-done", "unknown"]),
      message: text.default(""),
      ...notes,
    }),
  ]);

const replySchema = repliesWith(writtenOutcomeSchema);

type ProcessReply = z.infer<typeof replySchema>;
export type ProcessAnswer = Extract<ProcessReply, { readonly type: "outcome" | "error" }>;

export const readProcessReply = (line: string): ReadReply<ProcessReply> => {
  const parsed = replySchema.safeParse(parsedJson(line));
  return parsed.success ? { kind: "reply", reply: parsed.data } : mistakeIn(replySchema, line);
};

/** What we write; `reset` begins with one process that has asked for nothing. */
export const processRequestSchema = z.discriminatedUnion("type", [
  message("hello", { protocol: z.literal(protocolName), version: z.literal(protocolVersion) }),
  message("reset", { id }),
  message("operation", { id, operation: processStepSchema }),
  message("bye", {}),
]);

/** For whoever checks his messages by a schema: draft 2020-12, requests and replies. */
export const processProtocolAsJsonSchema = (): Record<string, unknown> =>
  protocolSchemaOf(
    `${protocolName}, version ${protocolVersion}, vocabulary ${vocabularyName}: one line of it`,
    processRequestSchema,
    repliesWith(observedSchema),
  );
