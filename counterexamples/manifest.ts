/** The list of the corpus: what each file is expected to show, for people and for the first test. */
import { z } from "zod";
import type { Counterexample } from "./format.ts";

const entrySchema = z
  .strictObject({
    design: z.string(),
    row: z.string(),
    property: z.string(),
    verdict: z.enum(["broken", "never"]),
    steps: z.int(),
    source: z.string(),
  })
  .readonly();

const manifestSchema = z
  .strictObject({
    format: z.literal("mte-oracle/manifest"),
    version: z.literal(1),
    /** By file name. */
    counterexamples: z.record(z.string(), entrySchema).readonly(),
  })
  .readonly();

export type Manifest = z.infer<typeof manifestSchema>;

/** The manifest of these files, in the order of their names. */
export const manifestOf = (files: ReadonlyMap<string, Counterexample>): Manifest => ({
  format: "mte-oracle/manifest",
  version: 1,
  counterexamples: Object.fromEntries(
    [...files.keys()].sort().flatMap((name) => {
      const counterexample = files.get(name);
      if (counterexample === undefined) return [];
      const { design, property, verdict, steps, slice, found } = counterexample;
      const source = `mte-oracle check, slice ${slice}; ${found}`;
      const entry = { design, row: property.row, property: property.id, verdict };
      return [[name, { ...entry, steps: steps.length, source }]];
    }),
  ),
});

/** The bytes of the file. */
export const writeManifest = (manifest: Manifest): string =>
  `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
