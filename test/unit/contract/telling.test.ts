/** Every operation, choice and outcome has words of its own, down to what is left unsaid. */
import { expect, test } from "vitest";
import {
  describeChoice,
  describeOperation,
  describeOutcome,
  type Seen,
} from "../../../model/contract/index.ts";
import { choices, operations, outcomes } from "./examples.ts";
import { allocate, gets, getsPages, placed, short, swapIn } from "./happenings.ts";

test.each(operations)("the operation %j is told as: %s", (operation, clause) => {
  expect(describeOperation(operation)).toBe(clause);
});

test.each(choices)("the choice %j is told as: %s", (choice, clause) => {
  expect(describeChoice(choice)).toBe(clause);
});

test.each(outcomes)("the outcome %j is told as: %s", (outcome, clause) => {
  expect(describeOutcome(outcome)).toBe(clause);
});

test("an untagged page takes another article, and several pages the power of two", () => {
  expect(describeOperation(allocate({ tagged: false }))).toContain(" an untagged page,");
  expect(describeOperation(allocate({ order: 1 }))).toContain(" 2^1 tagged pages,");
});

test("shared memory swaps in by its own name, and one page out in the singular", () => {
  expect(describeOperation(swapIn(0, "shmem"))).toContain(" by shmem, ");
  expect(describeOperation({ kind: "swap-out", handles: [4] })).toBe("swaps page 4 out");
});

test("six numbers are listed, of seven only two", () => {
  const swapped = (count: number) =>
    describeOutcome({ kind: "swapped", slots: Array.from({ length: count }, (_, at) => at) });
  expect(swapped(6)).toBe("gets slots 0 1 2 3 4 5");
  expect(swapped(7)).toBe("gets slots 0 1 ... (7 in all)");
});

test("two homes are named one by one, three are counted", () => {
  expect(describeChoice(placed("untaggable", "untaggable"))).toBe("placed in memory without tags");
  expect(describeChoice(placed("taggable", "untaggable", "untaggable"))).toBe(
    "2 of 3 pages placed in memory without tags",
  );
  expect(describeChoice(short(0))).toBe("0 operations under way could hold pages");
});

test.each<readonly [Seen, string]>([
  [{}, "gets page 0"],
  [{ tagged: true }, "gets page 0: tagged"],
  [{ tagged: true, tags: [] }, "gets page 0: tagged"],
  [{ tagged: false, tags: [] }, "gets page 0: untagged"],
  [{ tagged: false, tags: [3] }, "gets page 0: untagged, tag 3"],
  [{ tags: [4, 4] }, "gets page 0: tags 4 4"],
  [{ tags: [4, 4, 4] }, "gets page 0: tag 4 throughout"],
  [{ tags: [4, 4, 5] }, "gets page 0: tags 4 4 5"],
  [{ bytes: 0 }, "gets page 0: bytes 0"],
])("of a page that shows %j the caller %s", (seen, clause) => {
  expect(describeOutcome(gets(0, seen))).toBe(clause);
});

test("pages that look alike are told once, and no page at all is told as none", () => {
  expect(describeOutcome(getsPages([0, 1], { bytes: 3 }, { bytes: 3 }))).toBe(
    "gets pages 0 1: bytes 3",
  );
  expect(describeOutcome(getsPages([0]))).toBe("gets page 0");
});

test("what did not go wrong is told shorter", () => {
  expect(describeOutcome({ kind: "save-failed", entriesLeft: 0 })).toBe(
    "is told that saving the tags failed",
  );
  expect(describeOutcome({ kind: "slot", freed: false })).toBe("leaves the slot in use");
});
