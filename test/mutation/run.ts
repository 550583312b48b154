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
    /** One folder of those that the configuration names. */
    only: { type: "string" },
    concurrency: { type: "string" },
    /** Runs every mutant again, whatever is known from the last run. */
    force: { type: "boolean", default: false },
  },
});

const folderOf = (glob: string): string => glob.replace(/\/\*.*$/, "");
const mutate = settings.mutate.filter((glob) => !values.only || folderOf(glob) === values.only);
if (mutate.length === 0) {
  const folders = settings.mutate.map(folderOf).join(", ");
  console.error(`--only ${values.only}: the folders that are mutated are ${folders}`);
  process.exit(2);
}

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

for (const folder of mutate.map(folderOf)) {
  const { killed, listed, all, unlisted, gone } = judge(folder, mutants, accepted);
  const score = ((100 * killed) / all).toFixed(1);
  console.log(
    `${folder}: ${score} % killed (${killed}), ${listed} listed as equivalent, of ${all}`,
  );
  show("Survived, and not in test/mutation/accepted.json:", unlisted);
  show("In test/mutation/accepted.json, and not a survivor (any more):", gone);
  if (all === 0 || unlisted.length + gone.length > 0) process.exitCode = 1;
}
