/**
 * Drives a program through many runs. Each failure of a new kind is made short and told at once, so
 * that nothing that was found can be lost; a program that dies or hangs is started again, one that
 * breaks the protocol ends the drive.
 */
import { AdapterFault, type Fault, isAdaptersOwn } from "./fault.ts";
import { Host } from "./host.ts";
import { memory } from "./memory.ts";
import type { Command, SessionOptions } from "./session.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { isAlike, type Pages, type Run, type Told, type Words } from "./words.ts";

/** A failure, as short as it could be made. */
export type Finding<W extends Words = Pages> = {
  readonly adapter: string;
  readonly seed: number;
  readonly run: number;
  /** Steps of the run in which it was found. */
  readonly foundIn: number;
  /** False: the program did not do it again, so that it could not be made shorter. */
  readonly reproduced: boolean;
  readonly failing: Run<W>;
};

/** How often an operation was asked, and how it was answered. */
export type Tally = {
  asked: number;
  /** Ended in an outcome. */
  answered: number;
  refused: number;
  notDone: number;
  unknown: number;
};

export type DriveOptions<W extends Words = Pages> = SessionOptions & {
  readonly seed: number;
  /** Numbers of the runs to do, in their order. */
  readonly runs: readonly number[];
  readonly length: number;
  readonly window: number;
  /** Ends it after so many different failures. */
  readonly mostFindings: number;
  /** Asked before each run. */
  readonly isOver: () => boolean;
  readonly onFinding: (finding: Finding<W>) => void;
  readonly onRun?: (done: number, operations: number) => void;
};

export type Driven<W extends Words = Pages> = {
  readonly adapter: string;
  readonly capabilities: W["capabilities"] | null;
  readonly runs: number;
  readonly operations: number;
  /** By kind of operation. */
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly findings: readonly Finding<W>[];
  /** Failures like one of the findings. */
  readonly more: number;
  /** Runs that ended early because nobody knew any more what is true, and why the first did. */
  readonly lost: number;
  readonly lostWhy: string | null;
  /** What ended it before its time. */
  readonly fault: Fault | null;
};

class Drive<W extends Words> {
  runs = 0;
  operations = 0;
  more = 0;
  lost = 0;
  lostWhy: string | null = null;
  fault: Fault | null = null;
  adapter = "";
  capabilities: W["capabilities"] | null = null;
  readonly tallies = new Map<string, Tally>();
  readonly findings: Finding<W>[] = [];
  private readonly vocabulary: Vocabulary<W>;
  private readonly host: Host<W>;
  private readonly options: DriveOptions<W>;

  constructor(vocabulary: Vocabulary<W>, command: Command, options: DriveOptions<W>) {
    this.vocabulary = vocabulary;
    this.host = new Host(command, options, vocabulary.dialect);
    this.options = options;
  }

  async go(): Promise<void> {
    const { runs, isOver, mostFindings, onRun } = this.options;
    try {
      for (const run of runs) {
        if (isOver() || this.findings.length >= mostFindings || this.fault) break;
        await this.one(run);
        onRun?.(this.runs, this.operations);
      }
      await this.host.leave();
    } catch (thrown) {
      if (!(thrown instanceof AdapterFault)) throw thrown;
      this.fault = thrown.fault;
      await this.host.drop();
    }
  }

  private async one(number: number): Promise<void> {
    const { seed, length, window } = this.options;
    const session = await this.host.live();
    this.adapter = session.hello.name;
    this.capabilities = session.hello.capabilities;
    const run = await this.vocabulary.generate(session, { seed, run: number, length, window });
    this.runs += 1;
    this.operations += run.told.length;
    for (const told of run.told) if (told.step.by === "program") this.count(told);
    const { ending } = run;
    if (ending.kind === "lost") {
      this.lost += 1;
      this.lostWhy ??= ending.why;
    }
    if (ending.kind === "broke") {
      await this.host.drop();
      if (isAdaptersOwn(ending.fault)) this.fault = ending.fault;
    }
    if (ending.kind === "deviates" || (ending.kind === "broke" && !this.fault))
      await this.found(number, run, session.hello.capabilities);
  }

  private count({ operation, answer }: Told<W>): void {
    const kind = this.vocabulary.kindOf(operation);
    const nothing: Tally = { asked: 0, answered: 0, refused: 0, notDone: 0, unknown: 0 };
    const tally = this.tallies.get(kind) ?? nothing;
    this.tallies.set(kind, tally);
    tally.asked += 1;
    if (answer?.type === "outcome") tally.answered += 1;
    else if (answer?.error === "refused") tally.refused += 1;
    else if (answer?.error === "not-done") tally.notDone += 1;
    else tally.unknown += 1;
  }

  private async found(number: number, run: Run<W>, capabilities: W["capabilities"]): Promise<void> {
    if (this.findings.some(({ failing }) => isAlike(failing.ending, run.ending))) {
      this.more += 1;
      return;
    }
    const found = { adapter: this.adapter, seed: this.options.seed, run: number };
    const foundIn = run.told.length;
    try {
      const { minimize } = this.vocabulary;
      const { run: failing, reproduced } = await minimize(this.host, capabilities, run);
      this.tell({ ...found, foundIn, reproduced, failing });
    } catch (thrown) {
      if (thrown instanceof AdapterFault)
        this.tell({ ...found, foundIn, reproduced: false, failing: run });
      throw thrown;
    }
  }

  private tell(finding: Finding<W>): void {
    this.findings.push(finding);
    this.options.onFinding(finding);
  }
}

/** Drives a program in the vocabulary of pages. */
export const drive = (command: Command, options: DriveOptions): Promise<Driven> =>
  driveIn(memory, command, options);

export const driveIn = async <W extends Words>(
  vocabulary: Vocabulary<W>,
  command: Command,
  options: DriveOptions<W>,
): Promise<Driven<W>> => {
  const driven = new Drive(vocabulary, command, options);
  await driven.go();
  const { adapter, capabilities, runs, operations, tallies, findings, more } = driven;
  const { lost, lostWhy, fault } = driven;
  return {
    adapter,
    capabilities,
    runs,
    operations,
    tallies,
    findings,
    more,
    lost,
    lostWhy,
    fault,
  };
};
