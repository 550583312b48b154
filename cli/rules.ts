/** `mte-oracle rules`: the rulebook of the contract. */
import type { Command } from "commander";
import { z } from "zod";
import { type Rule, rulebook, rulebookAsMarkdown, ruleIds } from "../model/index.ts";
import { commonOptions, printJson, withCommonOptions } from "./common.ts";
import { type ExitCode, exitCodes } from "./exit.ts";

const optionsSchema = z.object({ ...commonOptions, markdown: z.boolean().default(false) });

const asText = (): string =>
  ruleIds
    .map((id) => {
      const { sentence, source, governs }: Rule = rulebook[id];
      return `${id}\n  ${sentence}\n  source: ${source}\n  governs: ${governs.join(", ")}\n`;
    })
    .join("\n");

export const addRules = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("rules"))
    .summary("print the rules of the contract")
    .description("Prints every rule: its sentence, its source, and the operations it governs.")
    .option("--markdown", "as docs/rules.md has them")
    .action((_options: unknown, command: Command) => {
      const { json, markdown } = optionsSchema.parse(command.opts());
      if (json) {
        const rules = ruleIds.map((id) => ({ id, ...rulebook[id] }));
        printJson({ schema: "mte-oracle/rules/1", rules });
      } else process.stdout.write(markdown ? rulebookAsMarkdown() : asText());
      ended(exitCodes.asExpected);
    });
};
