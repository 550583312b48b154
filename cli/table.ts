/** The table as text: designs across, rows down, at most 120 columns wide. */
import { match } from "ts-pattern";
import {
  type Cell,
  type Column,
  columnsAndVariants,
  type Row,
  reductionsOf,
  rows,
  type Strategy,
} from "../properties/index.ts";
import { grouped, type Paint } from "./terminal.ts";
import { variantLines } from "./variants.ts";

const widest = 120;

export const themes: Readonly<Record<Row["theme"], string>> = {
  safety: "SAFETY",
  cache: "CACHE",
  service: "SERVICE",
};

const brokenText = ({
  pins,
  witness: { moves, loopFrom },
}: Extract<Cell, { kind: "broken" }>): string => {
  const pinned = pins > 0 ? `, k=${pins}` : "";
  if (loopFrom !== null && loopFrom < moves.length)
    return `loop ${loopFrom}+${moves.length - loopFrom}${pinned}`;
  return `broken in ${moves.length} step${moves.length === 1 ? "" : "s"}${pinned}`;
};

/** A cell in a few words; `note` is the number of the footnote that says why a row does not apply. */
export const cellText = (cell: Cell, note: (why: string) => number | string): string =>
  match(cell)
    .with({ kind: "holds" }, ({ states }) => `holds ${grouped(states)}`)
    .with({ kind: "broken" }, brokenText)
    .with({ kind: "never" }, () => "never")
    .with({ kind: "not-applicable" }, ({ why }) => `n/a [${note(why)}]`)
    .with({ kind: "premise-unreachable" }, () => "no case")
    .with({ kind: "inconclusive" }, ({ cut: { by, at } }) =>
      by === "time" ? "cut by time" : `cut at ${grouped(at)} ${by}`,
    )
    .exhaustive();

const colourOf = (cell: Cell) =>
  match(cell)
    .with({ kind: "holds" }, () => "green" as const)
    .with({ kind: "broken" }, { kind: "never" }, () => "red" as const)
    .with({ kind: "inconclusive" }, () => "yellow" as const)
    .otherwise(() => null);

/** Columns side by side as far as they fit. */
const sheets = (
  columns: readonly Column[],
  widthOf: (column: Column) => number,
  first: number,
  gap: number,
): readonly (readonly Column[])[] => {
  const found: Column[][] = [];
  let used = widest;
  for (const column of columns) {
    used += gap + widthOf(column);
    if (used > widest || found.length === 0) {
      found.push([]);
      used = first + gap + widthOf(column);
    }
    found.at(-1)?.push(column);
  }
  return found;
};

/** A number for each reason, in the order in which a reader meets them. */
class Notes {
  readonly #reasons: string[] = [];

  readonly number = (why: string): number => {
    if (!this.#reasons.includes(why)) this.#reasons.push(why);
    return this.#reasons.indexOf(why) + 1;
  };

  get lines(): readonly string[] {
    return this.#reasons.map((why, index) => `  [${index + 1}] ${why}`);
  }
}

/** The table, the variants under it, and the reasons of the rows that do not apply. */
export const tableLines = (
  all: readonly Column[],
  paint: Paint,
): { readonly table: readonly string[]; readonly notes: readonly string[] } => {
  const notes = new Notes();
  const { main: columns, variants } = columnsAndVariants(all);
  const texts = new Map<string, string>();
  const place = (row: Row, column: Column): string => `${row.id} ${column.design}`;
  for (const row of rows)
    for (const column of columns) {
      const cell = column.cells.get(row.id);
      if (cell) texts.set(place(row, column), cellText(cell, notes.number));
    }
  const text = (row: Row, column: Column): string => texts.get(place(row, column)) ?? "-";
  const widthOf = (column: Column): number =>
    Math.max(column.design.length, ...rows.map((row) => text(row, column).length));
  const first = Math.max(...rows.map(({ id }) => id.length));
  const wide = columns.reduce((sum, column) => sum + 2 + widthOf(column), first) <= widest;
  const gap = wide ? 2 : 1;

  const sheet = (shown: readonly Column[]): readonly string[] => {
    const line = (name: string, cells: readonly string[]): string =>
      [name.padEnd(first), ...cells].join(" ".repeat(gap)).trimEnd();
    const lines = [
      line(
        "",
        shown.map((each) => paint("bold", each.design.padEnd(widthOf(each)))),
      ),
    ];
    let theme: Row["theme"] | null = null;
    for (const row of rows) {
      if (row.theme !== theme) lines.push(paint("bold", themes[row.theme]));
      theme = row.theme;
      const cells = shown.map((column) => {
        const cell = column.cells.get(row.id);
        const colour = cell ? colourOf(cell) : null;
        const padded = text(row, column).padEnd(widthOf(column));
        return colour === null ? padded : paint(colour, padded);
      });
      lines.push(line(row.id, cells));
    }
    return [...lines, ""];
  };
  const table = [
    ...sheets(columns, widthOf, first, gap).flatMap(sheet),
    ...variantLines(variants, (cell) => cellText(cell, notes.number), paint),
  ];
  return { table, notes: notes.lines };
};

const exhaustive: readonly string[] = [
  "holds N            complete in scope: every reachable state of every slice that asks; N in the largest",
  "broken in N steps  a run of N steps breaks it, and no shorter one of that slice does",
  "loop A+B           broken: after A steps a fair run repeats B steps for ever, and what is due never comes",
  "k=N                the adversary has to hold N pages pinned for it, and no fewer",
  "never              complete in scope, and no reachable state shows it",
  "no case            complete in scope, and nothing in it was a case of the row",
  "n/a [K]            the row does not apply, for the reason K",
  "cut at N, by time  a bound ended the search; nothing worse was found before it",
];

/** Columns of state counts side by side. */
const mostCounted = 5;

/** What the cells mean. After walks, a run that breaks a row need not be a shortest one. */
export const legendOf = (strategy: Strategy): readonly string[] =>
  strategy.kind === "breadth-first" && !reductionsOf(strategy).includes("order")
    ? exhaustive
    : exhaustive.map((line) => line.replace(", and no shorter one of that slice does", ""));

/** Reachable states, slices down and designs across, a few designs at a time. */
export const stateLines = (columns: readonly Column[]): readonly string[] => {
  const slices = [...new Set(columns.flatMap(({ reports }) => reports.map(({ slice }) => slice)))];
  const starts = columns.flatMap((_, index) => (index % mostCounted === 0 ? [index] : []));
  return starts.flatMap((start) => stateSheet(slices, columns.slice(start, start + mostCounted)));
};

const stateSheet = (slices: readonly string[], columns: readonly Column[]): readonly string[] => {
  const width = Math.max(16, ...columns.map(({ design }) => design.length));
  const line = (name: string, cells: readonly string[]): string =>
    `${name.padEnd(12)}${cells.map((cell) => cell.padStart(width + 1)).join("")}`.trimEnd();
  const count = (states: number, cut: boolean): string => `${cut ? ">" : ""}${grouped(states)}`;
  const total = (column: Column): string =>
    count(
      column.reports.reduce((sum, { states }) => sum + states, 0),
      column.reports.some(({ cut }) => cut !== null),
    );
  return [
    line(
      "STATES",
      columns.map(({ design }) => design),
    ),
    ...slices.map((slice) =>
      line(
        slice,
        columns.map(({ reports }) => {
          const report = reports.find((each) => each.slice === slice);
          return report ? count(report.states, report.cut !== null) : "-";
        }),
      ),
    ),
    line("all", columns.map(total)),
    line(
      "marks",
      columns.map(
        ({ reached, unreached }) => `${reached.length}/${reached.length + unreached.length}`,
      ),
    ),
  ];
};

/** The table as the README shows it: what stands between its two markers. */
export const readmeTable = (columns: readonly Column[]): string =>
  [
    "",
    "```text",
    ...tableLines(columns, (_colour, text) => text).table.slice(0, -1),
    "```",
    "",
  ].join("\n");
