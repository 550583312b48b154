/**
 * The messages between this program and an adapter: one JSON object on each line. We write requests
 * to its stdin, it writes one reply for each of them to its stdout, in their order; its stderr is
 * its own. `docs/protocol.md` says what each message means, `docs/protocol.schema.json` is written
 * from here.
 */
import { z } from "zod";
import { operationSchema } from "../../model/index.ts";
import { capabilitiesSchema, limitsSchema } from "./capabilities.ts";
import { error, id, message, notes, opening, ready, text } from "./forms.ts";
import { observationSchema } from "./observation.ts";

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

export const replySchema = z.discriminatedUnion("type", [
  message("hello", { ...opening, name: text.min(1), capabilities: capabilitiesSchema }),
  ready,
  /** `stored`: of a put, whether the cache keeps the page; left out, nobody knows. */
  message("outcome", {
    id,
    outcome: observationSchema,
    stored: z.boolean().exactOptional(),
    ...notes,
  }),
  error,
]);

export type Request = z.infer<typeof requestSchema>;
export type Reply = z.infer<typeof replySchema>;
export type HelloReply = Extract<Reply, { readonly type: "hello" }>;
/** What came of one operation. */
export type Answer = Extract<Reply, { readonly type: "outcome" | "error" }>;
