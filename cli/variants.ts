/** Variants of designs as text: each with the cells that differ from those of its base. */
import { type Cell, type Column, rows } from "../properties/index.ts";
import type { Paint } from "./terminal.ts";

type CellText = (cell: Cell) => string;

/** Scopes of other sizes do not make a verdict another one. */
const differs = (one: Cell, other: Cell, text: CellText): boolean =>
  one.kind !== other.kind || (one.kind !== "holds" && text(one) !== text(other));

/** Where the two stand differently, as rows with both cells. */
const differences = (column: Column, base: Column, text: CellText) =>
  rows.flatMap(({ id }) => {
    const cell = column.cells.get(id);
    const basic = base.cells.get(id);
    return cell && basic && differs(cell, basic, text) ? [{ id, cell, basic }] : [];
  });

/** Under a heading, if there are variants: what each changes, and which verdicts that changes. */
export const variantLines = (
  variants: readonly { readonly column: Column; readonly base: Column }[],
  text: CellText,
  paint: Paint,
): readonly string[] => {
  if (variants.length === 0) return [];
  const told = variants.map(({ column, base }) => ({
    column,
    base,
    changed: differences(column, base, text),
  }));
  const widest = Math.max(...rows.map(({ id }) => id.length));
  const cells = told.flatMap(({ changed }) => changed.map(({ cell }) => text(cell).length));
  const width = Math.max(0, ...cells);
  return [
    paint("bold", "VARIANTS, and where each differs from its base"),
    ...told.flatMap(({ column, base, changed }) => [
      `${paint("bold", column.design)}: ${column.title} (of ${base.design})`,
      ...(changed.length === 0 ? ["  every cell as its base"] : []),
      ...changed.map(
        ({ id, cell, basic }) =>
          `  ${id.padEnd(widest)} ${text(cell).padEnd(width)} [base: ${text(basic)}]`,
      ),
    ]),
    "",
  ];
};
