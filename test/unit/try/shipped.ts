/** The stories that come with the program, for the tests beside this file. */
import * as fs from "node:fs";
import * as path from "node:path";
import { readStory, type Story } from "../../../counterexamples/index.ts";
import { describeInputError, designs } from "../../../model/index.ts";
import { read, root } from "../../house/tree.ts";

const folder = "counterexamples/try/stories";

export const shippedNames: readonly string[] = fs
  .readdirSync(path.join(root, folder))
  .map((file) => path.basename(file, ".txt"))
  .sort();

export const shippedText = (name: string): string => read(`${folder}/${name}.txt`);

/** Reads the text of a story that has to be a good one. */
export function storyOf(text: string, name = "story"): Story {
  const parsed = readStory(text, name, `${name}.txt`);
  if (!parsed.ok) throw new Error(describeInputError(parsed.error));
  return parsed.value;
}

/** Who is asked where nobody is named: variants are left out. */
export const columns = designs.filter(({ variantOf }) => variantOf === undefined);
