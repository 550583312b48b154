/** Variants under the table: only what differs from the base, unless the base is not there. */
import { expect, test } from "vitest";
import { tableLines } from "../../../cli/table.ts";
import { variantLines } from "../../../cli/variants.ts";
import { type Cell, type Column, columnsAndVariants } from "../../../properties/index.ts";

const column = (
  design: string,
  variantOf: string | null,
  cells: Readonly<Record<string, Cell>>,
): Column => ({
  design,
  variantOf,
  title: `what ${design} is`,
  reports: [],
  cells: new Map(Object.entries(cells)),
  reached: [],
  unreached: [],
});
const holds = (states: number): Cell => ({ kind: "holds", slice: "tags", states });
const broken = (steps: number): Cell => ({
  kind: "broken",
  slice: "tags",
  pins: 0,
  property: "p",
  reason: "r",
  witness: { moves: Array.from({ length: steps }, () => plain), loopFrom: null },
});
const plain = { kind: "act", actor: 0, starts: null, choice: 0 } as const;

const base = column("base", null, { "no-deadlock": holds(5), "a-claim-is-bounded": broken(3) });
const same = column("same", "base", { "no-deadlock": holds(9), "a-claim-is-bounded": broken(3) });
const other = column("other", "base", {
  "no-deadlock": broken(2),
  "a-claim-is-bounded": broken(4),
});
const text = (cell: Cell): string =>
  cell.kind === "broken" ? `broken in ${cell.witness.moves.length}` : cell.kind;
const paint = (_colour: string, words: string): string => words;

test("a variant stands under its base; without it, it has a column of its own", () => {
  const { main, variants } = columnsAndVariants([base, same, other]);
  expect(main).toEqual([base]);
  expect(variants.map((each) => each.column)).toEqual([same, other]);
  expect(columnsAndVariants([same]).main).toEqual([same]);
});

test("only cells that differ are told; another number of states is no difference", () => {
  const { variants } = columnsAndVariants([base, same, other]);
  const lines = variantLines(variants, text, paint);
  expect(lines).toContain("same: what same is (of base)");
  expect(lines).toContain("  every cell as its base");
  const told = lines.filter((line) => line.startsWith("  ") && line.includes("[base:"));
  expect(told.map((line) => line.trim().split(/ {2,}| \[/))).toEqual([
    ["no-deadlock", "broken in 2", "base: holds]"],
    ["a-claim-is-bounded", "broken in 4", "base: broken in 3]"],
  ]);
  expect(variantLines([], text, paint)).toEqual([]);
});

test("the table has the columns first, then the variants", () => {
  const { table } = tableLines([base, other], paint);
  expect(table[0]?.trim().split(/ +/)).toEqual(["base"]);
  expect(table.join("\n")).toContain("VARIANTS");
});
