/** The log of an implementation: its form, and reading it. */
export {
  isGap,
  type LogEntry,
  type LogEvent,
  type LogGap,
  type LogHead,
  type ObservedOutcome,
  type ObservedSeen,
  type ObservedTags,
} from "./event.ts";
export {
  type LogPlace,
  logLine,
  longestLine,
  readLine,
  readLogEntry,
  readLogHead,
  vocabularyIn,
} from "./read.ts";
export {
  limitsSchema,
  logEventSchema,
  logGapSchema,
  logHeadSchema,
  observedOutcomeSchema,
  observedSeenSchema,
} from "./schema.ts";
