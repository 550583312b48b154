/** `mte-oracle replay FILE` of a run that an adapter failed: asked again of it, or judged again. */

import { describeInputError } from "../model/index.ts";
import {
  AdapterFault,
  describeFault,
  doAgain,
  drivenRunFormat,
  drivenStoryOf,
  Host,
  judgeAgain,
  parseDrivenRun,
} from "../oracle/index.ts";
import { adapterCommand, timeouts } from "./adapter.ts";
import type { CiCase } from "./ci-report.ts";
import { printJson } from "./common.ts";
import { CommandError, type ExitCode, exitCodes } from "./exit.ts";

/** How much of a file is looked at to learn what it is. */
const head = 200;

/** Is it the file of a run that an adapter failed? */
export const isDrivenRun = (text: string): boolean =>
  text.slice(0, head).includes(`"${drivenRunFormat}"`);

export type ReplayingDriven = {
  readonly adapter?: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
};

const again = async (
  driven: Parameters<typeof judgeAgain>[0],
  { adapter, timeout }: ReplayingDriven,
) => {
  if (adapter === undefined) return judgeAgain(driven);
  const host = new Host(adapterCommand(adapter), timeouts(timeout));
  try {
    return await doAgain(driven, host);
  } catch (thrown) {
    if (!(thrown instanceof AdapterFault)) throw thrown;
    const { fault } = thrown;
    const code = fault.kind === "not-started" ? exitCodes.usage : exitCodes.malformedInput;
    throw new CommandError(code, describeFault(fault));
  } finally {
    await host.leave();
  }
};

type ReplayedDriven = { readonly code: ExitCode; readonly ciCase: CiCase };

/** Replays and tells it; the exit code says whether it fails as the file says. */
export const replayDriven = async (
  text: string,
  file: string,
  options: ReplayingDriven,
): Promise<ReplayedDriven> => {
  const parsed = parseDrivenRun(text, file);
  if (!parsed.ok)
    throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
  const driven = parsed.value;
  const { run, same } = await again(driven, options);
  const by = options.adapter === undefined ? "answers in the file" : "adapter";
  const verdict = same ? "REPRODUCED" : "NOT REPRODUCED";
  if (options.json)
    printJson({
      schema: "mte-oracle/replay-driven/1",
      adapter: driven.adapter,
      by,
      steps: run.told.map(({ operation, answer }) => ({ operation, answer })),
      ending: run.ending,
      said: driven.failure,
      reproduced: same,
    });
  else process.stdout.write(`${drivenStoryOf(driven.adapter, run)}${verdict} by the ${by}\n`);
  const ciCase: CiCase = {
    group: driven.adapter,
    name: file,
    verdict: same ? { kind: "pass", note: null } : { kind: "fail", message: "not reproduced" },
    file,
  };
  return { code: same ? exitCodes.asExpected : exitCodes.violation, ciCase };
};
