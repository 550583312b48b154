/** `mte-oracle test --adapter COMMAND`: drives somebody's implementation and judges its answers. */
import * as path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { z } from "zod";
import {
  type Check,
  checkConformanceIn,
  checkLines,
  type Driven,
  type DrivenFinding,
  type DriveReport,
  describeFault,
  driveIn,
  drivenEndingLine,
  drivenFileOf,
  drivenRunOf,
  driveReportAsJson,
  findingLines,
  isAdaptersOwn,
  type KeptFinding,
  memoryVocabulary,
  type Processes,
  processRunOf,
  processVocabulary,
  summaryLines,
  type Vocabulary,
  type Words,
  writeDrivenRun,
  writeProcessRun,
} from "../oracle/index.ts";
import { fixedSeed } from "../properties/lockstep/index.ts";
import { adapterCommand, timeoutMilliseconds, timeouts } from "./adapter.ts";
import { type CiCase, ciOptions, demandReport, reportToCi, withCiOptions } from "./ci-report.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { demandWritable, writeIfChanged } from "./files.ts";
import { stoppable } from "./stoppable.ts";
import { highestSeed } from "./suite.ts";

const vocabularies = ["memory", "process"] as const;

const optionsSchema = z.object({
  ...commonOptions,
  ...ciOptions,
  adapter: z.string(),
  vocabulary: z.enum(vocabularies),
  seed: z.number(),
  runs: z.number(),
  length: z.number(),
  shard: z.object({ number: z.number(), of: z.number() }),
  timeLimit: z.number().optional(),
  timeout: z.number(),
  window: z.number(),
  findings: z.number(),
  save: z.string(),
  conformance: z.union([z.boolean(), z.literal("only")]),
});

type Options = z.infer<typeof optionsSchema>;
type Shard = Options["shard"];

const mostShards = 1000;
const everyMilliseconds = 10_000;

/** "2/4": the second of four. */
const shardIn = (text: string): Shard => {
  const [, number, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (number !== undefined && of !== undefined && number >= 1 && number <= of && of <= mostShards)
    return { number, of };
  throw new InvalidArgumentError(`Expected I/N, with I from 1 to N and N up to ${mostShards}.`);
};

/** Every shard has its own runs, and together they have all of them. */
const runsOf = (runs: number, { number, of }: Shard): readonly number[] =>
  Array.from({ length: runs }, (_, run) => run).filter((run) => run % of === number - 1);

const say = (options: Options, text: string): void => {
  if (!options.quiet) process.stderr.write(`${text}\n`);
};

const print = (options: Options, lines: readonly string[]): void => {
  if (!options.json && lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
};

/** A vocabulary, and how its runs are kept as files. */
type Speaking<W extends Words> = {
  readonly vocabulary: Vocabulary<W>;
  readonly saved: (finding: DrivenFinding<W>) => { readonly name: string; readonly text: string };
};

const runAll = async <W extends Words>(
  { vocabulary, saved }: Speaking<W>,
  options: Options,
  kept: KeptFinding<W>[],
  signal: AbortSignal,
): Promise<Driven<W>> => {
  const { seed, runs, length, window, findings, timeLimit, timeout, save } = options;
  const began = performance.now();
  let last = began;
  const limit = timeLimit === undefined ? Number.POSITIVE_INFINITY : timeLimit * 1000;
  return driveIn(vocabulary, adapterCommand(options.adapter), {
    seed,
    runs: runsOf(runs, options.shard),
    length,
    window,
    mostFindings: findings,
    ...timeouts(timeout),
    isOver: () => signal.aborted || performance.now() - began > limit,
    onFinding: (finding: DrivenFinding<W>) => {
      const { name, text } = saved(finding);
      const file = path.join(save, name);
      writeIfChanged(file, text);
      kept.push({ finding, file });
      print(options, findingLines(vocabulary, { finding, file }));
    },
    onRun: (done, operations) => {
      if (performance.now() - last < everyMilliseconds) return;
      last = performance.now();
      say(options, `${done} runs, ${operations} operations`);
    },
  });
};

/** A program that does not start is the user's mistake; one that talks nonsense is malformed input. */
const codeOf = <W extends Words>(
  { checks, driven }: DriveReport<W>,
  interrupted: boolean,
): ExitCode => {
  if (interrupted) return exitCodes.interrupted;
  const wrong = (checks ?? []).some((check: Check) => check.wrong !== null);
  if (wrong || (driven?.fault && isAdaptersOwn(driven.fault))) return exitCodes.malformedInput;
  if (driven?.fault || (driven && driven.findings.length > 0)) return exitCodes.violation;
  return driven && (driven.lost > 0 || driven.runs === 0)
    ? exitCodes.inconclusive
    : exitCodes.asExpected;
};

/** A case for each check of the kit, one for the runs, one for each failure. */
const casesOf = <W extends Words>({ checks, driven, kept }: DriveReport<W>): readonly CiCase[] => {
  const group = driven?.adapter || "adapter";
  const verdictOf = (message: string | null): CiCase["verdict"] =>
    message === null ? { kind: "pass", note: null } : { kind: "fail", message };
  const ran = driven && {
    group,
    name: "the adapter keeps to the protocol",
    verdict: verdictOf(driven.fault && describeFault(driven.fault)),
    file: null,
  };
  return [
    ...(checks ?? []).map(({ name, wrong }) => ({
      group: "conformance",
      name,
      verdict: verdictOf(wrong),
      file: null,
    })),
    ...(ran ? [ran] : []),
    ...kept.map(({ finding, file }): CiCase => {
      const message = drivenEndingLine(finding.failing.ending);
      return { group, name: message, verdict: { kind: "fail", message }, file };
    }),
  ];
};

const test = async <W extends Words>(
  speaking: Speaking<W>,
  options: Options,
): Promise<ExitCode> => {
  const command = adapterCommand(options.adapter);
  const { seed, conformance, timeout } = options;
  demandReport(options);
  if (conformance !== "only") demandWritable(options.save);
  const kept: KeptFinding<W>[] = [];
  const { result, interrupted } = await stoppable(async (signal): Promise<DriveReport<W>> => {
    const checks =
      conformance === false
        ? null
        : await checkConformanceIn(speaking.vocabulary, command, timeouts(timeout));
    const [first] = checks ?? [];
    if (first?.wrong?.includes("cannot be started"))
      throw new CommandError(exitCodes.usage, first.wrong);
    const isWrong = (checks ?? []).some(({ wrong }) => wrong !== null);
    print(options, isWrong || conformance === "only" ? (checks ?? []).flatMap(checkLines) : []);
    if (isWrong || conformance === "only") return { seed, checks, driven: null, kept };
    print(options, [`seed ${seed}`]);
    const driven = await runAll(speaking, options, kept, signal);
    if (driven.fault?.kind === "not-started")
      throw new CommandError(exitCodes.usage, `the adapter cannot be started: ${driven.fault.why}`);
    print(options, summaryLines(driven));
    return { seed, checks, driven, kept };
  });
  const code = codeOf(result, interrupted);
  if (options.json) printJson(driveReportAsJson(result, code));
  reportToCi(options, "test", casesOf(result));
  return code;
};

const testIn = (options: Options): Promise<ExitCode> => {
  if (options.vocabulary === "process") {
    const saved = (finding: DrivenFinding<Processes>) => {
      const driven = processRunOf(finding);
      return { name: drivenFileOf(driven), text: writeProcessRun(driven) };
    };
    return test({ vocabulary: processVocabulary, saved }, options);
  }
  const saved = (finding: DrivenFinding) => {
    const driven = drivenRunOf(finding);
    return { name: drivenFileOf(driven), text: writeDrivenRun(driven) };
  };
  return test({ vocabulary: memoryVocabulary, saved }, options);
};

export const addTest = (program: Command, ended: (code: ExitCode) => void): void => {
  withCiOptions(withCommonOptions(program.command("test")))
    .summary("drive an implementation through its adapter, and judge what it answers")
    .description(
      "Starts a program that speaks the adapter protocol (docs/protocol.md), asks it operations " +
        "within what it says it can do, and holds every answer to the contract. What fails is " +
        "made short by doing it again, and saved. The same seed asks the same operations.",
    )
    .requiredOption("--adapter <command>", "the program with its arguments; no shell is started")
    .addOption(
      new Option("--vocabulary <name>", "what it speaks of: pages, or programs on a kernel")
        .choices(vocabularies)
        .default("memory"),
    )
    .option("--seed <n>", "the seed", wholeNumber(0, highestSeed), fixedSeed)
    .option("--runs <n>", "runs of the seed, all shards together", wholeNumber(1, 1e7), 200)
    .option("--length <n>", "operations of a run", wholeNumber(1, 1e4), 200)
    .option("--shard <i/n>", "only the i-th of n parts of the runs", shardIn, { number: 1, of: 1 })
    .option("--time-limit <seconds>", "begin no run after that", wholeNumber(1, 1e6))
    .addOption(timeoutMilliseconds())
    .option(
      "--window <n>",
      "operations asked before the first is answered",
      wholeNumber(1, 256),
      32,
    )
    .option("--findings <n>", "end after so many different failures", wholeNumber(1, 100), 5)
    .option("--save <folder>", "where failing runs are written", "mte-counterexamples")
    .option("--no-conformance", "leave out the conformance kit, which is run before")
    .addOption(
      new Option("--conformance", "run the conformance kit alone")
        .preset("only")
        .default(true, "before the runs"),
    )
    .action(async (_options: unknown, command: Command) => {
      ended(await testIn(optionsSchema.parse(command.opts())));
    });
};
