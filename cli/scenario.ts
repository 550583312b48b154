/** `mte-oracle scenario run FILE...`: what the contract says of rows that others wrote. */
import { type Command, Option } from "commander";
import { z } from "zod";
import {
  countsOf,
  type Kernel,
  kernels,
  type RowResult,
  readScenarios,
  resultOf,
  resultsAsJson,
  resultsAsJunit,
  resultsAsText,
  type ScenarioLine,
  selected,
} from "../oracle/index.ts";
import { commonOptions, namesOption, printJson, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readText } from "./files.ts";

const largestFileBytes = 50 * 2 ** 20;
const formats = ["text", "json", "junit"] as const;

const optionsSchema = z.object({
  ...commonOptions,
  format: z.enum(formats).optional(),
  kernel: z.array(z.enum(kernels)).optional(),
  only: z.array(z.string()).default([]),
  skip: z.array(z.string()).default([]),
  all: z.boolean().default(false),
  allowInconclusive: z.boolean().default(false),
});

type Options = z.infer<typeof optionsSchema>;

const collected = (pattern: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  pattern,
];

const linesOf = (files: readonly string[], { only, skip }: Options): readonly ScenarioLine[] => {
  const all = files.flatMap((file) => readScenarios(readText(file, largestFileBytes), file));
  const lines = selected(all, only, skip);
  if (lines.length > 0) return lines;
  if (all.length === 0) {
    const [file = ""] = files;
    const message = `${file}:1: file: expected a scenario on each line, found none`;
    throw new CommandError(exitCodes.malformedInput, message);
  }
  throw new CommandError(exitCodes.usage, "no row is left of what --only and --skip say");
};

/** A file that cannot be read comes first: what it says is not known. */
const codeOf = (results: readonly RowResult[], { allowInconclusive }: Options): ExitCode => {
  const { malformed, fail, refused } = countsOf(results);
  if (malformed > 0) return exitCodes.malformedInput;
  if (fail > 0) return exitCodes.violation;
  return refused > 0 && !allowInconclusive ? exitCodes.inconclusive : exitCodes.asExpected;
};

const print = (
  results: readonly RowResult[],
  asked: readonly Kernel[],
  code: ExitCode,
  options: Options,
): void => {
  const format = options.format ?? (options.json ? "json" : "text");
  if (format === "json") printJson(resultsAsJson(results, asked, code));
  else
    process.stdout.write(
      format === "junit" ? resultsAsJunit(results) : resultsAsText(results, options.all),
    );
};

const run = (files: readonly string[], options: Options): ExitCode => {
  const asked = kernels.filter((kernel) => options.kernel?.includes(kernel) ?? true);
  const results = linesOf(files, options).map((line) => resultOf(line, asked));
  const code = codeOf(results, options);
  print(results, asked, code, options);
  const malformed = results.find(({ verdict }) => verdict === "malformed");
  if (malformed) throw new CommandError(exitCodes.malformedInput, malformed.why ?? "");
  return code;
};

export const addScenario = (program: Command, ended: (code: ExitCode) => void): void => {
  const scenario = program
    .command("scenario")
    .summary("judge rows of what others found out about MTE")
    .description("Scenarios: steps, and what is expected of each (docs/scenarios.md).");
  withCommonOptions(scenario.command("run"))
    .summary("run files of rows against the contract")
    .description(
      "Runs every row for each kernel that it holds for, and shows where row and contract first " +
        "differ. PATTERN is a family, an id, or either with * and ?; it may be given again.",
    )
    .argument("<files...>", "files with one scenario on each line (JSON Lines)")
    .addOption(namesOption("--kernel <version>", "run for this kernel only", kernels))
    .option("--only <pattern>", "only these rows", collected)
    .option("--skip <pattern>", "all rows but these", collected)
    .addOption(new Option("--format <format>", "what to print on stdout").choices(formats))
    .option("--all", "list rows that pass, too")
    .option("--allow-inconclusive", "end with 0 although rows were refused")
    .action((files: readonly string[], _options: unknown, command: Command) => {
      ended(run(files, optionsSchema.parse(command.opts())));
    });
};
