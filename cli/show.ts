/** `mte-oracle show FILE`: writes the page of a counterexample, to be opened in a browser. */
import * as path from "node:path";
import type { Command } from "commander";
import { z } from "zod";
import { explain, pageOf } from "../counterexamples/index.ts";
import { commonOptions, printJson, withCommonOptions } from "./common.ts";
import { readCounterexample } from "./counterexample-files.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { writeIfChanged } from "./files.ts";
import { pageAssets } from "./pages.ts";

const optionsSchema = z.object({ ...commonOptions, out: z.string().optional() });

const show = (file: string, { json, out }: z.infer<typeof optionsSchema>): ExitCode => {
  const explanation = explain(readCounterexample(file));
  const page = out ?? `${path.basename(file, path.extname(file))}.html`;
  writeIfChanged(page, pageOf(explanation, pageAssets()));
  const { verdict } = explanation;
  const isBroken = verdict.kind === "reproduced";
  const exitCode = isBroken ? exitCodes.asExpected : exitCodes.violation;
  if (json) printJson({ schema: "mte-oracle/show/1", page, verdict, exitCode });
  else {
    process.stdout.write(`${page}\n`);
    if (!isBroken) process.stdout.write(`NOT REPRODUCED: ${verdict.why}\n`);
  }
  return exitCode;
};

export const addShow = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("show"))
    .summary("write a page that shows a counterexample step by step")
    .description(
      "Writes one HTML file with everything in it: a timeline with a lane for each actor, and the " +
        "state after each step. Open it in any browser; it fetches nothing. Ends with 0 when the " +
        "run breaks the property as the file says, with 1 when it does not.",
    )
    .argument("<file>", "a counterexample")
    .option("--out <file>", "where the page is written (FILE with .html, in this folder)")
    .action((file: string, _options: unknown, command: Command) => {
      ended(show(file, optionsSchema.parse(command.opts())));
    });
};
