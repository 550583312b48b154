/**
 * The committed scopes, all of them: golden numbers of states, transitions and depth, the verdict of
 * every cell, every mark reached, and every counterexample of the corpus made again byte for byte.
 * A change here is a change of the model; `npm run expect` accepts it, a person explains it.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { counterexampleOf, fileNameOf, writeCounterexample } from "../../counterexamples/index.ts";
import { type Design, designs } from "../../model/index.ts";
import { compareWithExpected, expectedKey, parseExpected } from "../../properties/expected.ts";
import { exploreSlice } from "../../properties/explore.ts";
import { rows } from "../../properties/rows/index.ts";
import { slicesOf } from "../../properties/slices.ts";
import { type Column, columnOf } from "../../properties/table.ts";
import { phone } from "../machines.ts";

const root = new URL("../../", import.meta.url);
const expected = parseExpected(readFileSync(new URL("properties/expected.json", root), "utf8"));
const machine = expected.machines[expectedKey("phone-16g", 4096)] ?? {};

/** A verdict that holds says little in a scope smaller than this. */
const leastStates = 10_000;

const explore = (design: Design): Column =>
  columnOf(
    design,
    slicesOf(phone(), design).map(({ name, scope }) => exploreSlice(design, name, scope)),
  );

test("the table has rows and columns enough", () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(designs.map(({ name }) => name)).toEqual(Object.keys(machine));
});

describe.each(designs.map((design) => [design.name, design] as const))("%s", (_name, design) => {
  let column: Column;
  beforeAll(() => {
    column = explore(design);
  }, 240_000);

  test("verdicts and golden numbers are as expected", () => {
    expect(compareWithExpected([column], machine)).toEqual([]);
  });
  test("nothing is cut, no cell is empty", () => {
    expect(column.reports.filter(({ cut }) => cut !== null)).toEqual([]);
    expect([...column.cells.keys()]).toEqual(rows.map(({ id }) => id));
  });
  test("what holds is complete in a scope that is large enough", () => {
    for (const [row, cell] of column.cells)
      if (cell.kind === "holds")
        expect.soft(cell.states, `${row} in slice ${cell.slice}`).toBeGreaterThan(leastStates);
  });
  test("every mark is reached", () => {
    expect(column.unreached).toEqual([]);
  });
  test("every broken cell has its file in the corpus, byte for byte", () => {
    for (const row of column.cells.keys()) {
      const made = counterexampleOf(column, row);
      if (made === null) continue;
      const file = new URL(`counterexamples/corpus/${fileNameOf(made)}`, root);
      expect.soft(writeCounterexample(made)).toBe(readFileSync(file, "utf8"));
    }
  });
});
