/** Found runs: written as soon as they are found, and run again. */
import * as path from "node:path";
import {
  foundFileOf,
  foundRunOf,
  largestFileBytes,
  parseFoundRun,
  runAgain,
  writeFoundRun,
} from "../counterexamples/index.ts";
import { describeInputError } from "../model/index.ts";
import { describeMismatch, type SuiteFailure } from "../properties/lockstep/index.ts";
import { printJson } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readText, writeIfChanged } from "./files.ts";

type FoundHow = Parameters<typeof foundRunOf>[1];

/** Writes the run into the folder and gives the name of its file. */
export const keepFound = (folder: string, failure: SuiteFailure, how: FoundHow): string => {
  const found = foundRunOf(failure, how);
  const file = path.join(folder, foundFileOf(found));
  writeIfChanged(file, writeFoundRun(found));
  return file;
};

/** Runs a file again: 1 while the two still part, 0 when they agree. */
export const again = (file: string, json: boolean): ExitCode => {
  const parsed = parseFoundRun(readText(file, largestFileBytes), file);
  if (!parsed.ok)
    throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
  const { suite, design } = parsed.value;
  const result = runAgain(parsed.value);
  if (result.kind === "impossible") throw new Error("a run that was read can be run");
  const parted = result.kind === "parted";
  const mismatch = parted ? result.mismatch : null;
  const { steps } = result;
  if (json)
    printJson({ schema: "mte-oracle/again/1", suite, design, agreed: !parted, steps, mismatch });
  else
    process.stdout.write(
      `${suite}, ${design}: ` +
        (mismatch
          ? `PARTED after ${steps} steps: ${describeMismatch(mismatch)}\n`
          : `agreed for all of ${steps} steps\n`),
    );
  return parted ? exitCodes.violation : exitCodes.asExpected;
};
