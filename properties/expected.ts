/**
 * The verdicts that the project expects, and the golden numbers of every scope, as committed data:
 * `expected.json` beside this file. A difference is a change of the model that somebody has to
 * explain; `mte-oracle check --update-expected` writes the file anew.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { PageSizeBytes } from "../model/index.ts";
import type { Profile } from "./profiles.ts";
import { nameOfReductions } from "./reduction/index.ts";
import type { Size } from "./sizes.ts";
import { reductionsOf } from "./strategy.ts";
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
const counts = { states: z.int(), transitions: z.int(), depth: z.int() };
const sizeSchema = z
  .strictObject({
    ...counts,
    /** The same counts, in words, of reduced searches, by the name of the reductions. */
    reduced: z.record(z.string(), z.string()).readonly().exactOptional(),
  })
  .readonly();
const designSchema = z
  .strictObject({
    rows: z.record(z.string(), cellSchema).readonly(),
    /** The name of the reductions that all counts are with, where the whole is too large. */
    reducedBy: z.string().exactOptional(),
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

/** Of one scope. */
type Counts = { readonly states: number; readonly transitions: number; readonly depth: number };

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
  profile: Profile = "processes",
): string =>
  [
    `${machine}, pages of ${pageSize} bytes`,
    ...(size === "usual" ? [] : [`${size} scopes`]),
    ...(profile === "processes" ? [] : [profile]),
  ].join(", ");

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

/** The name of the reductions that a column was explored with; empty without any. */
const reducedBy = ({ reports }: Column): string =>
  nameOfReductions(reports.flatMap(({ strategy }) => reductionsOf(strategy)));

const countsOf = ({ states, transitions, depth }: Counts): Counts => ({
  states,
  transitions,
  depth,
});

const phraseOf = ({ states, transitions, depth }: Counts): string =>
  `${states} states, ${transitions} transitions, depth ${depth}`;

/**
 * What would have to be expected for these columns to be as expected. Counts of a reduced search are
 * entered beside those of the whole one that are `known`; a whole search keeps the reduced counts of
 * scopes that it finds unchanged.
 */
export const expectedOf = (
  columns: readonly Column[],
  known: ExpectedMachine = {},
): ExpectedMachine =>
  Object.fromEntries(
    columns.map((column) => {
      const { design, cells, reports } = column;
      const by = reducedBy(column);
      const before = known[design];
      if (by !== "" && before !== undefined && before.reducedBy === undefined) {
        const slices = reports.flatMap((report) => {
          const size = before.slices[report.slice];
          const reduced = { ...size?.reduced, [by]: phraseOf(report) };
          return size ? [[report.slice, { ...size, reduced }] as const] : [];
        });
        return [design, { ...before, slices: { ...before.slices, ...Object.fromEntries(slices) } }];
      }
      return [
        design,
        {
          rows: Object.fromEntries([...cells].map(([row, cell]) => [row, expectedCell(cell)])),
          ...(by !== "" && { reducedBy: by }),
          slices: Object.fromEntries(
            reports.map((report) => {
              const size = before?.slices[report.slice];
              const kept =
                size?.reduced !== undefined && phraseOf(size) === phraseOf(report)
                  ? { reduced: size.reduced }
                  : {};
              return [report.slice, { ...countsOf(report), ...kept }];
            }),
          ),
        },
      ];
    }),
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

/** The golden counts of a slice for a search like this one; null where there are none of its kind. */
const countsExpected = (
  wanted: ExpectedMachine[string],
  slice: string,
  by: string,
): string | null => {
  const size = wanted.slices[slice];
  if (size === undefined) return "no such slice";
  if (by === (wanted.reducedBy ?? "")) return phraseOf(size);
  return size.reduced?.[by] ?? null;
};

const compareColumn = (column: Column, wanted: ExpectedMachine[string]): readonly Difference[] => {
  const { design, cells, reports } = column;
  const by = reducedBy(column);
  /** Of a search that was reduced in another way verdicts are the same, and not where it breaks. */
  const alike = by === (wanted.reducedBy ?? "");
  const differences: Difference[] = [];
  const explored = new Set(reports.filter(({ cut }) => cut === null).map(({ slice }) => slice));
  const whole = Object.keys(wanted.slices).every((slice) => explored.has(slice));
  const differ = (what: string, one: string, other: string): void => {
    if (one !== other) differences.push({ design, what, expected: one, found: other });
  };
  for (const { slice, states, transitions, depth, cut } of reports) {
    const golden = countsExpected(wanted, slice, by);
    if (cut !== null || golden === null) continue;
    differ(`slice ${slice}`, golden, phraseOf({ states, transitions, depth }));
  }
  for (const [row, cell] of cells) {
    const expected = wanted.rows[row];
    const found = expectedCell(cell);
    if (expected === undefined) differ(row, "no such row", phrase(found));
    else if (!alike) {
      if (whole || comparable(found, expected, explored))
        differ(row, phrase({ kind: expected.kind }), phrase({ kind: found.kind }));
    } else if (whole || comparable(found, expected, explored))
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
