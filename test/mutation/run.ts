/**
 * `npm run mutation`: changes the sources in every small way that Stryker knows, one at a time, and
 * fails when the tests do not notice a change that `accepted.json` does not excuse.
 */
import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { z } from "zod";
import {
  acceptedSchema,
  isInside,
  judge,
  killedOnly,
  mutantsOf,
  type Name,
  reportSchema,
} from "./survivors.ts";

const json = (file: string): unknown => JSON.parse(fs.readFileSync(file, "utf8"));

const settings = z
  .object({
    mutate: z.array(z.string()),
    incrementalFile: z.string(),
    jsonReporter: z.object({ fileName: z.string() }),
  })
  .parse(json("stryker.config.json"));

const { values } = parseArgs({
  options: {
    /** One folder of those that the configuration names, or a file or folder inside of one. */
    only: { type: "string" },
    concurrency: { type: "string" },
    /** Runs every mutant again, whatever is known from the last run. */
    force: { type: "boolean", default: false },
  },
});

const excluded = settings.mutate.filter((glob) => glob.startsWith("!"));
const folders = settings.mutate
  .filter((glob) => !glob.startsWith("!"))
  .map((glob) => glob.replace(/\/\*.*$/, ""));

/** What is mutated and judged: files, and folders with all that is in them. */
const places = ((only) => {
  if (only === undefined) return folders;
  return folders.some((folder) => isInside(only, folder)) ? [only] : [];
})(values.only);
if (places.length === 0) {
  console.error(`--only ${values.only}: the folders that are mutated are ${folders.join(", ")}`);
  process.exit(2);
}
const globs = places.map((place) => (place.endsWith(".ts") ? place : `${place}/**/*.ts`));
const mutate = [...globs, ...excluded];

const { incrementalFile } = settings;
if (fs.existsSync(incrementalFile))
  fs.writeFileSync(incrementalFile, JSON.stringify(killedOnly(json(incrementalFile))));

const concurrency = values.concurrency ? { concurrency: Number(values.concurrency) } : {};
await new Stryker({ mutate, force: values.force, ...concurrency }).runMutationTest();

const mutants = mutantsOf(reportSchema.parse(json(settings.jsonReporter.fileName)));
const accepted = acceptedSchema.parse(json("test/mutation/accepted.json"));
const show = (title: string, names: readonly Name[]) => {
  if (names.length > 0) console.log([title, ...names.map((one) => JSON.stringify(one))].join("\n"));
};

for (const folder of places) {
  const { killed, listed, all, unlisted, undecided, gone } = judge(folder, mutants, accepted);
  const score = ((100 * killed) / all).toFixed(1);
  console.log(
    `${folder}: ${score} % killed (${killed}), ${listed} listed as equivalent, of ${all}`,
  );
  show("Survived, and not in test/mutation/accepted.json:", unlisted);
  show("Listed, and not ended in time; a run on a quiet machine decides:", undecided);
  show("In test/mutation/accepted.json, and not a survivor (any more):", gone);
  if (all === 0 || unlisted.length + gone.length > 0) process.exitCode = 1;
}
