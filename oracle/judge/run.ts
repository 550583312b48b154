/**
 * A whole log, line by line: the head, then the judge of its vocabulary, and what it found on which
 * line. A line that is no entry counts as a gap, so that the lines after it are judged all the same.
 */
import type { InputError } from "../../model/index.ts";
import type { LogHead, LogPlace } from "../log/index.ts";
import type { JudgeOptions } from "./judge.ts";
import type { Objection } from "./verdict.ts";
import {
  beginLog,
  type Judged,
  type Judging,
  judgingPages,
  type LineReader,
  type Told,
} from "./vocabulary.ts";

/** An entry that nothing explains, or that more states explain than can be kept. */
export type LogFinding = Told & {
  readonly line: number;
  readonly verdict: Objection;
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
  /** Entries about what nobody knows any more, after a deviation or a gap. */
  readonly unjudged: number;
  /** Lines that are no entries. */
  readonly malformed: number;
};

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

const quiet: LineResult = { findings: [], malformed: null };

export class LogRun {
  readonly file: string;
  private readonly options: LogRunOptions;
  private judging: Judging | null;
  private lines = 0;
  /** The first and the last line of what is explained up to now. */
  private first = 0;
  private last = 0;
  private entries = 0;
  private gaps = 0;
  private deviations = 0;
  private illFormed = 0;
  private inconclusive = 0;
  private unjudged = 0;
  private malformed = 0;

  constructor(options: LogRunOptions = {}) {
    const { file = "log", head } = options;
    this.file = file;
    this.options = options;
    this.judging = head ? judgingPages(head, options) : null;
  }

  get counts(): LogCounts {
    const { entries, gaps, deviations, illFormed, inconclusive, unjudged, malformed } = this;
    return { entries, gaps, deviations, illFormed, inconclusive, unjudged, malformed };
  }

  /** Was there a head? Without one nothing is judged. */
  get begun(): boolean {
    return this.judging !== null;
  }

  /** The next line of the text, without its end. */
  line(text: string): LineResult {
    this.lines++;
    const plain = this.lines === 1 ? text.replace(/^\u{feff}/u, "") : text;
    if (plain.trim() === "") return quiet;
    const place = { file: this.file, line: this.lines };
    if (this.judging === null) return this.begin(plain, place);
    const read = this.judging.line(plain, place);
    if (!read.ok) {
      this.malformed++;
      this.judging.lost();
      return { findings: [], malformed: read.error };
    }
    const findings: LogFinding[] = [];
    for (const judged of read.value) {
      const finding = this.count(judged);
      if (finding) findings.push(finding);
    }
    return findings.length === 0 ? quiet : { findings, malformed: null };
  }

  /** A log without a head is judged no further: its first line is the one that is told. */
  private begin(text: string, place: LogPlace): LineResult {
    if (this.malformed > 0) return quiet;
    const read = beginLog(text, place, this.options);
    if (read.ok) this.judging = read.value;
    else this.malformed++;
    return read.ok ? quiet : { findings: [], malformed: read.error };
  }

  private count({ kind, verdict, told }: Judged): LogFinding | null {
    if (kind !== "begin") this.entries++;
    if (kind === "gap") this.gaps++;
    const { first, last } = this;
    if (verdict === "unjudged") {
      this.unjudged++;
      return null;
    }
    if (verdict.kind === "explained") {
      if (first === 0) this.first = this.lines;
      this.last = this.lines;
      return null;
    }
    this.first = 0;
    if (verdict.kind === "deviation") this.deviations++;
    else if (verdict.kind === "ill-formed") this.illFormed++;
    else this.inconclusive++;
    if (told === null) return null;
    const prefix = first === 0 ? null : { first, last };
    return { line: this.lines, ...told(), verdict, prefix };
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
