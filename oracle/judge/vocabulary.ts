/**
 * The vocabularies that a log can be in, told apart by its head: pages, or processes. Each is a way
 * to read a line, a judge that remembers, and words; what is counted and told is the same for all.
 */
import { type Attempt, attempt, describeOperation, refuse } from "../../model/index.ts";
import {
  isGap,
  type LogEntry,
  type LogEvent,
  type LogHead,
  type LogPlace,
  readLogEntry,
  readLogHead,
  vocabularyIn,
} from "../log/index.ts";
import type { ProcessEntry, ProcessHead, WrittenEvent } from "../process/entry.ts";
import { readProcessEntry, readProcessHead, vocabularyName } from "../process/entry.ts";
import { ProcessJudge } from "../process/judge.ts";
import { askedWords, sawWords } from "../process/words.ts";
import { type JudgeOptions, LogJudge } from "./judge.ts";
import { outcomeWords } from "./outcome-words.ts";
import type { AnyRuleId, EntryVerdict } from "./verdict.ts";

/** An entry for whoever has to be told of it: as it was written, and in words. */
export type Told = {
  readonly event: LogEvent | WrittenEvent;
  readonly asked: string;
  readonly observed: string;
};

export type Judged = {
  /** A gap about everything, another beginning, or anything else. */
  readonly kind: "event" | "gap" | "begin";
  readonly verdict: EntryVerdict<AnyRuleId> | "unjudged";
  /** null: there is nothing to tell of it. */
  readonly told: (() => Told) | null;
};

/** How a line becomes entries: none, one, or several that came about at once. */
export type LineReader = (text: string, place: LogPlace) => Attempt<readonly LogEntry[]>;

/** A log that has begun. */
export type Judging = {
  readonly line: (text: string, place: LogPlace) => Attempt<readonly Judged[]>;
  /** A line was no entry, and may have been any. */
  readonly lost: () => void;
};

export type LogOptions = JudgeOptions & { readonly read?: LineReader };

export const toldOf = (event: LogEvent): Told => ({
  event,
  asked: `somebody ${describeOperation(event.operation)}`,
  observed: outcomeWords(event),
});

const readOne: LineReader = (text, place) => {
  const read = readLogEntry(text, place);
  return read.ok ? { ok: true, value: [read.value] } : read;
};

const isAboutAll = (entry: LogEntry): boolean =>
  isGap(entry) && !entry.gap.pages && !entry.gap.slots;

/** The operations of `model/contract/memory`. */
export const judgingPages = (
  head: LogHead,
  { read = readOne, ...options }: LogOptions,
): Judging => {
  const judge = new LogJudge(head, options);
  const judged = (entry: LogEntry): Judged => ({
    kind: isAboutAll(entry) ? "gap" : "event",
    verdict: judge.entry(entry),
    told: isGap(entry) ? null : () => toldOf(entry),
  });
  return {
    line: (text, place) => {
      const entries = read(text, place);
      return entries.ok ? { ok: true, value: entries.value.map(judged) } : entries;
    },
    lost: () => {
      judge.entry({ gap: {} });
    },
  };
};

/** The operations of `model/contract/process`, those of the CPU among them. */
const judgingProcesses = (head: ProcessHead, { cap }: LogOptions): Judging => {
  const judge = new ProcessJudge(head, cap);
  const told = (entry: ProcessEntry): Judged["told"] =>
    entry.kind === "step"
      ? () => ({
          event: entry.written,
          asked: askedWords(entry.written),
          observed: sawWords(entry.saw),
        })
      : null;
  return {
    line: (text, place) => {
      const read = readProcessEntry(text, place);
      if (!read.ok) return read;
      const { kind } = read.value;
      const verdict = judge.entry(read.value);
      const judged: Judged = {
        kind: kind === "step" ? "event" : kind,
        verdict,
        told: told(read.value),
      };
      return { ok: true, value: [judged] };
    },
    lost: () => {
      judge.entry({ kind: "gap" });
    },
  };
};

/** The first line of a log decides what the others speak of. */
export const beginLog = (text: string, place: LogPlace, options: LogOptions): Attempt<Judging> => {
  const vocabulary = vocabularyIn(text);
  if (vocabulary === vocabularyName) {
    const read = readProcessHead(text, place);
    return read.ok ? { ok: true, value: judgingProcesses(read.value, options) } : read;
  }
  if (vocabulary !== null)
    return attempt(() =>
      refuse({ ...place, field: "vocabulary" }, `"${vocabularyName}", or none`, vocabulary),
    );
  const read = readLogHead(text, place);
  return read.ok ? { ok: true, value: judgingPages(read.value, options) } : read;
};
