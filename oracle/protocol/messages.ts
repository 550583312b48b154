/**
 * The messages between this program and an adapter: one JSON object on each line. We write requests
 * to its stdin, it writes one reply for each of them to its stdout, in their order; its stderr is
 * its own. `docs/protocol.md` says what each message means, `docs/protocol.schema.json` is written
 * from here.
 */
import { z } from "zod";
import { operationSchema } from "../../model/index.ts";
import { capabilitiesSchema, limitsSchema } from "./capabilities.ts";
import { observationSchema } from "./observation.ts";

export const protocolName = "mte-oracle/adapter";
export const protocolVersion = 1;

const longestLine = 400;
const mostNotes = 64;

const id = z.int().min(1);
/** Text for people: one line of it. */
const text = z
  .string()
  .max(longestLine)
  .regex(/^\P{C}*$/u);

const message = <Type extends string, Fields extends z.ZodRawShape>(type: Type, fields: Fields) =>
  z.strictObject({ type: z.literal(type), ...fields }).readonly();

const opening = { protocol: z.literal(protocolName), version: z.literal(protocolVersion) };

export const requestSchema = z.discriminatedUnion("type", [
  message("hello", opening),
  /** Begin anew with this much of everything. */
  message("configure", { id, limits: limitsSchema }),
  message("operation", { id, operation: operationSchema }),
  /** Begin anew with as much as before. */
  message("reset", { id }),
  /** The last one: end with exit code 0. It has no reply. */
  message("bye", {}),
]);

/** What the adapter has to say about what the implementation did, for the story of a failure. */
const notes = { notes: z.array(text).max(mostNotes).readonly().exactOptional() };

export const replySchema = z.discriminatedUnion("type", [
  message("hello", { ...opening, name: text.min(1), capabilities: capabilitiesSchema }),
  /** To configure and reset. */
  message("ready", { id }),
  /** `stored`: of a put, whether the cache keeps the page; left out, nobody knows. */
  message("outcome", {
    id,
    outcome: observationSchema,
    stored: z.boolean().exactOptional(),
    ...notes,
  }),
  /**
   * `refused`: nobody may ask that now. `not-done`: it did not happen and changed nothing (definite).
   * `unknown`: it may have happened or not (indefinite).
   */
  message("error", {
    id,
    error: z.enum(["refused", "not-done", "unknown"]),
    message: text.default(""),
    ...notes,
  }),
]);

export type Request = z.infer<typeof requestSchema>;
export type Reply = z.infer<typeof replySchema>;
export type HelloReply = Extract<Reply, { readonly type: "hello" }>;
/** What came of one operation. */
export type Answer = Extract<Reply, { readonly type: "outcome" | "error" }>;
