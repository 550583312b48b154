/** `mte-oracle judge [FILE]`: what the contract says of the log of an implementation. */
import { type Command, Option } from "commander";
import { z } from "zod";
import { type Attempt, describeInputError } from "../model/index.ts";
import {
  countsAsText,
  findingAsText,
  historyAsHtml,
  historyAsText,
  judgeHistory,
  type LogCounts,
  type LogEntry,
  type LogFinding,
  type LogHead,
  LogRun,
  longestLine,
  readLogEntry,
  readLogHead,
  sightAsText,
  traceHead,
  traceReader,
} from "../oracle/index.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { demandReadable, writeIfChanged } from "./files.ts";
import { eachLine } from "./lines.ts";

const formats = ["jsonl", "ftrace"] as const;

const optionsSchema = z.object({
  ...commonOptions,
  maxFindings: z.int().default(20),
  cap: z.int().optional(),
  format: z.enum(formats).default("jsonl"),
  concurrent: z.boolean().default(false),
  html: z.string().optional(),
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

/** A head, and entries with the lines they stand on. */
const readHistory = async (
  file: string,
): Promise<{
  readonly head: LogHead;
  readonly entries: readonly LogEntry[];
  readonly lines: readonly number[];
}> => {
  const taken = <T>(read: Attempt<T>): T => {
    if (read.ok) return read.value;
    throw new CommandError(exitCodes.malformedInput, describeInputError(read.error));
  };
  let head: LogHead | null = null;
  const entries: LogEntry[] = [];
  const lines: number[] = [];
  let line = 0;
  await eachLine(file, longestLine, (text) => {
    line++;
    if (text.trim() === "") return;
    const place = { file, line };
    if (head === null) head = taken(readLogHead(text, place));
    else {
      entries.push(taken(readLogEntry(text, place)));
      lines.push(line);
    }
  });
  if (head === null)
    throw new CommandError(
      exitCodes.malformedInput,
      `${file}:1: log: expected a head, found nothing`,
    );
  return { head, entries, lines };
};

/** The whole history has to be read before anything can be said of it. */
const runConcurrent = async (file: string, options: Options): Promise<ExitCode> => {
  const { head, entries, lines } = await readHistory(file);
  const lineOf = (at: number): number => lines[at] ?? 0;
  const verdict = judgeHistory(
    head,
    entries,
    options.cap === undefined ? {} : { cap: options.cap },
  );
  if (verdict.kind === "ill-formed")
    throw new CommandError(
      exitCodes.malformedInput,
      `${file}:${lineOf(verdict.entry)}: history: ${verdict.why}`,
    );
  const { linearizable, calls, portions } = verdict;
  if (options.html !== undefined) writeIfChanged(options.html, historyAsHtml(verdict, file));
  const code = {
    ok: exitCodes.asExpected,
    not: exitCodes.violation,
    unknown: options.allowInconclusive ? exitCodes.asExpected : exitCodes.inconclusive,
  }[linearizable];
  if (options.json)
    printJson({
      format: 1,
      file,
      linearizable,
      calls: calls.length,
      portions: portions.map((each) => ({
        calls: each.portion.calls.length,
        verdict: each.verdict.kind,
        ...(each.verdict.kind === "not-linearizable" ? { line: lineOf(each.verdict.call.at) } : {}),
      })),
      exitCode: code,
    });
  else process.stdout.write(historyAsText(verdict, file, lineOf));
  return code;
};

const asJson = ({ line, event, verdict, prefix }: LogFinding) => ({ line, event, verdict, prefix });

const run = async (given: string | undefined, options: Options): Promise<ExitCode> => {
  const file = given ?? "-";
  if (file !== "-") demandReadable(file);
  if (options.concurrent) return runConcurrent(file, options);
  const log = new LogRun({
    file,
    ...(options.cap === undefined ? {} : { cap: options.cap }),
    ...(options.format === "ftrace" ? { head: traceHead, read: traceReader() } : {}),
  });
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
  else if (log.begun) {
    process.stdout.write(countsAsText(file, counts));
    if (options.format === "ftrace") process.stdout.write(sightAsText());
  }
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
    .addOption(
      new Option("--format <format>", "how the log is written").choices(formats).default("jsonl"),
    )
    .option("--concurrent", "judge calls of several threads for linearizability")
    .option("--html <file>", "with --concurrent: write a timeline")
    .option("--allow-inconclusive", "end with 0 although the cap was hit")
    .action(async (file: string | undefined, _options: unknown, command: Command) => {
      ended(await run(file, optionsSchema.parse(command.opts())));
    });
};
