/** Results as text: what is wrong row by row, then a table by family. */

import { type Counts, countsOf, familiesOf, type RowResult, rowVerdicts } from "./results.ts";
import type { Difference } from "./run.ts";

const width = 100;

/** Breaks a text between words; lines after the first are indented further. */
const wrapped = (lead: string, text: string): string => {
  const indent = " ".repeat(lead.length);
  const lines: string[] = [];
  let line = lead;
  for (const word of text.split(" ")) {
    if (line.length > indent.length && line.length + 1 + word.length > width) {
      lines.push(line);
      line = indent;
    }
    line += line.length === indent.length ? word : ` ${word}`;
  }
  return [...lines, line].join("\n");
};

/** Where row and model differ, in plain words. */
export const differenceLines = (difference: Difference): readonly string[] => {
  const { step, operation, expected, found, allowed, rules } = difference;
  return [
    wrapped("  ", step === null ? operation : `step ${step}: ${operation}`),
    wrapped("    expected  ", expected),
    wrapped("    found     ", found),
    ...(allowed.length > 1 ? allowed.map((each) => wrapped("    allowed   ", each)) : []),
    ...rules.flatMap(({ id, sentence, source }) => [
      wrapped("    rule      ", `${id}: ${sentence}`),
      wrapped("    source    ", source),
    ]),
  ];
};

const titles = {
  pass: "PASS",
  fail: "FAIL",
  refused: "REFUSED",
  malformed: "MALFORMED",
  "not-applicable": "NOT APPLICABLE",
} as const;

/** One difference is told once, with the kernels that show it. */
const failures = ({ byKernel }: RowResult): readonly string[] => {
  const told = new Map<string, string[]>();
  for (const { kernel, verdict } of byKernel) {
    if (verdict.kind !== "fail") continue;
    const text = differenceLines(verdict.difference).join("\n");
    told.set(text, [...(told.get(text) ?? []), kernel]);
  }
  return [...told].map(([text, kernels]) => `  Linux ${kernels.join(", ")}\n${text}`);
};

const rowLines = (result: RowResult): readonly string[] => {
  const { id, file, line, verdict, why } = result;
  const head = `${titles[verdict]} ${id} (${file}:${line})`;
  return [head, ...(why === null ? [] : [wrapped("  ", why)]), ...failures(result)];
};

const columns = {
  pass: "pass",
  fail: "fail",
  refused: "refused",
  malformed: "malformed",
  "not-applicable": "n/a",
} as const;

const cells = (counts: Counts): string =>
  rowVerdicts
    .map((verdict) => String(counts[verdict]).padStart(columns[verdict].length))
    .join("  ");

/** The table of families, and their sum. */
export const summaryText = (results: readonly RowResult[]): string => {
  const families = familiesOf(results);
  const longest = Math.max("family".length, ...families.map(({ family }) => family.length));
  const head = rowVerdicts.map((verdict) => columns[verdict]).join("  ");
  const rows = families.map(({ family, counts }) => `${family.padEnd(longest)}  ${cells(counts)}`);
  const all = `${"all".padEnd(longest)}  ${cells(countsOf(results))}`;
  return `${[`${"family".padEnd(longest)}  ${head}`, ...rows, all].join("\n")}\n`;
};

/** @param everything also rows that pass, and rows that say nothing about these kernels */
export const resultsAsText = (results: readonly RowResult[], everything: boolean): string => {
  const quiet = new Set<RowResult["verdict"]>(["pass", "not-applicable"]);
  const shown = results.filter(({ verdict }) => everything || !quiet.has(verdict));
  const rows = shown.map((result) => `${rowLines(result).join("\n")}\n`);
  return [...rows, ...(rows.length > 0 ? ["\n"] : []), summaryText(results)].join("");
};
