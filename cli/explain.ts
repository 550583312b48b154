/** `mte-oracle explain FILE`: a counterexample in words, in one of several forms. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { explain, explanationAs, explanationForms } from "../counterexamples/index.ts";
import { commonOptions, printJson, withCommonOptions } from "./common.ts";
import { readCounterexample } from "./counterexample-files.ts";
import { type ExitCode, exitCodes } from "./exit.ts";

const optionsSchema = z.object({
  ...commonOptions,
  form: z.enum(explanationForms).default("text"),
});

export const addExplain = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("explain"))
    .summary("say in words what a counterexample does, and why it fails")
    .description(
      "Tells each step in one sentence with what it changes, which rule or property is broken, " +
        "what would have been allowed, which steps are needed, and from which step on nobody could " +
        "have prevented it. With --json all of it is one document.",
    )
    .argument("<file>", "a counterexample that check has saved, or one written by hand")
    .addOption(
      new Option("--form <form>", "how it is written").choices(explanationForms).default("text"),
    )
    .action((file: string, _options: unknown, command: Command) => {
      const { json, form } = optionsSchema.parse(command.opts());
      const explanation = explain(readCounterexample(file));
      if (json) printJson({ schema: "mte-oracle/explanation/1", ...explanation });
      else process.stdout.write(explanationAs(form, explanation));
      const reproduced = explanation.verdict.kind === "reproduced";
      ended(reproduced ? exitCodes.asExpected : exitCodes.violation);
    });
};
