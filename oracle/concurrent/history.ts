/** A concurrent history: what several threads asked, with when each was asked and when it ended. */
import type { LogEntry, LogEvent } from "../log/index.ts";
import { isGap } from "../log/index.ts";

export type Call = {
  /** The place of the event in the history, from 0. */
  readonly at: number;
  readonly event: LogEvent;
  readonly thread: string;
  readonly call: number;
  /** `null`: none was seen; it may take effect at any time from then on, or never. */
  readonly end: number | null;
};

export type History =
  | { readonly kind: "history"; readonly calls: readonly Call[] }
  | { readonly kind: "ill-formed"; readonly at: number; readonly why: string };

const mistakeIn = (entry: LogEntry): string | null => {
  if (isGap(entry)) return "a concurrent history has no gaps";
  if (entry.thread === undefined) return "an event of a concurrent history names its thread";
  if (entry.call === undefined) return "an event of a concurrent history has the time of its call";
  if (entry.return !== undefined && entry.return < entry.call) return "it ends before it begins";
  return null;
};

/** An event without an end, or of which nobody knows whether it happened, stays open for ever. */
const endOf = ({ return: end, outcome }: LogEvent): number | null =>
  outcome === "unknown" || end === undefined ? null : end;

/** Orders nothing; says which entry is none of a history, or which calls of one thread overlap. */
export const historyOf = (entries: readonly LogEntry[]): History => {
  const calls: Call[] = [];
  for (const [at, entry] of entries.entries()) {
    const why = mistakeIn(entry);
    if (why !== null || isGap(entry)) return { kind: "ill-formed", at, why: why ?? "" };
    const thread = String(entry.thread);
    calls.push({ at, event: entry, thread, call: entry.call ?? 0, end: endOf(entry) });
  }
  const busy = new Map<string, number>();
  for (const { at, thread, call, end, event } of calls.toSorted((a, b) => a.call - b.call)) {
    const until = busy.get(thread) ?? 0;
    if (call < until)
      return { kind: "ill-formed", at, why: `thread ${thread} was still at work on another call` };
    busy.set(thread, end ?? event.return ?? call);
  }
  return { kind: "history", calls };
};
