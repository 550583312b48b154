/**
 * A run in which model and implementation parted, as a file: like a counterexample it names
 * everything it speaks of, so that a changed order of some table changes no file.
 */
import { z } from "zod";
import {
  actStepSchema,
  environmentStepSchema,
  implementationSchema,
  jobSchema,
  kebab,
  largest,
  line,
  scopeSchema,
} from "./format.ts";

const mostSeeds = 2 ** 31 - 1;

/** An action of an actor; "by-implementation": which choice it takes is its own affair. */
const actSchema = actStepSchema
  .unwrap()
  .extend({ decided: z.enum(["here", "by-implementation"]) })
  .readonly();

/** An operation that nobody may ask for where it stands. */
const refusedSchema = z.strictObject({ actor: kebab, refused: jobSchema }).readonly();

/** Somebody who has to wait: in the middle of something, or before this operation. */
const waitsSchema = z.strictObject({ actor: kebab, waits: jobSchema.nullable() }).readonly();

export const foundRunSchema = z
  .strictObject({
    format: z.literal("mte-oracle/found-run"),
    version: z.literal(1),
    suite: kebab,
    design: kebab,
    implementation: implementationSchema.exactOptional(),
    /** How it was found: the run of so many, from this seed. It was made shorter afterwards. */
    seed: z.int().min(0).max(mostSeeds),
    run: z.int().min(1),
    /** Real free lists, so that the implementation decides about places. */
    lists: z.boolean(),
    /** Where the two parted. */
    mismatch: z
      .strictObject({
        actor: line,
        operation: line,
        action: line,
        part: line,
        expected: line,
        found: line,
      })
      .readonly(),
    scope: scopeSchema,
    steps: z
      .array(z.union([actSchema, refusedSchema, waitsSchema, environmentStepSchema]))
      .max(largest.steps)
      .readonly(),
  })
  .readonly();

export type FoundRun = z.infer<typeof foundRunSchema>;
export type FoundStep = FoundRun["steps"][number];

/** The bytes of the file. */
export const writeFoundRun = (found: FoundRun): string =>
  `${JSON.stringify(foundRunSchema.parse(found), null, 2)}\n`;
