/** `mte-oracle soak`: the lockstep suites with fresh seeds, for as long as somebody wants. */
import { randomInt } from "node:crypto";
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import { describeFailure } from "../properties/lockstep/index.ts";
import { type Soaked, soak } from "../properties/soak/soak.ts";
import { knownBug } from "./bugs-run.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { type ExitCode, exitCodes } from "./exit.ts";
import { demandWritable } from "./files.ts";
import { keepFound } from "./found-runs.ts";
import { stoppable } from "./stoppable.ts";
import { highestSeed, suitesNamed } from "./suite.ts";
import { counted, grouped } from "./terminal.ts";

const optionsSchema = z.object({
  ...commonOptions,
  minutes: z.number(),
  seed: z.number().optional(),
  suite: z.array(z.string()).default([]),
  bug: z.string().optional(),
  keep: z.string(),
  workers: z.number(),
});

type Options = z.infer<typeof optionsSchema>;

const mostMinutes = 7 * 24 * 60;
const everyMilliseconds = 10_000;

const minutes = (text: string): number => {
  const value = /^\d{1,5}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= mostMinutes) return value;
  throw new InvalidArgumentError(`Expected a number above 0 and up to ${mostMinutes}.`);
};

const counts = (soaked: Soaked): string => {
  const { runs, operations, actions, schedules, schedulesAtLeast, failures } = soaked;
  return (
    `${grouped(runs)} runs, ${grouped(operations)} operations, ${grouped(actions)} actions, ` +
    `${schedulesAtLeast ? "at least " : ""}${grouped(schedules)} schedules, ${counted(failures, "failure")}`
  );
};

/** On a terminal one line that is written over; elsewhere a line now and then. */
const progressOf = (quiet: boolean) => {
  const { stderr } = process;
  const inPlace = stderr.isTTY === true;
  let last = performance.now();
  return {
    show: (soaked: Soaked): void => {
      if (quiet) return;
      const line = counts(soaked);
      if (inPlace) stderr.write(`\r\u001b[K${line.slice(0, Math.max(20, stderr.columns - 1))}`);
      else if (performance.now() - last >= everyMilliseconds) {
        last = performance.now();
        stderr.write(`${line}\n`);
      }
    },
    clear: (): void => {
      if (inPlace && !quiet) stderr.write("\r\u001b[K");
    },
  };
};

const exitCodeOf = ({ failures }: Soaked, interrupted: boolean): ExitCode => {
  if (interrupted) return exitCodes.interrupted;
  return failures > 0 ? exitCodes.violation : exitCodes.asExpected;
};

const runSoak = async (options: Options): Promise<ExitCode> => {
  const { json, quiet, keep, workers, bug } = options;
  const bugs = bug === undefined ? [] : [knownBug(bug).id];
  const suites = suitesNamed(options.suite, bugs);
  const seed = options.seed ?? randomInt(highestSeed);
  demandWritable(keep);
  if (!json) process.stdout.write(`first seed ${seed}, ${counted(suites.length, "suite")}\n`);
  const files = new Set<string>();
  const progress = progressOf(quiet);
  const { result, interrupted } = await stoppable((signal) =>
    soak({
      suites,
      seed,
      workers,
      bugs,
      signal,
      milliseconds: options.minutes * 60_000,
      onProgress: progress.show,
      onFailure: (failure, seedOfBatch, run) => {
        const file = keepFound(keep, failure, { seed: seedOfBatch, run, bugs });
        files.add(file);
        progress.clear();
        if (!json) process.stdout.write(`PARTED: ${describeFailure(failure)}\n  ${file}\n`);
      },
    }),
  ).finally(progress.clear);
  const exitCode = exitCodeOf(result, interrupted);
  const failing = [...files].sort();
  if (json)
    printJson({
      schema: "mte-oracle/soak/1",
      seed,
      ...result,
      files: failing,
      interrupted,
      exitCode,
    });
  else
    process.stdout.write(
      `${interrupted ? "INTERRUPTED: " : ""}${grouped(result.batches)} batch${result.batches === 1 ? "" : "es"}, ` +
        `${counts(result)}\n`,
    );
  return exitCode;
};

export const addSoak = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("soak"))
    .summary("run the lockstep suites with fresh seeds, for so many minutes")
    .description(
      "Runs batch after batch of the lockstep suites, each with the next seed, and keeps every " +
        "run in which model and implementation part. The first seed is printed: with --seed the " +
        "same batches are run again.",
    )
    .requiredOption("--minutes <n>", "how long, in minutes of wall time", minutes)
    .option("--seed <n>", "of the first batch (any)", wholeNumber(0, highestSeed))
    .option("--suite <names...>", "only these suites")
    .option("--bug <id>", "plant this bug in the implementation")
    .option("--keep <folder>", "where failing runs are written", "found")
    .option("--workers <n>", "threads to run in", wholeNumber(1, 256), 2)
    .action(async (_options: unknown, command: Command) => {
      ended(await runSoak(optionsSchema.parse(command.opts())));
    });
};
