/**
 * The three unions of `operations.ts` as schemas, for traces and counterexamples read from files.
 * A test proves the inferred types equal to the hand-written ones. Bounds here are those of the
 * format; whether a handle or a slot exists is for the contract to say.
 */
import { z } from "zod";
import { highestTag } from "./state.ts";

const mostNumber = 2 ** 32 - 1;
/** Far above the largest order of any kernel, and small enough for a list of the pages. */
const highestOrder = 20;
const longestList = 2 ** highestOrder;

const natural = z.int().min(0).max(mostNumber);
/** The contents of a page may be told as a digest. */
const bytes = z.int().min(0);
const tag = z.int().min(0).max(highestTag);
const list = <Item extends z.ZodType>(item: Item) => z.array(item).max(longestList).readonly();

const homeSchema = z.enum(["taggable", "untaggable"]);

/** Exactly one kind and exactly its fields. */
const one = <Kind extends string, Fields extends z.ZodRawShape>(kind: Kind, fields: Fields) =>
  z.strictObject({ kind: z.literal(kind), ...fields }).readonly();

const handle = { handle: natural };
const slot = { slot: natural };
const file = { file: natural };
const filePage = { file: natural, index: natural };

export const operationSchema = z.discriminatedUnion("kind", [
  one("allocate", {
    owner: natural,
    tagged: z.boolean(),
    zeroed: z.boolean(),
    context: z.enum(["sleepable", "atomic"]),
    order: z.int().min(0).max(highestOrder),
  }),
  one("free", handle),
  one("migrate", handle),
  one("enable-tags", handle),
  one("write-tag", { ...handle, granule: natural, tag }),
  one("read-tag", { ...handle, granule: natural }),
  one("write-bytes", { ...handle, bytes }),
  one("read-bytes", handle),
  one("copy", { from: natural, owner: natural }),
  one("copy-again", { from: natural, to: natural }),
  one("swap-out", { handles: list(natural) }),
  one("swap-in", {
    ...slot,
    path: z.enum(["fault", "swapoff", "shmem"]),
    mapping: z.enum(["tagged", "untagged"]),
  }),
  one("restore-again", { ...slot, ...handle }),
  one("share-slot", slot),
  one("free-slot", slot),
  one("swapoff", {}),
  one("read-file", filePage),
  one("write-file", { ...filePage, bytes }),
  one("write-back", filePage),
  one("direct-write", { ...filePage, bytes }),
  one("truncate", filePage),
  one("evict", filePage),
  one("unlink", file),
  one("create", file),
  one("unmount", {}),
  one("mount", {}),
  one("put", { ...filePage, bytes }),
  one("get", filePage),
  one("invalidate-page", filePage),
  one("invalidate-object", file),
  one("invalidate-pool", {}),
  one("drop", filePage),
]);

export const choiceSchema = z.discriminatedUnion("kind", [
  one("none", {}),
  one("placed", { homes: list(homeSchema) }),
  one("short", { inFlight: natural }),
  one("stored", {}),
  one("dropped", {}),
]);

const seenSchema = z
  .strictObject({
    tagged: z.boolean().exactOptional(),
    tags: list(tag).exactOptional(),
    bytes: bytes.exactOptional(),
  })
  .readonly();

export const outcomeSchema = z.discriminatedUnion("kind", [
  one("done", {}),
  one("pages", { handles: list(natural), seen: list(seenSchema) }),
  one("page", { ...handle, seen: seenSchema }),
  one("no-memory", {}),
  one("tag", { tag }),
  one("bytes", { bytes }),
  one("swapped", { slots: list(natural) }),
  one("save-failed", { entriesLeft: natural }),
  one("hit", { bytes }),
  one("miss", { touched: z.boolean() }),
  one("slot", { freed: z.boolean() }),
  one("failed", {}),
]);
