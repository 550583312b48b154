/**
 * The committed scopes, all of them: golden numbers of states, transitions and depth, the verdict of
 * every cell, every mark reached, and every counterexample of the corpus made again byte for byte.
 * A change here is a change of the model; `npm run expect` accepts it, a person explains it.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readmeTable } from "../../cli/table.ts";
import { counterexampleOf, fileNameOf, writeCounterexample } from "../../counterexamples/index.ts";
import { type Design, designs } from "../../model/index.ts";
import { compareWithExpected, expectedKey, parseExpected } from "../../properties/expected.ts";
import { exploreSlice } from "../../properties/explore.ts";
import { rows } from "../../properties/rows/index.ts";
import { slicesOf } from "../../properties/slices.ts";
import { type Column, columnOf } from "../../properties/table.ts";
import { phone, shippedMachine } from "../machines.ts";

const read = (file: string): string =>
  readFileSync(path.join(import.meta.dirname, "../..", file), "utf8");
const expected = parseExpected(read("properties/expected.json"));
const machine = expected.machines[expectedKey("phone-16g", 4096)] ?? {};

/**
 * A verdict that holds says little in a scope smaller than this. Where a variant does nothing but
 * what its base does, it is asked in fewer pages.
 */
const leastStatesOf = ({ variantOf }: Design): number => (variantOf === undefined ? 10_000 : 350);

const explore = (design: Design): Column =>
  columnOf(
    design,
    slicesOf(phone(), design).map(({ name, scope }) => exploreSlice(design, name, scope)),
  );

test("the table has rows and columns enough", () => {
  expect(rows.length).toBeGreaterThanOrEqual(20);
  expect(designs.map(({ name }) => name)).toEqual(Object.keys(machine));
});

const columns: Column[] = [];

describe.each(designs.map((design) => [design.name, design] as const))("%s", (_name, design) => {
  let column: Column;
  beforeAll(() => {
    column = explore(design);
    columns.push(column);
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
        expect
          .soft(cell.states, `${row} in slice ${cell.slice}`)
          .toBeGreaterThan(leastStatesOf(design));
  });
  test("every mark is reached", () => {
    expect(column.unreached).toEqual([]);
  });
  test("every broken cell has its file in the corpus, byte for byte", () => {
    for (const row of column.cells.keys()) {
      const made = counterexampleOf(column, row);
      if (made === null) continue;
      const file = `counterexamples/corpus/${fileNameOf(made)}`;
      expect.soft(writeCounterexample(made)).toBe(read(file));
    }
  });
});

test("the README shows this very table", () => {
  expect(read("README.md")).toContain(`<!-- table -->${readmeTable(columns)}<!-- /table -->`);
});

test("the small board has the scopes of the phone, so their golden numbers are its own", () => {
  for (const design of designs)
    expect(slicesOf(shippedMachine("fvp"), design)).toEqual(slicesOf(phone(), design));
});
