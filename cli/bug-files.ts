/** The files about planted bugs: read from the package, written anew in a checkout. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Counterexample,
  largestFileBytes,
  parseCounterexample,
  storyFileOf,
  writeCounterexample,
} from "../counterexamples/index.ts";
import { bugNamed } from "../impl/index.ts";
import { describeInputError } from "../model/index.ts";
import { bugsAsMarkdown } from "../properties/bugs/document.ts";
import type { Known } from "../properties/bugs/hunt.ts";
import { type Kills, parseKills, writeKills } from "../properties/bugs/kills.ts";
import { defaultMachine, expectedKey } from "../properties/index.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { checkout, readExpected } from "./expectations.ts";
import { readText, writeIfChanged } from "./files.ts";
import { chooseMachine } from "./machines.ts";

const inPackage = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const killsFile = "properties/bugs/kills.json";
const storiesFolder = "counterexamples/bugs";
const page = "docs/bugs.md";

/** The rows of bugs that were measured; nothing yet in a catalogue that is new. */
export const readKills = (): Kills | null => {
  const file = path.join(inPackage, killsFile);
  return fs.existsSync(file) ? parseKills(fs.readFileSync(file, "utf8")) : null;
};

/** The story that the package has of a bug, or null. */
export const readStory = (id: string): Counterexample | null => {
  const name = storyFileOf(id);
  const file = path.join(inPackage, storiesFolder, name);
  if (!fs.existsSync(file)) return null;
  const parsed = parseCounterexample(readText(file, largestFileBytes), name);
  if (parsed.ok) return parsed.value;
  throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
};

/** Machines whose shapes differ, and the rows that each design keeps. */
export const whatIsKnown = (): Known => ({
  machines: [defaultMachine, "two-regions"].map((name) => chooseMachine(name, 4096).machine),
  expected: readExpected().machines[expectedKey(defaultMachine, 4096)] ?? {},
});

export type Stories = ReadonlyMap<string, Counterexample>;

/** By place in the checkout: the bytes of every file that the matrix gives. */
const filesOf = (kills: Kills, stories: Stories): ReadonlyMap<string, string> =>
  new Map([
    [killsFile, writeKills(kills)],
    [page, bugsAsMarkdown(kills)],
    ...[...stories].map(
      ([id, story]) => [`${storiesFolder}/${storyFileOf(id)}`, writeCounterexample(story)] as const,
    ),
  ]);

/** Stories of bugs that the catalogue does not have any more. */
const staleStories = (root: string): readonly string[] => {
  const folder = path.join(root, storiesFolder);
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !bugNamed(path.basename(name, ".json")))
    .map((name) => `${storiesFolder}/${name}`);
};

/** Writes everything in the checkout, and in the package so that it need not be built to agree. */
export const writeMatrix = (kills: Kills, stories: Stories): void => {
  const root = checkout("writing the kill matrix");
  for (const [place, text] of filesOf(kills, stories)) {
    writeIfChanged(path.join(root, place), text);
    if (place !== page) writeIfChanged(path.join(inPackage, place), text);
  }
  for (const stale of staleStories(root)) fs.rmSync(path.join(root, stale));
};

/** Files of the checkout that have other bytes than these, each as a phrase. */
export const staleFiles = (kills: Kills, stories: Stories): readonly string[] => {
  const root = checkout("comparing the files");
  const differing = [...filesOf(kills, stories)].filter(([place, text]) => {
    const file = path.join(root, place);
    return !fs.existsSync(file) || fs.readFileSync(file, "utf8") !== text;
  });
  return [...differing.map(([place]) => place), ...staleStories(root)];
};
