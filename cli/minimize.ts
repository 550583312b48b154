/** `mte-oracle minimize FILE`: a counterexample made as small as it can be. */
import * as path from "node:path";
import { setImmediate as pause } from "node:timers/promises";
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import {
  type Counterexample,
  largestFileBytes,
  type Minimized,
  minimizeFoundRun,
  minimizing,
  parseFoundRun,
  type Shortest,
  stoppedAt,
  writeCounterexample,
  writeFoundRun,
} from "../counterexamples/index.ts";
import { describeInputError } from "../model/index.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { counterexampleIn } from "./counterexample-files.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readText, writeIfChanged } from "./files.ts";
import { stoppable } from "./stoppable.ts";
import { counted } from "./terminal.ts";

const optionsSchema = z.object({
  ...commonOptions,
  to: z.string().optional(),
  timeLimit: z.number().optional(),
  maxStates: z.number(),
});

type Options = z.infer<typeof optionsSchema>;

const millisecondsBetweenLooks = 50;
const millisecondsBetweenLines = 2_000;
/** The first line of progress comes sooner: it says that something is happening. */
const millisecondsToFirstLine = 300;

const seconds = (text: string): number => {
  const value = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw new InvalidArgumentError("Expected a number of seconds above 0.");
};

type Length = Minimized["from"];

const lengthWords = ({ operations, switches, actions }: Length): string =>
  `${counted(operations, "operation")}, ${switches} switch${switches === 1 ? "" : "es"}, ` +
  counted(actions, "action");

const shortestWords = (shortest: Shortest, where: string): readonly string[] => {
  if (shortest.kind === "not-asked") return [];
  const { operations, switches, actions } = shortest.length;
  const length = `${operations}/${switches}/${actions}`;
  const how =
    shortest.kind === "yes"
      ? `yes, every shorter run was searched (${counted(shortest.states, "state")})`
      : `not decided, the search was cut at ${counted(shortest.states, "state")}`;
  return [`${length} is shortest in ${where}: ${how}`];
};

const summary = ({ from, to, oneMinimal, asGiven, shortest, tried }: Minimized): string => {
  const sense = oneMinimal
    ? "1-minimal: nothing can be left out or made smaller by itself"
    : "not finished: the smallest so far";
  const lines = [
    `from  ${lengthWords(from)}`,
    `to    ${lengthWords(to)}`,
    `${sense} (${counted(tried, "run")} tried)`,
    ...shortestWords(asGiven, "the scope it came with"),
    ...shortestWords(shortest, "its own scope"),
  ];
  return `${lines.join("\n")}\n`;
};

/** Runs it to its end, or until it is told to stop; null where it does not fail as it says. */
const drive = async (
  original: Counterexample,
  { maxStates, timeLimit, quiet }: Options,
  signal: AbortSignal,
): Promise<Minimized | null> => {
  const run = minimizing(original, { scopeStates: maxStates });
  const begun = performance.now();
  let looked = begun;
  let told = begun - millisecondsBetweenLines + millisecondsToFirstLine;
  for (let step = run.next(); ; step = run.next()) {
    if (step.done === true) return step.value;
    const now = performance.now();
    if (now - looked < millisecondsBetweenLooks) continue;
    looked = now;
    await pause();
    if (signal.aborted) return stoppedAt(step.value, original);
    if (timeLimit !== undefined && now - begun >= timeLimit * 1000)
      return stoppedAt(step.value, original);
    if (quiet || now - told < millisecondsBetweenLines) continue;
    told = now;
    const { best, tried, states } = step.value;
    process.stderr.write(
      `${counted(best.steps.length, "action")} left, ${counted(tried, "run")} tried, ` +
        `${counted(states, "state")} searched\n`,
    );
  }
};

/** Beside the file that was read, so that neither is lost. */
const besides = (file: string): string => `${file.replace(/\.json$/, "")}.minimal.json`;

const exitCodeOf = ({ oneMinimal }: Minimized, interrupted: boolean): ExitCode => {
  if (oneMinimal) return exitCodes.asExpected;
  return interrupted ? exitCodes.interrupted : exitCodes.inconclusive;
};

/** A run of a lockstep suite in which model and implementation parted says so in its format. */
const isFoundRun = (text: string): boolean => /"format"\s*:\s*"mte-oracle\/found-run"/.test(text);

const minimizeFound = (file: string, text: string, { to: asked, json }: Options): ExitCode => {
  const parsed = parseFoundRun(text, file);
  if (!parsed.ok)
    throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
  const result = minimizeFoundRun(parsed.value);
  if (result === null)
    throw new CommandError(exitCodes.violation, `${file}: model and implementation agree`);
  const { found, from, to, tried } = result;
  const target = asked ?? besides(file);
  writeIfChanged(target, writeFoundRun(found));
  const shown = path.normalize(target);
  const known = { from, to, oneMinimal: true, tried, exitCode: exitCodes.asExpected };
  if (json) printJson({ schema: "mte-oracle/minimized/1", file: shown, ...known });
  else
    process.stdout.write(
      `from  ${lengthWords(from)}\nto    ${lengthWords(to)}\n` +
        `1-minimal: nothing can be left out by itself (${counted(tried, "run")} tried)\n` +
        `written to ${shown}\n`,
    );
  return exitCodes.asExpected;
};

const runMinimize = async (file: string, options: Options): Promise<ExitCode> => {
  const text = readText(file, largestFileBytes);
  if (isFoundRun(text)) return minimizeFound(file, text, options);
  const original = counterexampleIn(text, file);
  const { result, interrupted } = await stoppable((signal) => drive(original, options, signal));
  if (result === null)
    throw new CommandError(
      exitCodes.violation,
      `${file} does not fail as it says: mte-oracle replay tells why`,
    );
  const { counterexample, ...known } = result;
  const to = options.to ?? besides(file);
  writeIfChanged(to, writeCounterexample(counterexample));
  const exitCode = exitCodeOf(result, interrupted);
  const shown = path.normalize(to);
  if (options.json)
    printJson({ schema: "mte-oracle/minimized/1", file: shown, ...known, exitCode });
  else process.stdout.write(`${summary(result)}written to ${shown}\n`);
  return exitCode;
};

export const addMinimize = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("minimize"))
    .summary("make a counterexample as small as it can be")
    .description(
      "Leaves out operations, actors, actions, switches, values and parts of the scope while the " +
        "same property fails for the same reason, and says whether what is left is a shortest run. " +
        "Ctrl-C or the time limit end it with the smallest so far.",
    )
    .argument("<file>", "a counterexample, or a run that suite or soak has kept")
    .option("--to <file>", "where the small one is written (FILE.minimal.json)")
    .option("--time-limit <seconds>", "stop after so long, with the smallest so far", seconds)
    .option(
      "--max-states <n>",
      "of the scope, when it is searched for a shorter run; 0: it is not",
      wholeNumber(0, 2 ** 24),
      100_000,
    )
    .action(async (file: string, _options: unknown, command: Command) => {
      ended(await runMinimize(file, optionsSchema.parse(command.opts())));
    });
};
