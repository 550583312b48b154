/**
 * From one line of text to one entry of a log, or to one line that says what is wrong with it.
 * Only a line that is wrong is read a second time, with places, to tell where.
 */
import type { z } from "zod";
import { mistakesIn } from "../../counterexamples/issues.ts";
import { pathText, plainOf, readJson } from "../../counterexamples/json.ts";
import { type Attempt, attempt, RefusedInput, refuse } from "../../model/index.ts";
import type { LogEntry, LogHead } from "./event.ts";
import { logEventSchema, logGapSchema, logHeadSchema } from "./schema.ts";
import { isUsualEvent } from "./usual-form.ts";

/** Where a line stands, for messages only: nothing is opened. `line` counts from 1. */
export type LogPlace = { readonly file: string; readonly line: number };

/** Longer lines are refused unread: an order-20 allocation without its looks takes a tenth. */
export const longestLine = 2 ** 26;

const refuseLine = (schema: z.ZodType, text: string, place: LogPlace): never => {
  const read = readJson(text, place.file);
  if (!read.ok) throw new RefusedInput({ ...read.error, line: place.line });
  const parsed = schema.safeParse(plainOf(read.value));
  const [mistake] = parsed.success ? [] : mistakesIn(read.value, parsed.error.issues);
  const { path = [], expected = "an entry of a log", found = "another form" } = mistake ?? {};
  return refuse({ ...place, field: path.length === 0 ? "line" : pathText(path) }, expected, found);
};

const parsedJson = (text: string): { readonly value: unknown } | null => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
};

const lineAs = <T>(schema: z.ZodType<T>, text: string, place: LogPlace, json: unknown): T => {
  const parsed = schema.safeParse(json);
  return parsed.success ? parsed.data : refuseLine(schema, text, place);
};

const demandShort = (text: string, place: LogPlace): void => {
  if (text.length > longestLine)
    refuse({ ...place, field: "line" }, `at most ${longestLine} characters`, "more");
};

const hasName = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && name in value;

/** A line by any other schema: the value that it stands for, and the JSON that it is. */
export const readLine = <T>(
  schema: z.ZodType<T>,
  text: string,
  place: LogPlace,
): Attempt<{ readonly parsed: T; readonly json: unknown }> =>
  attempt(() => {
    demandShort(text, place);
    const json = parsedJson(text)?.value;
    return { parsed: lineAs(schema, text, place, json), json };
  });

/** The vocabulary that a head names; null: none, or the text is no head. */
export const vocabularyIn = (text: string): string | null => {
  if (text.length > longestLine) return null;
  const json = parsedJson(text)?.value;
  if (typeof json !== "object" || json === null || !("vocabulary" in json)) return null;
  return typeof json.vocabulary === "string" ? json.vocabulary : JSON.stringify(json.vocabulary);
};

/** The head of a log: its first line that is not blank. */
export const readLogHead = (text: string, place: LogPlace): Attempt<LogHead> =>
  attempt(() => {
    demandShort(text, place);
    const json = parsedJson(text)?.value;
    if (json !== undefined && !hasName(json, "log"))
      refuse({ ...place, field: "log" }, 'a head, {"log":"mte-oracle","version":1,...}', "none");
    return lineAs(logHeadSchema, text, place, json);
  });

/** Any other line. Two names once in an object are found by the second reading only, and taken. */
export const readLogEntry = (text: string, place: LogPlace): Attempt<LogEntry> =>
  attempt(() => {
    demandShort(text, place);
    const json = parsedJson(text)?.value;
    if (isUsualEvent(json)) return json;
    return hasName(json, "gap")
      ? lineAs(logGapSchema, text, place, json)
      : lineAs(logEventSchema, text, place, json);
  });

/** An entry as the line that {@link readLogEntry} takes, without its end. */
export const logLine = (entry: LogEntry | LogHead): string => JSON.stringify(entry);
