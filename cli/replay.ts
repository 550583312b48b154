/** `mte-oracle replay FILE`: runs a counterexample again and tells it step by step. */
import { createInterface } from "node:readline/promises";
import { type Command, InvalidArgumentError } from "commander";
import { z } from "zod";
import {
  type Counterexample,
  largestFileBytes,
  type Place,
  type Replay,
  replay,
  replayOn,
  replayParts,
} from "../counterexamples/index.ts";
import { designNamed, designs } from "../model/index.ts";
import { timeoutMilliseconds } from "./adapter.ts";
import { type CiCase, ciOptions, demandReport, reportToCi, withCiOptions } from "./ci-report.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { counterexampleIn } from "./counterexample-files.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readText } from "./files.ts";
import { isDrivenRun, replayDriven } from "./replay-driven.ts";

const optionsSchema = z.object({
  ...commonOptions,
  ...ciOptions,
  step: z.boolean().default(false),
  until: z.number().optional(),
  on: z.custom<Where>().optional(),
  adapter: z.string().optional(),
  timeout: z.number(),
});

/** A program of somebody else's, by its command line, is a place as well. */
type Where = Place | { readonly kind: "adapter"; readonly command: string };

const onWords = 'Expected "impl", "model", "adapter=COMMAND", or "design=NAME" with one of ';

/** Where to run the steps: `impl`, `model`, `adapter=COMMAND` or `design=NAME`. */
const placeIn = (text: string): Where => {
  if (text === "impl") return { kind: "implementation" };
  if (text === "model") return { kind: "model" };
  const command = /^adapter=(?<command>.*)$/.exec(text)?.groups?.["command"];
  if (command !== undefined) return { kind: "adapter", command };
  const name = /^design=(?<name>.*)$/.exec(text)?.groups?.["name"];
  const design = name === undefined ? undefined : designNamed(name);
  if (design) return { kind: "design", design };
  throw new InvalidArgumentError(`${onWords}${designs.map((each) => each.name).join(", ")}.`);
};

const asJson = ({ counterexample, steps, verdict }: Replay, until: number) => ({
  schema: "mte-oracle/replay/1",
  design: counterexample.design,
  ...(counterexample.implementation && { implementation: counterexample.implementation }),
  property: counterexample.property,
  kind: counterexample.kind,
  loopFrom: counterexample.loopFrom ?? null,
  steps: steps.slice(0, until),
  verdict,
});

/** Waits for Enter; q, Ctrl-C and the end of the input end the telling. */
const nextWanted = async (): Promise<boolean> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("q")));
    const text = await Promise.race([lines.question("Enter: next step, q: end "), ended]);
    return text.trim() !== "q";
  } finally {
    lines.close();
  }
};

const tell = async (replayed: Replay, until: number, byStep: boolean): Promise<void> => {
  const { opening, steps, ending } = replayParts(replayed);
  process.stdout.write(opening);
  for (const [index, step] of steps.slice(0, until).entries()) {
    if (byStep && index > 0 && !(await nextWanted())) return;
    process.stdout.write(step);
  }
  const left = steps.length - until;
  process.stdout.write(left > 0 ? `     (${left} more, left out by --until)\n${ending}` : ending);
};

/** What the replay of a file came to, for CI. */
const caseOf = (file: string, { counterexample, verdict }: Replay): CiCase => ({
  group: counterexample.design,
  name: counterexample.property.id,
  verdict:
    verdict.kind === "reproduced"
      ? { kind: "pass", note: verdict.reason }
      : { kind: "fail", message: `not reproduced: ${verdict.why}` },
  file,
});

export type Telling = {
  readonly json: boolean;
  readonly step?: boolean;
  readonly until?: number | undefined;
  /** Left out: where the file says. */
  readonly on?: Place | undefined;
  /** Told of it afterwards. */
  readonly report?: (replayed: Replay) => void;
};

/** Replays and tells it; the exit code says whether it ends as the file says. */
export const tellReplay = async (
  counterexample: Counterexample,
  { json, step = false, until, on, report }: Telling,
): Promise<ExitCode> => {
  const replayed = on ? replayOn(counterexample, on) : replay(counterexample);
  const shown = until ?? replayed.steps.length;
  if (json) printJson(asJson(replayed, shown));
  else await tell(replayed, shown, step && process.stdin.isTTY === true);
  report?.(replayed);
  return replayed.verdict.kind === "reproduced" ? exitCodes.asExpected : exitCodes.violation;
};

export const addReplay = (program: Command, ended: (code: ExitCode) => void): void => {
  withCiOptions(withCommonOptions(program.command("replay")))
    .summary("run a counterexample again, step by step")
    .description(
      "Runs a counterexample again and shows who does what in each step and what it changes. " +
        "Ends with 0 when the run breaks the property as the file says, with 1 when it does not.",
    )
    .argument("<file>", "a counterexample that check or test has saved, or one written by hand")
    .option("--step", "wait for Enter after each step (on a terminal)")
    .option("--until <n>", "show the first n steps only", wholeNumber(0, 1e9))
    .option(
      "--on <place>",
      "run the steps on impl, model, design=NAME or adapter=COMMAND, as far as they go",
      placeIn,
    )
    .option("--adapter <command>", "ask this program again, for a run that test has saved")
    .addOption(timeoutMilliseconds())
    .action(async (file: string, _options: unknown, command: Command) => {
      const options = optionsSchema.parse(command.opts());
      const { json, step, until, on: where, timeout } = options;
      const adapter = where?.kind === "adapter" ? where.command : options.adapter;
      const on = where?.kind === "adapter" ? undefined : where;
      demandReport(options);
      const text = readText(file, largestFileBytes);
      if (isDrivenRun(text)) {
        const { code, ciCase } = await replayDriven(text, file, { json, adapter, timeout });
        reportToCi(options, "replay", [ciCase]);
        return ended(code);
      }
      if (adapter !== undefined)
        throw new CommandError(exitCodes.usage, "an adapter replays runs that test has saved only");
      const report = (replayed: Replay) => reportToCi(options, "replay", [caseOf(file, replayed)]);
      const counterexample = counterexampleIn(text, file);
      ended(await tellReplay(counterexample, { json, step, until, on, report }));
    });
};
