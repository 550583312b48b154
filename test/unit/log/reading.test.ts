/** The log form takes what the contract can say, whole or in part, and tells what it does not take. */
import { describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import type { Limits } from "../../../model/index.ts";
import {
  type LogEvent,
  type LogGap,
  type LogHead,
  type limitsSchema,
  type logEventSchema,
  type logGapSchema,
  type logHeadSchema,
  logLine,
  type ObservedOutcome,
  type ObservedSeen,
  type observedOutcomeSchema,
  type observedSeenSchema,
  readLogEntry,
  readLogHead,
} from "../../../oracle/index.ts";
import { choices, operations, outcomes } from "../contract/examples.ts";

const place = { file: "a.jsonl", line: 7 };
const limits: Limits = {
  granulesPerPage: 2,
  handles: 4,
  taggablePages: 3,
  slots: 2,
  files: 1,
  pagesPerFile: 2,
  getForm: "consuming",
};
const head: LogHead = { log: "mte-oracle", version: 1, limits };

test("the schemas are the types", () => {
  expectTypeOf<z.infer<typeof logEventSchema>>().toEqualTypeOf<LogEvent>();
  expectTypeOf<z.infer<typeof logGapSchema>>().toEqualTypeOf<LogGap>();
  expectTypeOf<z.infer<typeof logHeadSchema>>().toEqualTypeOf<LogHead>();
  expectTypeOf<z.infer<typeof limitsSchema>>().toEqualTypeOf<Limits>();
  expectTypeOf<z.infer<typeof observedOutcomeSchema>>().toEqualTypeOf<ObservedOutcome>();
  expectTypeOf<z.infer<typeof observedSeenSchema>>().toEqualTypeOf<ObservedSeen>();
});

describe("what is read as it is written", () => {
  test.each(operations.map(([operation]) => operation))("the operation $kind", (operation) => {
    const event = { operation };
    expect(readLogEntry(logLine(event), place)).toEqual({ ok: true, value: event });
  });

  test.each(outcomes.map(([outcome]) => outcome))("the outcome $kind, and any part", (outcome) => {
    const operation = { kind: "swapoff" } as const;
    for (const field of [...Object.keys(outcome), ""].filter((name) => name !== "kind")) {
      const part = Object.fromEntries(Object.entries(outcome).filter(([name]) => name !== field));
      const text = JSON.stringify({ operation, outcome: part });
      expect(readLogEntry(text, place), field).toEqual({
        ok: true,
        value: { operation, outcome: part },
      });
    }
  });

  test.each(choices.map(([choice]) => choice))("the choice $kind", (choice) => {
    const text = JSON.stringify({ operation: { kind: "mount" }, choice });
    expect(readLogEntry(text, place)).toMatchObject({ ok: true, value: { choice } });
  });

  test("heads, gaps, threads, times, and tags as digits", () => {
    expect(readLogHead(logLine(head), place)).toEqual({ ok: true, value: head });
    expect(readLogEntry('{"gap":{}}', place)).toEqual({ ok: true, value: { gap: {} } });
    const outcome = { kind: "page", handle: 3, seen: { tags: "0f" } } as const;
    const operation = { kind: "migrate", handle: 3 } as const;
    const event: LogEvent = { operation, outcome, thread: "kswapd0", call: 1.5, return: 2 };
    expect(readLogEntry(logLine(event), place)).toEqual({ ok: true, value: event });
  });
});

test.each([
  ["", "JSON: expected a value, found the end of the file"],
  ["[1,2", 'JSON: expected "," or "]", found the end of the file'],
  ["7", "line: expected an object, found 7"],
  ["{}", "operation: expected an object, found nothing"],
  ['{"operation":{"kind":"frobnicate"}}', /^operation.kind: expected one of "allocate", /],
  ['{"operation":{"kind":"free"}}', "operation.handle: expected a number, found nothing"],
  ['{"operation":{"kind":"free","handle":-1}}', "operation.handle: expected at least 0, found -1"],
  ['{"operation":{"kind":"mount"},"outcome":"perhaps"}', /^outcome: expected /],
  ['{"operation":{"kind":"mount"},"outcome":{"kind":"tag","tag":16}}', /^outcome.*at most 15/],
  ['{"operation":{"kind":"mount"},"call":-1}', "call: expected at least 0, found -1"],
  ['{"operation":{"kind":"mount"},"tail":1}', 'tail: expected no such field, found "tail"'],
  ['{"gap":{"events":"many"}}', 'gap.events: expected a number, found "many"'],
])("the entry %s is told in one line", (text, message) => {
  const read = readLogEntry(text, place);
  if (read.ok) throw new Error("it was taken");
  const { file, line, field, message: told } = read.error;
  expect({ file, line }).toEqual(place);
  const words = `${field}: ${told}`;
  if (typeof message === "string") expect(words).toBe(message);
  else expect(words).toMatch(message);
});

test.each([
  ['{"operation":{"kind":"mount"}}', /^log: expected a head/],
  [logLine(head).replace('"version":1', '"version":2'), "version: expected 1, found 2"],
  [logLine(head).replace('"granulesPerPage":2', '"granulesPerPage":0'), /granulesPerPage/],
  [logLine(head).replace('"files":1,', '"files":4294967295,').replace(":2,", ":4294967295,"), /./],
])("the head %s is told in one line", (text, message) => {
  const read = readLogHead(text, place);
  const told = read.ok ? "taken" : `${read.error.field}: ${read.error.message}`;
  if (typeof message === "string") expect(told).toBe(message);
  else expect(told).toMatch(message);
});
