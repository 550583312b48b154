/** What the messages of every vocabulary are made of: hello, numbers, lines of text, errors. */
import { z } from "zod";

export const protocolName = "mte-oracle/adapter";
export const protocolVersion = 1;

const longestLine = 400;
const mostNotes = 64;

export const id = z.int().min(1);

/** Text for people: one line of it. */
export const text = z
  .string()
  .max(longestLine)
  .regex(/^\P{C}*$/u);

export const message = <Type extends string, Fields extends z.ZodRawShape>(
  type: Type,
  fields: Fields,
) => z.strictObject({ type: z.literal(type), ...fields }).readonly();

/** What every hello begins with, on both sides. */
export const opening = {
  protocol: z.literal(protocolName),
  version: z.literal(protocolVersion),
};

/** What the adapter has to say about what the implementation did, for the story of a failure. */
export const notes = { notes: z.array(text).max(mostNotes).readonly().exactOptional() };

/** The reply to configure and reset. */
export const ready = message("ready", { id });

/**
 * `refused`: nobody may ask that now. `not-done`: it did not happen and changed nothing (definite).
 * `unknown`: it may have happened or not (indefinite).
 */
export const error = message("error", {
  id,
  error: z.enum(["refused", "not-done", "unknown"]),
  message: text.default(""),
  ...notes,
});
