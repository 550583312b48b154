/** Counterexample files that a user names: read whole, or refused in one line. */
import {
  type Counterexample,
  largestFileBytes,
  parseCounterexample,
} from "../counterexamples/index.ts";
import { describeInputError } from "../model/index.ts";
import { CommandError, exitCodes } from "./exit.ts";
import { readText } from "./files.ts";

/** @throws CommandError with the first mistake of the text */
export const counterexampleIn = (text: string, file: string): Counterexample => {
  const parsed = parseCounterexample(text, file);
  if (parsed.ok) return parsed.value;
  throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
};

/** @throws CommandError where the file cannot be read, too */
export const readCounterexample = (file: string): Counterexample =>
  counterexampleIn(readText(file, largestFileBytes), file);
