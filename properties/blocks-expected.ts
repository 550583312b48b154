/**
 * What is expected of blocks of every size: `blocks.expected.json` beside this file has the golden
 * numbers of each scope, how many cells come to what, and where the broken ones break. And how these
 * verdicts stand to those of the table: nothing may break here that holds there.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { designs } from "../model/index.ts";
import type { BlockSize } from "./blocks.ts";
import { type Difference, type ExpectedMachine, isBad } from "./expected.ts";
import type { Cell, Column } from "./table.ts";

const designSchema = z
  .strictObject({
    /** By slice: its golden numbers in words. */
    slices: z.record(z.string(), z.string()).readonly(),
    /** By kind of verdict: how many rows come to it. */
    cells: z.record(z.string(), z.int()).readonly(),
    /** By row: where it breaks first. */
    broken: z.record(z.string(), z.string()).readonly(),
  })
  .readonly();
const fileSchema = z
  .strictObject({
    format: z.literal("mte-oracle/blocks-expected"),
    version: z.literal(1),
    /** By block size, then by design. */
    blocks: z.record(z.string(), z.record(z.string(), designSchema).readonly()).readonly(),
  })
  .readonly();

type ExpectedOfBlocks = z.infer<typeof fileSchema>;
type ExpectedOfDesign = z.infer<typeof designSchema>;

export const blocksExpectedFile = "blocks.expected.json";

/** @throws Error when the file is not the project's own: it is part of the installation */
export const expectedOfBlocks = (): ExpectedOfBlocks =>
  fileSchema.parse(JSON.parse(readFileSync(new URL(blocksExpectedFile, import.meta.url), "utf8")));

const isBroken = (cell: Cell): cell is Extract<Cell, { kind: "broken" | "never" }> => isBad(cell);

const foundIn = ({ reports, cells }: Column): ExpectedOfDesign => {
  const kinds = [...cells.values()].map(({ kind }) => kind);
  return {
    slices: Object.fromEntries(
      reports.map(({ slice, states, transitions, depth, cut }) => [
        slice,
        `${states} states, ${transitions} transitions, depth ${depth}${cut ? ", cut" : ""}`,
      ]),
    ),
    cells: Object.fromEntries(
      [...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((one) => one === kind).length]),
    ),
    broken: Object.fromEntries(
      [...cells].flatMap(([row, cell]) =>
        isBroken(cell) ? [[row, `${cell.slice} in ${cell.witness.moves.length} steps`]] : [],
      ),
    ),
  };
};

/** The bytes of the file with what was found in it; what was not explored stays as it was. */
export const writeExpectedOfBlocks = (
  known: ExpectedOfBlocks,
  size: BlockSize,
  columns: readonly Column[],
): string => {
  const found = Object.fromEntries(columns.map((column) => [column.design, foundIn(column)]));
  const all = { ...known.blocks[size], ...found };
  /** In the order of the table, and without designs that are gone. */
  const inOrder = designs.flatMap(({ name }) => {
    const design = all[name];
    return design ? [[name, design] as const] : [];
  });
  const blocks = { ...known.blocks, [size]: Object.fromEntries(inOrder) };
  return `${JSON.stringify({ ...known, blocks }, null, 2)}\n`;
};

const differing = (
  design: string,
  about: string,
  wanted: Readonly<Record<string, string | number>>,
  found: Readonly<Record<string, string | number>>,
): readonly Difference[] =>
  [...new Set([...Object.keys(wanted), ...Object.keys(found)])].flatMap((name) => {
    const expected = String(wanted[name] ?? "none");
    const got = String(found[name] ?? "none");
    return expected === got ? [] : [{ design, what: `${about} ${name}`, expected, found: got }];
  });

/**
 * Everything that is not as expected of blocks of so many pages.
 *
 * @param slices only these were explored; left out: all of them
 */
export const compareBlocks = (
  size: BlockSize,
  columns: readonly Column[],
  slices?: readonly string[],
): readonly Difference[] => {
  const wanted = expectedOfBlocks().blocks[size] ?? {};
  return columns.flatMap((column) => {
    const { design } = column;
    const expected = wanted[design];
    if (!expected) return [{ design, what: "design", expected: "none", found: "one" }];
    const found = foundIn(column);
    const asked = Object.fromEntries(
      Object.entries(expected.slices).filter(([name]) => slices?.includes(name) ?? true),
    );
    const counts = differing(design, "slice", asked, found.slices);
    if (slices) return counts;
    return [
      ...counts,
      ...differing(design, "cells that come to", expected.cells, found.cells),
      ...differing(design, "row", expected.broken, found.broken),
    ];
  });
};

/** A cell that is broken here or in the table, and asked in both. */
type Unlike = {
  readonly design: string;
  readonly row: string;
  readonly breaks: "here" | "in the table";
};

/**
 * Where these verdicts are others than those of the table. What breaks here alone is a finding about
 * blocks. What breaks in the table alone needs something that these slices leave out.
 */
export const unlikeTable = (
  columns: readonly Column[],
  table: ExpectedMachine,
): readonly Unlike[] =>
  columns.flatMap(({ design, cells }) =>
    [...cells].flatMap(([row, cell]): Unlike[] => {
      const usual = table[design]?.rows[row];
      if (!usual || isBad(usual) === isBad(cell)) return [];
      if (isBad(cell)) return [{ design, row, breaks: "here" }];
      return cell.kind === "holds" ? [{ design, row, breaks: "in the table" }] : [];
    }),
  );
