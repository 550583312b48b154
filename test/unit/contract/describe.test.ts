/** How steps are told. */
import { expect, test } from "vitest";
import {
  describeChoice,
  describeOperation,
  describeOutcome,
  type Operation,
} from "../../../model/contract/index.ts";
import { allocate, getsPages, placed, short, swapIn } from "./happenings.ts";

const key = { file: 0, index: 1 };
const many = Array.from({ length: 512 }, (_, at) => at);

test.each<readonly [Operation, string]>([
  [
    allocate({ zeroed: false, context: "atomic" }),
    "allocates a tagged page, for owner 1 in atomic context",
  ],
  [
    allocate({ tagged: false, order: 9 }),
    "allocates 2^9 untagged pages, zeroed, for owner 1 in sleepable context",
  ],
  [{ kind: "swap-out", handles: [2] }, "swaps page 2 out"],
  [{ kind: "swap-out", handles: many }, "swaps pages 0 1 ... (512 in all) out"],
  [swapIn(3, "swapoff", "untagged"), "swaps slot 3 in by swapoff, for an untagged mapping"],
  [{ kind: "put", ...key, bytes: 7 }, "puts page 1 of file 0, holding bytes 7"],
  [
    { kind: "direct-write", file: 654321, index: 654321, bytes: 654321 },
    "writes bytes 654321 straight to the disk under page 654321 of file 654321",
  ],
])("%j", (operation, clause) => {
  expect(describeOperation(operation)).toBe(clause);
  expect(clause.length).toBeLessThanOrEqual(80);
});

test("choices", () => {
  const taggable = many.map(() => "taggable" as const);
  expect(describeChoice({ kind: "none" })).toBe("nothing is left to decide");
  expect(describeChoice(placed(...taggable))).toBe("placed in taggable memory");
  expect(describeChoice(placed("untaggable", "taggable"))).toBe(
    "placed in memory without tags and taggable memory",
  );
  expect(describeChoice(placed(...taggable, "untaggable"))).toBe(
    "1 of 513 pages placed in memory without tags",
  );
  expect(describeChoice(short(1))).toBe("1 operation under way could hold a page");
  expect(describeChoice(short(2))).toBe("2 operations under way could hold pages");
  expect(describeChoice({ kind: "dropped" })).toBe("the cache does not store it");
});

test("outcomes", () => {
  const zero = { tagged: true, tags: many.map(() => 0), bytes: 0 };
  expect(describeOutcome(getsPages([0], zero))).toBe("gets page 0: tag 0 throughout, bytes 0");
  expect(describeOutcome(getsPages([0, 1], { tagged: true }, { tagged: false }))).toBe(
    "gets pages 0 1, not all alike",
  );
  expect(describeOutcome(getsPages(many, ...many.map(() => zero)))).toBe(
    "gets pages 0 1 ... (512 in all): tag 0 throughout, bytes 0",
  );
  expect(describeOutcome({ kind: "page", handle: 1, seen: { tags: [5, 0] } })).toBe(
    "gets page 1: tags 5 0",
  );
  expect(describeOutcome({ kind: "miss", touched: true })).toBe(
    "misses, and its page was written to",
  );
  expect(describeOutcome({ kind: "save-failed", entriesLeft: 1 })).toBe(
    "is told that saving failed, and 1 saved tags can still be found",
  );
});
