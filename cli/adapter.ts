/** What verbs that start an adapter share. */
import { Option } from "commander";
import { type Command, commandLineOf, type SessionOptions } from "../oracle/index.ts";
import { wholeNumber } from "./common.ts";
import { CommandError, exitCodes } from "./exit.ts";

/** The words of --adapter. */
export const adapterCommand = (text: string): Command => {
  const read = commandLineOf(text);
  if (read.kind === "words") return { program: read.program, args: read.args };
  throw new CommandError(exitCodes.usage, `--adapter: ${read.why}`);
};

const mostMilliseconds = 600_000;
/** A program may need this long to be there at all, however quick it is then. */
const leastToStart = 10_000;

export const timeouts = (timeoutMilliseconds: number): SessionOptions => ({
  timeoutMilliseconds,
  startMilliseconds: Math.max(leastToStart, timeoutMilliseconds),
});

export const timeoutMilliseconds = (): Option =>
  new Option("--timeout <ms>", "how long the program may take to answer")
    .argParser(wholeNumber(1, mostMilliseconds))
    .default(5000);
