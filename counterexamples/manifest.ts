/** The list of the kept files: what each is expected to show, for people and for the first test. */
import { z } from "zod";
import type { Counterexample } from "./format.ts";

const entrySchema = z
  .strictObject({
    design: z.string(),
    row: z.string(),
    property: z.string(),
    /** What the file shows, and what it has to come to today: `holds` where the cause was mended. */
    verdict: z.enum(["broken", "never"]),
    today: z.enum(["broken", "never", "holds"]),
    steps: z.int(),
    source: z.string(),
  })
  .readonly();

const manifestSchema = z
  .strictObject({
    format: z.literal("mte-oracle/manifest"),
    version: z.literal(2),
    /** By the name within `counterexamples`. */
    counterexamples: z.record(z.string(), entrySchema).readonly(),
  })
  .readonly();

export type Manifest = z.infer<typeof manifestSchema>;

/** Files by name. */
type Files = ReadonlyMap<string, Counterexample>;

const entriesOf = (folder: string, files: Files, mended: boolean) =>
  [...files.keys()].sort().flatMap((name) => {
    const counterexample = files.get(name);
    if (counterexample === undefined) return [];
    const { design, property, verdict, steps, slice, found } = counterexample;
    const today = mended ? ("holds" as const) : verdict;
    const entry = { design, row: property.row, property: property.id, verdict, today };
    const source = `slice ${slice}; ${found}`;
    return [[`${folder}/${name}`, { ...entry, steps: steps.length, source }] as const];
  });

/** The manifest of the corpus and of what was mended, each in the order of the names. */
export const manifestOf = (corpus: Files, mended: Files): Manifest => ({
  format: "mte-oracle/manifest",
  version: 2,
  counterexamples: Object.fromEntries([
    ...entriesOf("corpus", corpus, false),
    ...entriesOf("mended", mended, true),
  ]),
});

/** The bytes of the file. */
export const writeManifest = (manifest: Manifest): string =>
  `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
