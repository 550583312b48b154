/**
 * A whole log, line by line: the head, then the judge, and what it found on which line. A line that
 * is no entry counts as a gap, so that the lines after it are judged all the same.
 */
import type { Attempt, InputError } from "../../model/index.ts";
import {
  isGap,
  type LogEntry,
  type LogEvent,
  type LogHead,
  type LogPlace,
  readLogEntry,
  readLogHead,
} from "../log/index.ts";
import { type EntryVerdict, type JudgeOptions, LogJudge } from "./judge.ts";

/** An entry that nothing explains, or that more states explain than can be kept. */
export type LogFinding = {
  readonly line: number;
  readonly event: LogEvent;
  readonly verdict: Exclude<EntryVerdict, { readonly kind: "explained" }>;
  /** The lines before it that some run of the contract explains as a whole; `null`: there are none. */
  readonly prefix: { readonly first: number; readonly last: number } | null;
};

export type LogCounts = {
  /** Events and gaps. */
  readonly entries: number;
  /** Gaps about everything. */
  readonly gaps: number;
  readonly deviations: number;
  readonly illFormed: number;
  readonly inconclusive: number;
  /** Lines that are no entries. */
  readonly malformed: number;
};

/** How a line becomes entries: none, one, or several that came about at once. */
export type LineReader = (text: string, place: LogPlace) => Attempt<readonly LogEntry[]>;

export type LogRunOptions = JudgeOptions & {
  /** For messages only; nothing is opened. */
  readonly file?: string;
  /** Of a log without a head of its own. */
  readonly head?: LogHead;
  readonly read?: LineReader;
};

/** What a line came to. */
export type LineResult = {
  readonly findings: readonly LogFinding[];
  readonly malformed: InputError | null;
};

const readOne: LineReader = (text, place) => {
  const read = readLogEntry(text, place);
  return read.ok ? { ok: true, value: [read.value] } : read;
};

const quiet: LineResult = { findings: [], malformed: null };

export class LogRun {
  readonly file: string;
  private readonly read: LineReader;
  private readonly options: JudgeOptions;
  private judge: LogJudge | null;
  private lines = 0;
  /** The first and the last line of what is explained up to now. */
  private first = 0;
  private last = 0;
  private entries = 0;
  private gaps = 0;
  private deviations = 0;
  private illFormed = 0;
  private inconclusive = 0;
  private malformed = 0;

  constructor({ file = "log", head, read = readOne, ...options }: LogRunOptions = {}) {
    this.file = file;
    this.read = read;
    this.options = options;
    this.judge = head ? new LogJudge(head, options) : null;
  }

  get counts(): LogCounts {
    const { entries, gaps, deviations, illFormed, inconclusive, malformed } = this;
    return { entries, gaps, deviations, illFormed, inconclusive, malformed };
  }

  /** Was there a head? Without one nothing is judged. */
  get begun(): boolean {
    return this.judge !== null;
  }

  /** The next line of the text, without its end. */
  line(text: string): LineResult {
    this.lines++;
    const plain = this.lines === 1 ? text.replace(/^\u{feff}/u, "") : text;
    if (plain.trim() === "") return quiet;
    const place = { file: this.file, line: this.lines };
    if (this.judge === null) return this.begin(plain, place);
    const read = this.read(plain, place);
    if (!read.ok) {
      this.malformed++;
      this.judge.entry({ gap: {} });
      return { findings: [], malformed: read.error };
    }
    const findings: LogFinding[] = [];
    for (const entry of read.value) {
      const finding = this.entry(this.judge, entry);
      if (finding) findings.push(finding);
    }
    return findings.length === 0 ? quiet : { findings, malformed: null };
  }

  /** A log without a head is judged no further: its first line is the one that is told. */
  private begin(text: string, place: LogPlace): LineResult {
    if (this.malformed > 0) return quiet;
    const read = readLogHead(text, place);
    if (read.ok) this.judge = new LogJudge(read.value, this.options);
    else this.malformed++;
    return read.ok ? quiet : { findings: [], malformed: read.error };
  }

  private entry(judge: LogJudge, entry: LogEntry): LogFinding | null {
    this.entries++;
    if (isGap(entry) && !entry.gap.pages && !entry.gap.slots) this.gaps++;
    const verdict = judge.entry(entry);
    const { first, last } = this;
    if (verdict.kind === "explained") {
      if (first === 0) this.first = this.lines;
      this.last = this.lines;
      return null;
    }
    this.first = 0;
    if (verdict.kind === "deviation") this.deviations++;
    else if (verdict.kind === "ill-formed") this.illFormed++;
    else this.inconclusive++;
    if (isGap(entry)) return null;
    const prefix = first === 0 ? null : { first, last };
    return { line: this.lines, event: entry, verdict, prefix };
  }
}

export type LogReport = {
  readonly counts: LogCounts;
  readonly findings: readonly LogFinding[];
  /** The first line that is no entry. */
  readonly malformed: InputError | null;
};

/**
 * Judges a whole log.
 *
 * @param lines its lines without their ends, or its text
 */
export const judge = (lines: Iterable<string> | string, options: LogRunOptions = {}): LogReport => {
  const run = new LogRun(options);
  const findings: LogFinding[] = [];
  let malformed: InputError | null = null;
  for (const line of typeof lines === "string" ? lines.split(/\r?\n/) : lines) {
    const result = run.line(line);
    findings.push(...result.findings);
    malformed ??= result.malformed;
  }
  return { counts: run.counts, findings, malformed };
};
