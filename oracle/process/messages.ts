/**
 * Messages of an adapter that speaks of programs on a kernel. They are those of `oracle/protocol`
 * with other operations and outcomes; nothing has to be configured, only to begin anew.
 */
import { z } from "zod";
import { error, id, message, notes, opening, ready, text } from "../protocol/forms.ts";
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
      ...opening,
      vocabulary: z.literal(vocabularyName),
      name: text.min(1),
      capabilities: processCapabilitiesSchema,
    }),
    ready,
    message("outcome", { id, outcome, ...notes }),
    error,
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
  message("hello", opening),
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
