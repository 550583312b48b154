/** `mte-oracle judge [FILE]`: what the contract says of the log of an implementation. */
import type { Command } from "commander";
import { z } from "zod";
import { describeInputError } from "../model/index.ts";
import {
  countsAsText,
  findingAsText,
  type LogCounts,
  type LogFinding,
  LogRun,
  longestLine,
} from "../oracle/index.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { demandReadable } from "./files.ts";
import { eachLine } from "./lines.ts";

const optionsSchema = z.object({
  ...commonOptions,
  maxFindings: z.int().default(20),
  cap: z.int().default(4096),
  allowInconclusive: z.boolean().default(false),
});

type Options = z.infer<typeof optionsSchema>;

/** A log that is wrong comes first: what it says of the implementation is in doubt. */
const codeOf = (counts: LogCounts, { allowInconclusive }: Options): ExitCode => {
  if (counts.malformed > 0 || counts.illFormed > 0) return exitCodes.malformedInput;
  if (counts.deviations > 0) return exitCodes.violation;
  return counts.inconclusive > 0 && !allowInconclusive
    ? exitCodes.inconclusive
    : exitCodes.asExpected;
};

const asJson = ({ line, event, verdict, prefix }: LogFinding) => ({ line, event, verdict, prefix });

const run = async (given: string | undefined, options: Options): Promise<ExitCode> => {
  const file = given ?? "-";
  if (file !== "-") demandReadable(file);
  const log = new LogRun({ file, cap: options.cap });
  const kept: LogFinding[] = [];
  let complaint: string | null = null;
  await eachLine(file, longestLine, (text) => {
    const { findings, malformed } = log.line(text);
    if (malformed) complaint ??= describeInputError(malformed);
    for (const finding of findings) {
      if (kept.length >= options.maxFindings) continue;
      kept.push(finding);
      if (!options.json) process.stdout.write(findingAsText(file, finding));
    }
  });
  if (!log.begun) complaint ??= `${file}:1: log: expected a head, found nothing`;
  const { counts } = log;
  const code = log.begun ? codeOf(counts, options) : exitCodes.malformedInput;
  if (options.json)
    printJson({ format: 1, file, counts, findings: kept.map(asJson), exitCode: code });
  else if (log.begun) process.stdout.write(countsAsText(file, counts));
  if (complaint !== null) throw new CommandError(exitCodes.malformedInput, complaint);
  return code;
};

export const addJudge = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("judge"))
    .summary("judge the log of an implementation")
    .description(
      "Reads a log, one entry on each line (docs/judge.md), and says where the implementation " +
        "first did what no implementation may do, and what would have been allowed.",
    )
    .argument("[file]", "a log as JSON Lines; stdin if left out, or -")
    .option("--max-findings <n>", "print so many; all are counted", wholeNumber(0, 1_000_000))
    .option(
      "--cap <n>",
      "states that are kept of things that hang together",
      wholeNumber(1, 2 ** 20),
    )
    .option("--allow-inconclusive", "end with 0 although the cap was hit")
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      ended(await run(file, optionsSchema.parse(command.opts())));
    });
};
