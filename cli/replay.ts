/** `mte-oracle replay FILE`: runs a counterexample again and tells it step by step. */
import { createInterface } from "node:readline/promises";
import type { Command } from "commander";
import { z } from "zod";
import {
  type Counterexample,
  largestFileBytes,
  parseCounterexample,
  type Replay,
  replay,
  replayParts,
} from "../counterexamples/index.ts";
import { describeInputError } from "../model/index.ts";
import { timeoutMilliseconds } from "./adapter.ts";
import { commonOptions, printJson, wholeNumber, withCommonOptions } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";
import { readText } from "./files.ts";
import { isDrivenRun, replayDriven } from "./replay-driven.ts";

const optionsSchema = z.object({
  ...commonOptions,
  step: z.boolean().default(false),
  until: z.number().optional(),
  adapter: z.string().optional(),
  timeout: z.number(),
});

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

export type Telling = {
  readonly json: boolean;
  readonly step?: boolean;
  readonly until?: number | undefined;
};

/** Replays and tells it; the exit code says whether it ends as the file says. */
export const tellReplay = async (
  counterexample: Counterexample,
  { json, step = false, until }: Telling,
): Promise<ExitCode> => {
  const replayed = replay(counterexample);
  const shown = until ?? replayed.steps.length;
  if (json) printJson(asJson(replayed, shown));
  else await tell(replayed, shown, step && process.stdin.isTTY === true);
  return replayed.verdict.kind === "reproduced" ? exitCodes.asExpected : exitCodes.violation;
};

export const addReplay = (program: Command, ended: (code: ExitCode) => void): void => {
  withCommonOptions(program.command("replay"))
    .summary("run a counterexample again, step by step")
    .description(
      "Runs a counterexample again and shows who does what in each step and what it changes. " +
        "Ends with 0 when the run breaks the property as the file says, with 1 when it does not.",
    )
    .argument("<file>", "a counterexample that check or test has saved, or one written by hand")
    .option("--step", "wait for Enter after each step (on a terminal)")
    .option("--until <n>", "show the first n steps only", wholeNumber(0, 1e9))
    .option("--adapter <command>", "ask this program again, for a run that test has saved")
    .addOption(timeoutMilliseconds())
    .action(async (file: string, _options: unknown, command: Command) => {
      const { json, step, until, adapter, timeout } = optionsSchema.parse(command.opts());
      const text = readText(file, largestFileBytes);
      if (isDrivenRun(text))
        return ended(await replayDriven(text, file, { json, adapter, timeout }));
      if (adapter !== undefined)
        throw new CommandError(exitCodes.usage, "--adapter replays runs that test has saved only");
      const parsed = parseCounterexample(text, file);
      if (!parsed.ok)
        throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
      ended(await tellReplay(parsed.value, { json, step, until }));
    });
};
