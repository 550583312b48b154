/**
 * What an adapter saw of an operation: an outcome in the form that logs have too, in which it may
 * leave out what it did not look at. But the handle, slot or value that was asked for has to be
 * told: a conversation cannot go on without. A reading is one way to fill in the rest.
 */
import { z } from "zod";
import type { Outcome, Seen } from "../../model/index.ts";
import { highestTag } from "../../model/index.ts";
import { type ObservedSeen, observedSeenSchema } from "../log/index.ts";

const mostNumber = 2 ** 32 - 1;
/** No answer is about more pages than this, and no page has more granules. */
const longestList = 4096;

const natural = z.int().min(0).max(mostNumber);
const contents = z.int().min(0);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(longestList).readonly();
const one = <Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, fields: Fields) =>
  z.strictObject({ kind: z.literal(kind), ...fields }).readonly();

export const observationSchema = z.discriminatedUnion("kind", [
  one("done", {}),
  one("pages", { handles: list(natural), seen: list(observedSeenSchema).exactOptional() }),
  one("page", { handle: natural, seen: observedSeenSchema.exactOptional() }),
  one("no-memory", {}),
  one("tag", { tag: z.int().min(0).max(highestTag) }),
  one("bytes", { bytes: contents }),
  one("swapped", { slots: list(natural) }),
  one("save-failed", { entriesLeft: natural.exactOptional() }),
  one("hit", { bytes: contents }),
  one("miss", { touched: z.boolean().exactOptional() }),
  one("slot", { freed: z.boolean().exactOptional() }),
  one("failed", {}),
]);

export type Observation = z.infer<typeof observationSchema>;

const hexadecimal = 16;

const seenIn = ({ tagged, tags, bytes }: ObservedSeen = {}): Seen => ({
  ...(tagged !== undefined && { tagged }),
  ...(tags !== undefined && {
    tags:
      typeof tags === "string"
        ? Array.from(tags, (digit) => Number.parseInt(digit, hexadecimal))
        : tags,
  }),
  ...(bytes !== undefined && { bytes }),
});

/** Every outcome that may have been, given what was seen of it; the most harmless one first. */
export const readingsOf = (observation: Observation): readonly Outcome[] => {
  switch (observation.kind) {
    case "pages": {
      const { handles, seen = [] } = observation;
      return [{ kind: "pages", handles, seen: seen.map(seenIn) }];
    }
    case "page":
      return [{ kind: "page", handle: observation.handle, seen: seenIn(observation.seen) }];
    case "save-failed":
      return [{ kind: "save-failed", entriesLeft: observation.entriesLeft ?? 0 }];
    case "miss":
      return [{ kind: "miss", touched: observation.touched ?? false }];
    case "slot": {
      const ways = observation.freed === undefined ? [false, true] : [observation.freed];
      return ways.map((freed) => ({ kind: "slot", freed }));
    }
    default:
      return [observation];
  }
};
