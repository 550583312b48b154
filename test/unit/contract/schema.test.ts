/** The schemas are the hand-written unions, no more and no less. */
import { expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import {
  type Choice,
  choiceSchema,
  type Operation,
  type Outcome,
  operationSchema,
  outcomeSchema,
} from "../../../model/contract/index.ts";

test("the inferred types equal the written ones", () => {
  expectTypeOf<z.infer<typeof operationSchema>>().toEqualTypeOf<Operation>();
  expectTypeOf<z.infer<typeof choiceSchema>>().toEqualTypeOf<Choice>();
  expectTypeOf<z.infer<typeof outcomeSchema>>().toEqualTypeOf<Outcome>();
  expectTypeOf<z.input<typeof operationSchema>>().toEqualTypeOf<Operation>();
  expectTypeOf<z.input<typeof outcomeSchema>>().toEqualTypeOf<Outcome>();
});

const wrongOperations: readonly unknown[] = [
  {},
  null,
  { kind: "explode" },
  { kind: "free" },
  { kind: "free", handle: -1 },
  { kind: "free", handle: 0.5 },
  { kind: "free", handle: "0" },
  { kind: "free", handle: 2 ** 32 },
  { kind: "free", handle: 0, owner: 0 },
  { kind: "write-tag", handle: 0, granule: 0, tag: 16 },
  { kind: "write-bytes", handle: 0, bytes: 2 ** 53 },
  { kind: "allocate", owner: 0, tagged: true, zeroed: true, context: "atomic", order: 21 },
  { kind: "allocate", owner: 0, tagged: true, zeroed: true, context: "lazy", order: 0 },
  { kind: "swap-out", handles: 0 },
  { kind: "swap-in", slot: 0, path: "fault", mapping: true },
];

test.each(wrongOperations)("%j is no operation", (wrong) => {
  expect(operationSchema.safeParse(wrong).success).toBe(false);
});

test("choices and outcomes are as strict", () => {
  for (const wrong of [{ kind: "placed", homes: ["attic"] }, { kind: "short" }, { kind: "done" }])
    expect(choiceSchema.safeParse(wrong).success).toBe(false);
  for (const wrong of [
    { kind: "page", handle: 0 },
    { kind: "page", handle: 0, seen: { tags: [16] } },
    { kind: "page", handle: 0, seen: { bytes: undefined } },
    { kind: "page", handle: 0, seen: { colour: 1 } },
    { kind: "none" },
  ])
    expect(outcomeSchema.safeParse(wrong).success).toBe(false);
});
