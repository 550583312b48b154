/** A report in the words of the contract: what no right script says is told as well. */
import { expect, test } from "vitest";
import { commitsInside, commitsOfReport, kindOf, Manager } from "../../../impl/index.ts";
import { outcomeOf } from "../../../impl/report.ts";
import { designNamed } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

const fresh = (): Manager =>
  new Manager(designNamed("cleancache-page") ?? expect.unreachable("a design"), scopeOf({}));

test.each([
  [0, false],
  [1, true],
])("a miss that touched the page (%i) is told as such", (value, touched) => {
  const manager = fresh();
  manager.report.within(kindOf.get, 0, 1, 0, outcomeOf.miss, value);
  expect(commitsOfReport(manager)).toEqual([
    {
      operation: { kind: "get", file: 0, index: 1 },
      choice: { kind: "none" },
      outcome: { kind: "miss", touched },
    },
  ]);
});

test("operations that took effect inside of an action are counted by their kind", () => {
  const manager = fresh();
  const { report } = manager;
  expect(commitsInside(manager, kindOf.drop)).toBe(0);
  report.within(kindOf.drop, 0, 0, 0, outcomeOf.done);
  report.within(kindOf.migrate, 0, 0, 0, outcomeOf.done);
  report.own(outcomeOf.done, 0);
  report.within(kindOf.drop, 0, 1, 0, outcomeOf.done);
  expect(commitsInside(manager, kindOf.drop)).toBe(2);
  expect(commitsInside(manager, kindOf.migrate)).toBe(1);
  expect(commitsInside(manager, kindOf.free)).toBe(0);
  /** What an earlier action told is over, though its words are still there. */
  report.begin();
  report.own(outcomeOf.done, 0);
  expect(commitsInside(manager, kindOf.migrate)).toBe(0);
});
