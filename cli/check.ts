/** `mte-oracle check`: explores the designs on a machine and prints the table. */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import { z } from "zod";
import { designs, type PageSizeBytes } from "../model/index.ts";
import {
  type Column,
  compareWithExpected,
  defaultMachine,
  expectedKey,
  profiles,
  type RunOptions,
  runTable,
  sizes,
  type Task,
  tasksOf,
} from "../properties/index.ts";
import { answer } from "./answer.ts";
import { casesOfCheck } from "./check-cases.ts";
import { ciOptions, demandReport, reportToCi, withCiOptions } from "./ci-report.ts";
import { commonOptions, namesOption, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readExpected, updateExpected } from "./expectations.ts";
import { demandWritable } from "./files.ts";
import { compareImplementation } from "./implementation.ts";
import { type ChosenMachine, chooseMachine, machineNames } from "./machines.ts";
import { writeCheckPages } from "./pages.ts";
import { type CheckReport, printHeader, printReport, reportAsJson } from "./report.ts";
import { saveCounterexamples } from "./save.ts";
import { stoppable } from "./stoppable.ts";
import {
  demandWholeComparison,
  strategyOf,
  strategyOptions,
  withStrategyOptions,
} from "./strategy.ts";
import { painter, progressLine } from "./terminal.ts";

const pageSizes = { "4096": 4096, "16384": 16384, "65536": 65536 } as const;
const mostWorkers = 256;
const defaultMaxStates = 500_000;

const optionsSchema = z.object({
  ...commonOptions,
  ...ciOptions,
  machine: z.string(),
  pageSize: z.enum(["4096", "16384", "65536"]),
  size: z.enum(sizes),
  profile: z.enum(profiles),
  design: z.array(z.string()).optional(),
  slice: z.array(z.string()).optional(),
  maxStates: z.number().optional(),
  maxDepth: z.number().optional(),
  timeLimit: z.number().optional(),
  workers: z.number(),
  ...strategyOptions,
  save: z.string(),
  allowInconclusive: z.boolean().default(false),
  updateExpected: z.boolean().default(false),
  pages: z.string().optional(),
});

type CheckOptions = z.infer<typeof optionsSchema>;

/** The tasks of the run; a machine that is too small for them, or a wrong slice, is the user's. */
const plan = (
  options: Pick<RunOptions, "machine" | "designs" | "slices" | "size" | "profile">,
): readonly Task[] => {
  try {
    const { slices: _, ...whole } = options;
    const all = tasksOf(whole);
    const known = [...new Set(all.map(({ slice }) => slice.name))];
    const unknown = options.slices?.find((name) => !known.includes(name));
    if (unknown !== undefined)
      throw new CommandError(
        exitCodes.usage,
        `there is no slice ${JSON.stringify(unknown)}: expected one of ${known.join(", ")}`,
      );
    return all.filter(({ slice }) => options.slices?.includes(slice.name) ?? true);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    const why = `the machine is too small for the slices: ${thrown.message}`;
    throw new CommandError(exitCodes.usage, why);
  }
};

const exitCodeOf = (report: CheckReport, allowInconclusive: boolean): ExitCode => {
  if (report.interrupted) return exitCodes.interrupted;
  if (report.differences.length > 0 || report.missedMarks.length > 0) return exitCodes.violation;
  if (report.expectedKnown === false && report.anyBroken) return exitCodes.violation;
  if (report.undecided && !allowInconclusive) return exitCodes.inconclusive;
  return exitCodes.asExpected;
};

const reportOf = (
  chosen: ChosenMachine,
  tasks: readonly Task[],
  columns: readonly Column[],
  key: string | null,
  rest: Pick<CheckReport, "interrupted" | "pageSize" | "size" | "profile" | "strategy">,
): CheckReport => {
  const wanted = key === null ? undefined : readExpected(rest.profile).machines[key];
  const expectedKnown = wanted !== undefined;
  const wholes = new Set(
    columns
      .filter(({ design, reports }) => {
        const own = tasks.filter((task) => task.design.name === design);
        return own.length === reports.length && reports.every(({ cut }) => cut === null);
      })
      .map(({ design }) => design),
  );
  const cells = columns.flatMap((column) => [...column.cells.values()]);
  const explored = [...new Set(tasks.map(({ design }) => design))];
  const all = tasksOf({ machine: chosen.machine, designs: explored });
  const complete = (column: Column): boolean =>
    wholes.has(column.design) &&
    column.reports.length === all.filter(({ design }) => design.name === column.design).length;
  return {
    ...rest,
    machine: chosen,
    tasks,
    columns,
    judged: columns.map((column) => ({ column, whole: complete(column) })),
    expectedKnown,
    differences: wanted ? compareWithExpected(columns, wanted) : [],
    missedMarks: columns.flatMap((column) =>
      complete(column) && rest.profile === "processes" && rest.size !== "smaller"
        ? column.unreached.map((mark) => ({ design: column.design, mark }))
        : [],
    ),
    anyBroken: cells.some(({ kind }) => kind === "broken" || kind === "never"),
    undecided: columns.some(({ reports }) => reports.some(({ cut }) => cut !== null)),
  };
};

const check = async (options: CheckOptions): Promise<ExitCode> => {
  const pageSize: PageSizeBytes = pageSizes[options.pageSize];
  const chosen = chooseMachine(options.machine, pageSize);
  const asked = designs.filter(({ name }) => options.design?.includes(name) ?? true);
  const { slice: slices, maxStates, maxDepth, timeLimit, workers, size, profile } = options;
  const { machine } = chosen;
  const tasks = plan({ machine, designs: asked, size, profile, ...(slices && { slices }) });
  const strategy = strategyOf(options);
  if (options.implementation) {
    demandWholeComparison(options);
    return compareImplementation({
      ...{ machine, designs: asked, slices, size, workers },
      machineName: chosen.name,
      maxStates: maxStates ?? defaultMaxStates,
      json: options.json,
      allowInconclusive: options.allowInconclusive,
    });
  }
  const key = chosen.isShipped ? expectedKey(chosen.name, pageSize, size, profile) : null;
  demandWritable(options.save);
  if (options.pages !== undefined) demandWritable(options.pages);
  demandReport(options);
  const known = readExpected(profile).machines;
  const progress = progressLine(options.quiet);
  const paint = painter(options.color);
  if (!options.json) printHeader(chosen, tasks, strategy);
  const { result: columns, interrupted } = await stoppable((signal) =>
    runTable({
      machine,
      designs: asked,
      workers,
      signal,
      strategy,
      size,
      profile,
      ...(slices && { slices }),
      bounds: {
        ...(maxStates !== undefined && { maxStates }),
        ...(maxDepth !== undefined && { maxDepth }),
        ...(timeLimit !== undefined && { maxMilliseconds: timeLimit * 1000 }),
      },
      onProgress: progress.show,
      sizeOf: (design, slice) =>
        known[key ?? expectedKey(defaultMachine, 4096)]?.[design]?.slices[slice]?.states ?? 0,
    }),
  ).finally(progress.clear);
  const saved = saveCounterexamples(options.save, columns);
  if (options.updateExpected) {
    if (key === null || interrupted || slices !== undefined)
      throw new CommandError(
        exitCodes.usage,
        "--update-expected needs a shipped machine and a whole run of every slice",
      );
    updateExpected(key, columns, profile);
  }
  const report = reportOf(chosen, tasks, columns, key, {
    interrupted,
    pageSize,
    size,
    profile,
    strategy,
  });
  const code = exitCodeOf(report, options.allowInconclusive);
  const look =
    options.pages === undefined
      ? null
      : writeCheckPages(options.pages, columns, { answer: answer(report.judged), strategy });
  reportToCi(options, "check", casesOfCheck(report, saved));
  if (options.json) printJson(reportAsJson(report, saved, code));
  else printReport(report, saved, paint, look);
  return code;
};

export const addCheck = (program: Command, ended: (code: ExitCode) => void): void => {
  const positive = wholeNumber(1, Number.MAX_SAFE_INTEGER);
  withStrategyOptions(withCiOptions(withCommonOptions(program.command("check"))))
    .summary("explore the designs and print the table of verdicts")
    .description(
      "Explores every design in small scopes taken from a machine, prints designs across and " +
        "properties down, and saves each broken cell's counterexample.",
    )
    .option(
      "--machine <name|file>",
      `a device tree source, or one of ${machineNames().join(", ")}`,
      defaultMachine,
    )
    .addOption(
      new Option("--page-size <bytes>", "page size of the kernel")
        .choices(Object.keys(pageSizes))
        .default("4096"),
    )
    .addOption(
      namesOption(
        "--design <names...>",
        "only these designs",
        designs.map(({ name }) => name),
      ),
    )
    .option("--slice <names...>", "only these slices")
    .addOption(
      new Option("--size <size>", "of every scope: a page fewer or more for each storage page")
        .choices(sizes)
        .default("usual"),
    )
    .addOption(
      new Option("--profile <who>", "who asks for tags: processes, all of the kernel, a guest")
        .choices(profiles)
        .default("processes"),
    )
    .option(
      "--max-states <n>",
      "keep at most so many states of each slice",
      positive,
      defaultMaxStates,
    )
    .option("--max-depth <n>", "look at runs of at most so many steps", wholeNumber(0, 1e9))
    .option("--time-limit <seconds>", "search no longer than this in all", wholeNumber(1, 1e7))
    .option(
      "--workers <n>",
      "threads to explore with",
      wholeNumber(1, mostWorkers),
      availableParallelism(),
    )
    .option("--save <folder>", "where counterexamples are written", "mte-counterexamples")
    .option("--pages <folder>", "write the table and each counterexample as pages to look at")
    .option("--allow-inconclusive", "end with 0 instead of 3 when a bound cut a search")
    .option("--update-expected", "in a checkout: make the verdicts of this run the expected ones")
    .action(async (_options: unknown, command: Command) => {
      ended(await check(optionsSchema.parse(command.opts())));
    });
};
