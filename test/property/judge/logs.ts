/** Logs made of walks through the contract, fully observed, and what can be done to them. */
import type { Memory, Outcome, Seen } from "../../../model/index.ts";
import type { LogEvent, ObservedOutcome, ObservedSeen } from "../../../oracle/index.ts";
import { contractOf, type Happening } from "../../unit/contract/happenings.ts";
import { walk } from "../../unit/contract/walks.ts";

const looked = (memory: Memory, handle: number): Seen => {
  const page = memory.pages[handle];
  if (!page) return {};
  const { tagged, tags, bytes } = page;
  return tagged ? { tagged, tags, bytes } : { tagged, bytes };
};

/** The outcome with everything that there is to be seen. */
const whole = (outcome: Outcome, after: Memory): Outcome => {
  if (outcome.kind === "page") return { ...outcome, seen: looked(after, outcome.handle) };
  if (outcome.kind !== "pages") return outcome;
  return { ...outcome, seen: outcome.handles.map((handle) => looked(after, handle)) };
};

export const logOfWalk = (
  limits: Parameters<typeof contractOf>[0],
  plan: Parameters<typeof walk>[1],
): readonly LogEvent[] => {
  const events: LogEvent[] = [];
  walk(contractOf(limits), plan, (_, { operation, choice, outcome }: Happening, after) => {
    events.push({ operation, choice, outcome: whole(outcome, after) });
  });
  return events;
};

const other = (value: number, most: number): number => (value + 1) % (most + 1);

/** Another tag, other contents, another number: one thing in the outcome is changed. */
const changedOutcome = (outcome: ObservedOutcome, which: number): ObservedOutcome => {
  switch (outcome.kind) {
    case "tag":
      return { kind: "tag", tag: other(outcome.tag ?? 0, 3) };
    case "bytes":
    case "hit":
      return { kind: outcome.kind, bytes: other(outcome.bytes ?? 0, 3) };
    case "page": {
      const { handle = 0, seen = {} } = outcome;
      if (which % 3 === 0) return { ...outcome, handle: other(handle, 3) };
      if (which % 3 === 1)
        return { ...outcome, seen: { ...seen, bytes: other(seen.bytes ?? 0, 3) } };
      const tags =
        typeof seen.tags === "object" ? seen.tags.map((tag) => other(tag, 3)) : undefined;
      return tags
        ? { ...outcome, seen: { ...seen, tags } }
        : { ...outcome, seen: { ...seen, tagged: true } };
    }
    case "pages": {
      const [first = 0, ...rest] = outcome.handles ?? [];
      const [look = {}, ...looks] = outcome.seen ?? [];
      if (which % 2 === 0) return { ...outcome, handles: [other(first, 3), ...rest] };
      return { ...outcome, seen: [{ ...look, bytes: other(look.bytes ?? 0, 3) }, ...looks] };
    }
    case "swapped": {
      const [first = 0, ...rest] = outcome.slots ?? [];
      return { kind: "swapped", slots: [other(first, 1), ...rest] };
    }
    case "miss":
      return which % 2 === 0 ? { kind: "hit", bytes: which % 4 } : { kind: "miss", touched: true };
    case "slot":
      return { kind: "slot", freed: !outcome.freed };
    case "save-failed":
      return { kind: "save-failed", entriesLeft: 1 };
    default:
      return outcome;
  }
};

export const corruptions = ["value", "swapped", "lost", "twice"] as const;
export type Corruption = (typeof corruptions)[number];

/** One mistake in a log: a wrong value, two entries in the wrong order, one lost, one told twice. */
export const corrupted = (
  events: readonly LogEvent[],
  kind: Corruption,
  at: number,
  which: number,
): readonly LogEvent[] => {
  const event = events[at];
  if (!event) return events;
  const [before, after] = [events.slice(0, at), events.slice(at + 1)];
  switch (kind) {
    case "lost":
      return [...before, ...after];
    case "twice":
      return [...before, event, event, ...after];
    case "swapped": {
      const [next, ...rest] = after;
      return next ? [...before, next, event, ...rest] : events;
    }
    case "value": {
      const { outcome } = event;
      if (typeof outcome !== "object") return events;
      return [...before, { ...event, outcome: changedOutcome(outcome, which) }, ...after];
    }
  }
};

/** What an observer may miss. Bits: the choice, a page's flag, its tags, its bytes, other values. */
export const lessSeen = (event: LogEvent, bits: number): LogEvent => {
  const { choice, outcome, ...asked } = event;
  const kept = choice && ((bits & 1) === 0 || choice.kind === "short") ? { choice } : {};
  return { ...asked, ...kept, ...(outcome ? { outcome: lessOutcome(outcome, bits) } : {}) };
};

const lessLook = (seen: ObservedSeen, bits: number): ObservedSeen => {
  const { tagged, tags, bytes } = seen;
  return {
    ...(bits & 2 || tagged === undefined ? {} : { tagged }),
    ...(bits & 4 || tags === undefined ? {} : { tags }),
    ...(bits & 8 || bytes === undefined ? {} : { bytes }),
  };
};

const lessOutcome = (outcome: NonNullable<LogEvent["outcome"]>, bits: number) => {
  if (typeof outcome === "string") return outcome;
  switch (outcome.kind) {
    case "page":
      return { ...outcome, seen: lessLook(outcome.seen ?? {}, bits) };
    case "pages":
      return { ...outcome, seen: (outcome.seen ?? []).map((look) => lessLook(look, bits)) };
    case "bytes":
    case "hit":
      return bits & 16 ? { kind: outcome.kind } : outcome;
    case "tag":
      return bits & 16 ? ({ kind: "tag" } as const) : outcome;
    case "slot":
      return bits & 16 ? ({ kind: "slot" } as const) : outcome;
    default:
      return outcome;
  }
};

/** Nobody saw how it ended; by the bits, nobody knows whether it happened at all. */
export const unseen = ({ operation, choice }: LogEvent, bits: number): LogEvent => ({
  operation,
  ...(choice?.kind === "short" ? { choice } : {}),
  ...(bits & 1 ? { outcome: "unknown" } : {}),
});
