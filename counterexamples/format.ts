/**
 * A counterexample as a file: versioned JSON that names everything it speaks of. The scope is there
 * in full and a step says who does what, so that nothing but this program is needed to replay one,
 * and a changed order of some table in it changes no file.
 */
import { z } from "zod";
import { labels, offers, operationSchema } from "../model/index.ts";

export const kebab = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
  .max(60);
export const line = z
  .string()
  .min(1)
  .max(400)
  .regex(/^\P{C}*$/u);
const whole = (least: number, most: number) => z.int().min(least).max(most);

/**
 * The most that a replay takes on: far above what an exhaustive search can, far below what would
 * make a replay slow. The state has a byte for each place, and 8 tags and 6 contents to a nibble.
 */
export const largest = {
  pages: 64,
  storagePages: 32,
  granulesPerPage: 16,
  slots: 16,
  files: 8,
  pagesPerFile: 8,
  actors: 8,
  tagValues: 8,
  byteValues: 6,
  steps: 2_000,
  bugs: 8,
} as const;

const count = whole(0, largest.pages);
const positive = whole(1, largest.pages);

const geometrySchema = z
  .strictObject({
    granulesPerPage: whole(1, largest.granulesPerPage),
    pagesPerStoragePage: positive,
    blockPages: whole(1, largest.storagePages),
    regions: z
      .array(
        z
          .strictObject({
            firstPage: count,
            pages: positive,
            firstStoragePage: whole(0, largest.storagePages),
            storagePages: whole(1, largest.storagePages),
          })
          .readonly(),
      )
      .min(1)
      .max(largest.storagePages)
      .readonly(),
  })
  .readonly();

const offerSchema = z.enum(offers);

const actorSchema = z
  .strictObject({
    name: kebab,
    kind: z.enum(["task", "interrupt"]),
    cpu: whole(0, 63),
    owner: whole(0, 63),
    everyones: z.boolean(),
    unmovable: z.literal(true).exactOptional(),
    may: z.array(offerSchema).min(1).max(offerSchema.options.length).readonly(),
  })
  .readonly();

/** The scope of a run, whole. A test proves the type equal to the model's `Scope`. */
export const scopeSchema = z
  .strictObject({
    geometry: geometrySchema,
    otherCmaPages: count,
    tagValues: whole(1, largest.tagValues),
    byteValues: whole(1, largest.byteValues),
    slots: whole(0, largest.slots),
    files: whole(0, largest.files),
    pagesPerFile: whole(0, largest.pagesPerFile),
    getForm: z.enum(["consuming", "keeping"]),
    folioOrder: z.literal([0, 1]),
    actors: z.array(actorSchema).min(1).max(largest.actors).readonly(),
    pins: whole(0, largest.pages),
    dirtyLines: z.boolean(),
    mayFail: z.boolean(),
  })
  .readonly();

const environment = <Kind extends string, Fields extends z.ZodRawShape>(
  kind: Kind,
  fields: Fields,
) => z.strictObject({ kind: z.literal(kind), ...fields }).readonly();

/** What a design declares itself is named; whether it does is for its machinery to say. */
const own = { name: kebab, object: whole(0, 255) };

const environmentSchema = z.discriminatedUnion("kind", [
  environment("pin", { handle: whole(0, 255) }),
  environment("unpin", { handle: whole(0, 255) }),
  environment("write-back-data", { storage: whole(0, 255) }),
  environment("write-back-tags", { frame: whole(0, 255) }),
  environment("own", own),
]);

/** An operation, or the design's own work. */
export const jobSchema = z.discriminatedUnion("kind", [
  ...operationSchema.options,
  z.strictObject({ kind: z.literal("work"), ...own }).readonly(),
]);

export const actStepSchema = z
  .strictObject({
    actor: kebab,
    starts: jobSchema.exactOptional(),
    action: z.enum(labels),
    choice: whole(-1, 2 ** 20),
  })
  .readonly();

export const environmentStepSchema = z.strictObject({ environment: environmentSchema }).readonly();

/** An actor takes one action, starting an operation with it or going on; or the world acts. */
const stepSchema = z.union([actStepSchema, environmentStepSchema]);

/** The implementation with these bugs planted in it; with none, as it is. */
export const implementationSchema = z
  .strictObject({ bugs: z.array(kebab).max(largest.bugs).readonly() })
  .readonly();

/**
 * In what sense no smaller run is known, if in any.
 *
 * - `unknown`: nobody has looked.
 * - `no-run`: the verdict is `never`, and there is no run to be told.
 * - `fewest-actions`: no run of the scope with fewer actions breaks the property.
 * - `nearest-loop`: no loop is reached in fewer actions; the loop itself is a short one.
 * - `one-minimal`: no operation, actor, action, switch, value or part of the scope can be left out
 *   or made smaller by itself, and the property still fail for the same reason.
 * - `shortest`: that, and no run of the scope that fails so is shorter: fewer operations, or as many
 *   and fewer switches, or as many of both and fewer actions.
 */
const minimalities = [
  "unknown",
  "no-run",
  "fewest-actions",
  "nearest-loop",
  "one-minimal",
  "shortest",
] as const;

export const counterexampleSchema = z
  .strictObject({
    format: z.literal("mte-oracle/counterexample"),
    version: z.literal(2),
    design: kebab,
    /** What runs the steps: left out, the scripts of the design; else its implementation. */
    implementation: implementationSchema.exactOptional(),
    /** The row of the table, and the very property of it: a row may be several. */
    property: z.strictObject({ row: kebab, id: line }).readonly(),
    /** `never`: no reachable state shows the goal, so there is no step to tell. */
    verdict: z.enum(["broken", "never"]),
    slice: kebab,
    /** How the search found it, and so what can be said of its length. */
    found: line,
    minimal: z.enum(minimalities),
    reason: line,
    scope: scopeSchema,
    kind: z.enum(["finite", "lasso"]),
    /** Of a lasso: how many steps lead to the state that the last one comes back to. */
    loopFrom: whole(0, largest.steps).exactOptional(),
    steps: z.array(stepSchema).max(largest.steps).readonly(),
  })
  .readonly();

export type Counterexample = z.infer<typeof counterexampleSchema>;
export type CounterexampleStep = Counterexample["steps"][number];

/** The bytes of the file: the same counterexample gives the same ones, whoever made it. */
export const writeCounterexample = (counterexample: Counterexample): string =>
  // The schema puts the names in its own order, whatever order they came in.
  `${JSON.stringify(counterexampleSchema.parse(counterexample), null, 2)}\n`;
