/** The schemas take every kind as it is written, up to their bounds, and nothing beside it. */
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { choiceSchema, operationSchema, outcomeSchema } from "../../../model/contract/index.ts";
import { choices, operations, outcomes } from "./examples.ts";

const unions: readonly (readonly [string, z.ZodType, readonly object[]])[] = [
  ["operation", operationSchema, operations.map(([operation]) => operation)],
  ["choice", choiceSchema, choices.map(([choice]) => choice)],
  ["outcome", outcomeSchema, outcomes.map(([outcome]) => outcome)],
];
const cases = unions.flatMap(([name, schema, values]) =>
  values.map((value) => ({ name, schema, value, text: JSON.stringify(value) })),
);
const takes = (schema: z.ZodType, value: unknown): boolean => schema.safeParse(value).success;

describe.each(cases)("the $name $text", ({ schema, value }) => {
  test("is read as it is written", () => {
    expect(schema.parse(value)).toEqual(value);
  });

  test("is refused with a field too few, a field too many, or a field that is no such value", () => {
    for (const [field, held] of Object.entries(value)) {
      const others = Object.entries(value).filter(([other]) => other !== field);
      expect(takes(schema, Object.fromEntries(others)), field).toBe(false);
      const wrongs = typeof held === "number" ? [-1, 0.5, "0"] : ["nonsense", 7, null];
      for (const wrong of wrongs)
        expect(takes(schema, { ...value, [field]: wrong }), `${field}: ${wrong}`).toBe(false);
    }
    expect(takes(schema, { ...value, more: 0 })).toBe(false);
  });
});

test("the largest number, tag, order and digest are taken, and none above", () => {
  const page = { handle: 0, granule: 0, tag: 15 };
  const write = { kind: "write-bytes", handle: 0, bytes: Number.MAX_SAFE_INTEGER };
  const wish = { kind: "allocate", owner: 0, tagged: true, zeroed: true, context: "atomic" };
  expect(takes(operationSchema, { kind: "free", handle: 2 ** 32 - 1 })).toBe(true);
  expect(takes(operationSchema, { kind: "free", handle: 2 ** 32 })).toBe(false);
  expect(takes(operationSchema, { kind: "write-tag", ...page })).toBe(true);
  expect(takes(operationSchema, { kind: "write-tag", ...page, tag: 16 })).toBe(false);
  expect(takes(operationSchema, { ...wish, order: 20 })).toBe(true);
  expect(takes(operationSchema, { ...wish, order: 21 })).toBe(false);
  expect(takes(operationSchema, write)).toBe(true);
  expect(takes(operationSchema, { ...write, bytes: 2 ** 53 })).toBe(false);
});

test("a list holds the pages of the largest order, and no more", () => {
  const slots = Array.from({ length: 2 ** 20 }, () => 0);
  expect(takes(outcomeSchema, { kind: "swapped", slots })).toBe(true);
  expect(takes(outcomeSchema, { kind: "swapped", slots: [...slots, 0] })).toBe(false);
});

test.each([
  ["allocate", "context", ["sleepable", "atomic"]],
  ["swap-in", "path", ["fault", "swapoff", "shmem"]],
  ["swap-in", "mapping", ["tagged", "untagged"]],
] as const)("of %s every %s is taken", (kind, field, words) => {
  const [operation] = operations.flatMap(([one]) => (one.kind === kind ? [one] : []));
  for (const word of words)
    expect(takes(operationSchema, { ...operation, [field]: word }), word).toBe(true);
});

test("what was not looked at of a page may be left out, each field by itself", () => {
  for (const seen of [{}, { tagged: false }, { tags: [] }, { bytes: 0 }])
    expect(outcomeSchema.parse({ kind: "page", handle: 0, seen })).toEqual({
      kind: "page",
      handle: 0,
      seen,
    });
});
