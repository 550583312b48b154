/** `mte-oracle suite [NAME...]`: runs lockstep suites from one seed, or a found run again. */
import type { Command } from "commander";
import { z } from "zod";
import {
  describeFailure,
  type Settings,
  type SuiteResult,
  settingsFrom,
  themes,
} from "../properties/lockstep/index.ts";
import { canRun, runBatch } from "../properties/soak/batch.ts";
import { knownBug } from "./bugs-run.ts";
import { ciOptions, demandReport, reportToCi, withCiOptions } from "./ci-report.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { demandWritable } from "./files.ts";
import { again, keepFound } from "./found-runs.ts";
import { grouped } from "./terminal.ts";

/** As many as the tests run of each suite. */
const runsOfSuite = 800;
export const highestSeed = 2 ** 31 - 1;
/** No limit: a run of a suite ends by itself. */
const weeks = 7 * 24 * 3_600_000;

const optionsSchema = z.object({
  ...commonOptions,
  ...ciOptions,
  seed: z.number().optional(),
  runs: z.number().optional(),
  bug: z.string().optional(),
  keep: z.string().optional(),
  again: z.string().optional(),
});

type Options = z.infer<typeof optionsSchema>;

const settings = (): Settings => {
  try {
    return settingsFrom(process.env);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new CommandError(exitCodes.usage, thrown.message);
  }
};

/** All suites where none is named; a name that there is not is the user's mistake. */
export const suitesNamed = (names: readonly string[], bugs: readonly string[]) => {
  const known = themes.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new CommandError(
      exitCodes.usage,
      `there is no suite ${JSON.stringify(unknown)}: expected one of ${known.join(", ")}`,
    );
  const asked = names.length > 0 ? known.filter((name) => names.includes(name)) : known;
  const able = asked.filter((name) => canRun(name, bugs));
  if (able.length > 0) return able;
  const why = `no design of ${asked.join(", ")} can have ${bugs.join(", ")}`;
  throw new CommandError(exitCodes.usage, why);
};

type Counted = Pick<SuiteResult, "runs" | "operations" | "actions" | "schedules">;

const lineOf = (suite: string, { runs, operations, actions, schedules }: Counted): string =>
  `${suite.padEnd(16)}  ${grouped(runs)} runs, ${grouped(operations)} operations, ` +
  `${grouped(actions)} actions, ${grouped(schedules)} schedules`;

const suite = (names: readonly string[], options: Options): ExitCode => {
  const { json, keep, bug } = options;
  const given = settings();
  const bugs = bug === undefined ? [] : [knownBug(bug).id];
  const seed = options.seed ?? given.seed;
  const runs = options.runs ?? given.runs ?? runsOfSuite;
  const milliseconds = given.milliseconds ?? weeks;
  const suites = suitesNamed(names, bugs);
  if (keep !== undefined) demandWritable(keep);
  demandReport(options);
  if (!json) process.stdout.write(`seed ${seed}\n`);
  const results = suites.map((name) => {
    const began = performance.now();
    const result = runBatch({ suite: name, seed, runs, milliseconds, bugs });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const { failure, schedules: pairs, ...rest } = result;
    const counted = { ...rest, schedules: pairs.length / 2 };
    const told = failure && describeFailure(failure);
    const file =
      failure && keep !== undefined
        ? keepFound(keep, failure, { seed, run: result.runs, bugs })
        : null;
    if (!json) {
      process.stdout.write(`${lineOf(name, counted)}, ${seconds} s\n`);
      if (told) process.stdout.write(`  PARTED: ${told}\n${file ? `  ${file}\n` : ""}`);
    }
    return { suite: name, ...counted, failure: told, file };
  });
  const exitCode = results.some(({ failure }) => failure !== null)
    ? exitCodes.violation
    : exitCodes.asExpected;
  reportToCi(
    options,
    "suite",
    results.map(({ suite: name, failure, file, runs: done, operations }) => ({
      group: "suites",
      name,
      verdict: failure
        ? { kind: "fail", message: failure }
        : { kind: "pass", note: `${grouped(done)} runs, ${grouped(operations)} operations` },
      file,
    })),
  );
  if (json) printJson({ schema: "mte-oracle/suite/1", seed, suites: results, exitCode });
  return exitCode;
};

export const addSuite = (program: Command, ended: (code: ExitCode) => void): void => {
  withCiOptions(withCommonOptions(program.command("suite")))
    .summary("run lockstep suites: model and implementation side by side")
    .description(
      "Generates runs and holds the implementation to the model after every action. The same " +
        "seed gives the same runs. MTE_SEED, MTE_RUNS and MTE_TIME (seconds for each suite) " +
        "stand for options that are not given.",
    )
    .argument("[names...]", `all of ${themes.map(({ name }) => name).join(", ")}`)
    .option("--seed <n>", "the seed", wholeNumber(0, highestSeed))
    .option("--runs <n>", "runs of each suite (800)", wholeNumber(1, 1e9))
    .option("--bug <id>", "plant this bug in the implementation")
    .option("--keep <folder>", "write failing runs into it")
    .option("--again <file>", "run a run that was found again, instead of a suite")
    .action((names: readonly string[], _options: unknown, command: Command) => {
      const options = optionsSchema.parse(command.opts());
      if (options.again === undefined) return ended(suite(names, options));
      if (names.length > 0)
        throw new CommandError(exitCodes.usage, "--again runs one file and takes no suite");
      ended(again(options.again, options.json));
    });
};
