/**
 * Older versions of the file: read, and brought to the form of today. A version that this program
 * does not know is refused by the schema of today, in one line.
 */
import { z } from "zod";
import { type Counterexample, counterexampleSchema } from "./format.ts";

/** Version 1 did not say in what sense a run is minimal. */
const firstVersion: z.ZodType<Counterexample> = counterexampleSchema
  .unwrap()
  .omit({ minimal: true })
  .extend({ version: z.literal(1) })
  .transform((old): Counterexample => ({ ...old, version: 2, minimal: "unknown" }));

const versioned = z.looseObject({ version: z.number() });

/** The schema by which a file says that it is to be read. */
export const schemaFor = (plain: unknown): z.ZodType<Counterexample> => {
  const read = versioned.safeParse(plain);
  return read.success && read.data.version === 1 ? firstVersion : counterexampleSchema;
};
