/**
 * The types of `event.ts` as schemas. Operations and choices are those of the contract; an outcome
 * may lack every field but its kind. A test proves the inferred types equal to the written ones.
 */
import { z } from "zod";
import { choiceSchema, highestTag, operationSchema } from "../../model/index.ts";

const mostNumber = 2 ** 32 - 1;
/** Pages of one operation, and granules of one page: 64 KiB pages have 4096. */
const longestList = 2 ** 20;
const mostGranules = 2 ** 16;
/** Keys of the cache are numbered one after the other. */
const mostFilePages = 2 ** 48;

const natural = z.int().min(0).max(mostNumber);
const bytes = z.int().min(0);
const tag = z.int().min(0).max(highestTag);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(longestList).readonly();

/** Exactly one kind, and of its fields those that were seen. */
const one = <Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, fields: Fields) =>
  z.strictObject({ kind: z.literal(kind), ...fields }).readonly();

const digits = z
  .string()
  .max(mostGranules)
  .regex(/^[0-9a-f]*$/, { error: "expected hexadecimal digits, one for each granule" });

export const observedSeenSchema = z
  .strictObject({
    tagged: z.boolean().exactOptional(),
    tags: z.union([z.array(tag).max(mostGranules).readonly(), digits]).exactOptional(),
    bytes: bytes.exactOptional(),
  })
  .readonly();

export const observedOutcomeSchema = z.discriminatedUnion("kind", [
  one("done", {}),
  one("pages", {
    handles: list(natural).exactOptional(),
    seen: list(observedSeenSchema).exactOptional(),
  }),
  one("page", { handle: natural.exactOptional(), seen: observedSeenSchema.exactOptional() }),
  one("no-memory", {}),
  one("tag", { tag: tag.exactOptional() }),
  one("bytes", { bytes: bytes.exactOptional() }),
  one("swapped", { slots: list(natural).exactOptional() }),
  one("save-failed", { entriesLeft: natural.exactOptional() }),
  one("hit", { bytes: bytes.exactOptional() }),
  one("miss", { touched: z.boolean().exactOptional() }),
  one("slot", { freed: z.boolean().exactOptional() }),
  one("failed", {}),
]);

/** Milliseconds, nanoseconds or ticks: any clock that all threads share. */
const time = z.number().min(0);

export const logEventSchema = z
  .strictObject({
    operation: operationSchema,
    choice: choiceSchema.exactOptional(),
    outcome: z.union([observedOutcomeSchema, z.literal("unknown")]).exactOptional(),
    thread: z.union([natural, z.string().max(64)]).exactOptional(),
    call: time.exactOptional(),
    return: time.exactOptional(),
  })
  .readonly();

export const logGapSchema = z
  .strictObject({
    gap: z
      .strictObject({
        events: natural.exactOptional(),
        pages: list(natural).exactOptional(),
        slots: list(natural).exactOptional(),
      })
      .readonly(),
  })
  .readonly();

export const limitsSchema = z
  .strictObject({
    granulesPerPage: z.int().min(1).max(mostGranules),
    handles: natural,
    taggablePages: natural,
    slots: natural,
    files: natural,
    pagesPerFile: natural,
    getForm: z.enum(["consuming", "keeping"]),
  })
  .readonly()
  .refine(({ files, pagesPerFile }) => files * pagesPerFile <= mostFilePages, {
    error: `at most ${mostFilePages} pages in all files`,
    path: ["pagesPerFile"],
  });

export const logHeadSchema = z
  .strictObject({
    log: z.literal("mte-oracle"),
    version: z.literal(1),
    limits: limitsSchema,
    start: z.enum(["boot", "unknown"]).exactOptional(),
    inFlight: natural.exactOptional(),
  })
  .readonly();
