/** The counterexamples that the project keeps, for the tests beside this file. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Counterexample, parseCounterexample } from "../../../counterexamples/index.ts";
import { describeInputError } from "../../../model/index.ts";
import { read, root } from "../../house/tree.ts";

/** By name within `counterexamples`: "corpus/cma--no-deadlock". */
export function saved(name: string): Counterexample {
  const parsed = parseCounterexample(read(`counterexamples/${name}.json`), `${name}.json`);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  return parsed.value;
}

/** The names of all, in a fixed order. */
export const savedNames: readonly string[] = ["corpus", "bugs"].flatMap((folder) =>
  fs
    .readdirSync(path.join(root, "counterexamples", folder))
    .sort()
    .map((file) => `${folder}/${path.basename(file, ".json")}`),
);
