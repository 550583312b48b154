/** `mte-oracle itf FILE`: a counterexample as a trace that other tools read, and back. */
import type { Command } from "commander";
import { z } from "zod";
import {
  type Counterexample,
  explain,
  largestTraceBytes,
  parseItf,
  writeCounterexample,
  writeItf,
} from "../counterexamples/index.ts";
import { describeInputError } from "../model/index.ts";
import { readCounterexample } from "./counterexample-files.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readText, writeIfChanged } from "./files.ts";

const optionsSchema = z.object({
  back: z.boolean().default(false),
  out: z.string().optional(),
});

const readTrace = (file: string): Counterexample => {
  const parsed = parseItf(readText(file, largestTraceBytes), file);
  if (parsed.ok) return parsed.value;
  throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
};

const traceOf = (file: string): string => {
  const trace = writeItf(explain(readCounterexample(file)));
  if (trace === null) throw new Error("a counterexample that was read can be replayed");
  return trace;
};

export const addItf = (program: Command, ended: (code: ExitCode) => void): void => {
  program
    .command("itf")
    .summary("turn a counterexample into an ITF trace, or a trace back")
    .description(
      "Writes a counterexample as a trace of the Informal Trace Format (.itf.json), as Apalache, " +
        "Quint and trace viewers read it. With --back a trace becomes a counterexample; its states " +
        "have to be those of its run.",
    )
    .argument("<file>", "a counterexample; with --back, a trace")
    .option("--back", "from a trace to a counterexample")
    .option("--out <file>", "write it there instead of on stdout")
    .action((file: string, options: unknown) => {
      const { back, out } = optionsSchema.parse(options);
      const text = back ? writeCounterexample(readTrace(file)) : traceOf(file);
      if (out === undefined) process.stdout.write(text);
      else {
        writeIfChanged(out, text);
        process.stdout.write(`${out}\n`);
      }
      ended(exitCodes.asExpected);
    });
};
