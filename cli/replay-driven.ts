/** `mte-oracle replay FILE` of a run that an adapter failed: asked again of it, or judged again. */

import { type Attempt, describeInputError } from "../model/index.ts";
import {
  AdapterFault,
  type DrivenAgain,
  type DrivenRun,
  describeFault,
  doAgain,
  doProcessAgain,
  drivenRunFormat,
  drivenStoryOf,
  Host,
  judgeAgain,
  judgeProcessAgain,
  memoryVocabulary,
  type Pages,
  type Processes,
  type ProcessRun,
  parseDrivenRun,
  parseProcessRun,
  processVocabulary,
  type Vocabulary,
  type Words,
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

/** Is it a run of the vocabulary of programs? */
const isProcessRun = (text: string): boolean => /"vocabulary":\s*"process"/.test(text);

export type ReplayingDriven = {
  readonly adapter?: string | undefined;
  readonly timeout: number;
  readonly json: boolean;
};

/** A run that is done again by a program, or judged again from the answers in its file. */
type Replaying<W extends Words, Driven> = {
  readonly vocabulary: Vocabulary<W>;
  readonly parse: (text: string, file: string) => Attempt<Driven>;
  readonly doAgain: (driven: Driven, host: Host<W>) => Promise<DrivenAgain<W>>;
  readonly judgeAgain: (driven: Driven) => Promise<DrivenAgain<W>>;
};

const pages = {
  vocabulary: memoryVocabulary,
  parse: parseDrivenRun,
  doAgain,
  judgeAgain,
} satisfies Replaying<Pages, DrivenRun>;

const programs = {
  vocabulary: processVocabulary,
  parse: parseProcessRun,
  doAgain: doProcessAgain,
  judgeAgain: judgeProcessAgain,
} satisfies Replaying<Processes, ProcessRun>;

const again = async <W extends Words, Driven>(
  { vocabulary, doAgain, judgeAgain }: Replaying<W, Driven>,
  driven: Driven,
  { adapter, timeout }: ReplayingDriven,
): Promise<DrivenAgain<W>> => {
  if (adapter === undefined) return judgeAgain(driven);
  const host = new Host(adapterCommand(adapter), timeouts(timeout), vocabulary.dialect);
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
export const replayDriven = (
  text: string,
  file: string,
  options: ReplayingDriven,
): Promise<ReplayedDriven> =>
  isProcessRun(text)
    ? replayIn(programs, text, file, options)
    : replayIn(pages, text, file, options);

const replayIn = async <W extends Words, Driven extends Pick<DrivenRun, "adapter" | "failure">>(
  replaying: Replaying<W, Driven>,
  text: string,
  file: string,
  options: ReplayingDriven,
): Promise<ReplayedDriven> => {
  const parsed = replaying.parse(text, file);
  if (!parsed.ok)
    throw new CommandError(exitCodes.malformedInput, describeInputError(parsed.error));
  const driven = parsed.value;
  const { run, same } = await again(replaying, driven, options);
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
  else {
    const story = drivenStoryOf(replaying.vocabulary, driven.adapter, run);
    process.stdout.write(`${story}${verdict} by the ${by}\n`);
  }
  const ciCase: CiCase = {
    group: driven.adapter,
    name: file,
    verdict: same ? { kind: "pass", note: null } : { kind: "fail", message: "not reproduced" },
    file,
  };
  return { code: same ? exitCodes.asExpected : exitCodes.violation, ciCase };
};
