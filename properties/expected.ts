/**
 * The verdicts that the project expects, and the golden numbers of every scope, as committed data:
 * `expected.json` beside this file. A difference is a change of the model that somebody has to
 * explain; `mte-oracle check --update-expected` writes the file anew.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { PageSizeBytes } from "../model/index.ts";
import type { Size } from "./sizes.ts";
import type { Cell, Column } from "./table.ts";

const cellSchema = z
  .strictObject({
    kind: z.enum([
      "holds",
      "broken",
      "never",
      "not-applicable",
      "premise-unreachable",
      "inconclusive",
    ]),
    /** Where a broken cell breaks first, or a `never` is said. */
    slice: z.string().exactOptional(),
    /** Of a broken cell: all moves of its witness. */
    steps: z.int().exactOptional(),
  })
  .readonly();
const sizeSchema = z
  .strictObject({ states: z.int(), transitions: z.int(), depth: z.int() })
  .readonly();
const designSchema = z
  .strictObject({
    rows: z.record(z.string(), cellSchema).readonly(),
    slices: z.record(z.string(), sizeSchema).readonly(),
  })
  .readonly();
const machineSchema = z.record(z.string(), designSchema).readonly();
const expectedSchema = z
  .strictObject({
    format: z.literal("mte-oracle/expected"),
    version: z.literal(1),
    machines: z.record(z.string(), machineSchema).readonly(),
  })
  .readonly();

export type Expected = z.infer<typeof expectedSchema>;
/** By the names of designs. */
export type ExpectedMachine = z.infer<typeof machineSchema>;
export type ExpectedCell = z.infer<typeof cellSchema>;

/** One thing that is not as expected; `expected` and `found` are short phrases. */
export type Difference = {
  readonly design: string;
  /** A row of the table, or "slice ..." for golden numbers. */
  readonly what: string;
  readonly expected: string;
  readonly found: string;
};

export const expectedKey = (
  machine: string,
  pageSize: PageSizeBytes,
  size: Size = "usual",
): string => `${machine}, pages of ${pageSize} bytes${size === "usual" ? "" : `, ${size} scopes`}`;

/** @throws Error when the text is not the project's own file: it is part of the installation */
export const parseExpected = (text: string): Expected => expectedSchema.parse(JSON.parse(text));

/** The machine that the table is of, where none is named. */
export const defaultMachine = "phone-16g";

let here: ExpectedMachine | null = null;

/** What the package expects of the default machine; read once. */
export const expectedHere = (): ExpectedMachine => {
  const file = new URL("expected.json", import.meta.url);
  here ??=
    parseExpected(readFileSync(file, "utf8")).machines[expectedKey(defaultMachine, 4096)] ?? {};
  return here;
};

/** The bytes of the file. */
export const writeExpected = (expected: Expected): string =>
  `${JSON.stringify(expectedSchema.parse(expected), null, 2)}\n`;

const expectedCell = (cell: Cell): ExpectedCell => {
  if (cell.kind === "broken")
    return { kind: cell.kind, slice: cell.slice, steps: cell.witness.moves.length };
  return cell.kind === "never" ? { kind: cell.kind, slice: cell.slice } : { kind: cell.kind };
};

/** What would have to be expected for these columns to be as expected. */
export const expectedOf = (columns: readonly Column[]): ExpectedMachine =>
  Object.fromEntries(
    columns.map(({ design, cells, reports }) => [
      design,
      {
        rows: Object.fromEntries([...cells].map(([row, cell]) => [row, expectedCell(cell)])),
        slices: Object.fromEntries(
          reports.map(({ slice, states, transitions, depth }) => [
            slice,
            { states, transitions, depth },
          ]),
        ),
      },
    ]),
  );

const phrase = ({ kind, slice, steps }: ExpectedCell): string =>
  `${kind}${steps === undefined ? "" : ` in ${steps} steps`}${slice === undefined ? "" : `, slice ${slice}`}`;

export const isBad = ({ kind }: ExpectedCell): boolean => kind === "broken" || kind === "never";

/**
 * Can this cell be held against the expected one? A run of some slices only says less: a cell that
 * breaks there breaks in any run, and one that should break there has to.
 */
const comparable = (found: ExpectedCell, wanted: ExpectedCell, explored: ReadonlySet<string>) =>
  isBad(found) !== isBad(wanted)
    ? isBad(found) || explored.has(wanted.slice ?? "")
    : isBad(found) && found.slice === wanted.slice;

/** In a search that was cut, the first violation need not be a shortest one. */
const known = ({ steps, ...cell }: ExpectedCell, explored: ReadonlySet<string>): ExpectedCell =>
  steps === undefined || (cell.slice !== undefined && !explored.has(cell.slice))
    ? cell
    : { ...cell, steps };

const compareColumn = (
  { design, cells, reports }: Column,
  wanted: ExpectedMachine[string],
): readonly Difference[] => {
  const differences: Difference[] = [];
  const explored = new Set(reports.filter(({ cut }) => cut === null).map(({ slice }) => slice));
  const whole = Object.keys(wanted.slices).every((slice) => explored.has(slice));
  const differ = (what: string, one: string, other: string): void => {
    if (one !== other) differences.push({ design, what, expected: one, found: other });
  };
  for (const { slice, states, transitions, depth, cut } of reports) {
    const size = wanted.slices[slice];
    if (cut !== null) continue;
    const numbers = (each: { states: number; transitions: number; depth: number }): string =>
      `${each.states} states, ${each.transitions} transitions, depth ${each.depth}`;
    const here = { states, transitions, depth };
    differ(`slice ${slice}`, size ? numbers(size) : "no such slice", numbers(here));
  }
  for (const [row, cell] of cells) {
    const expected = wanted.rows[row];
    const found = expectedCell(cell);
    if (expected === undefined) differ(row, "no such row", phrase(found));
    else if (whole || comparable(found, expected, explored))
      differ(row, phrase(known(expected, explored)), phrase(known(found, explored)));
  }
  for (const row of whole ? Object.keys(wanted.rows) : [])
    if (!cells.has(row)) differ(row, "a row", "none");
  return differences;
};

/** Everything that is not as expected, as far as this run can tell. */
export const compareWithExpected = (
  columns: readonly Column[],
  expected: ExpectedMachine,
): readonly Difference[] =>
  columns.flatMap((column) => {
    const wanted = expected[column.design];
    if (wanted !== undefined) return compareColumn(column, wanted);
    return [{ design: column.design, what: "design", expected: "none", found: "one" }];
  });
