/** The comparison as text, at most 100 columns wide: two tables of costs, and the hooks of each design. */

import type { Costs } from "../properties/comparison/index.ts";
import { type Compared, comparedSizes, measures } from "../properties/comparison/index.ts";

const width = 100;

const workload: readonly string[] = [
  "One seeded workload for every design: a phone. Processes with MTE and without start, fork and",
  "exit; pages in use are given tags; files are read and changed; memory runs short, pages of both",
  "kinds are swapped out, and the page cache shrinks; data larger than it is read again and again.",
];

/** Words of a list, broken into lines under each other. */
const listed = (name: string, words: readonly string[], indent: number): readonly string[] => {
  const lines: string[] = [];
  let line = name.padEnd(indent);
  for (const [index, word] of words.entries()) {
    const text = index < words.length - 1 ? `${word}, ` : word;
    if (line.length + text.trimEnd().length > width && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = " ".repeat(indent);
    }
    line += text;
  }
  return [...lines, line.trimEnd()];
};

/**
 * One row a design; those without costs of that kind are left out. A design that stuck has no costs
 * to be compared.
 */
const costTable = (
  compared: readonly Compared[],
  costsOf: (one: Compared) => Costs | null,
): readonly string[] => {
  const rows = compared.flatMap((one) => {
    const costs = costsOf(one);
    if (!costs) return [];
    const stuck = costs.givenUp > 0;
    return [{ name: one.design, stuck, cells: measures.map(({ of }) => of(costs, one)) }];
  });
  const first = Math.max(6, ...rows.map(({ name }) => name.length));
  const widths = measures.map(({ short }, index) =>
    Math.max(5, short.length, ...rows.map(({ cells }) => cells[index]?.length ?? 0)),
  );
  const line = (name: string, cells: readonly string[]): string =>
    [name.padEnd(first), ...cells.map((cell, index) => cell.padStart(widths[index] ?? 0))].join(
      " ",
    );
  return [
    line(
      "",
      measures.map(({ short }) => short),
    ),
    ...rows.map(({ name, stuck, cells }) => line(name, stuck ? cells.map(() => "stuck") : cells)),
  ];
};

/** The two tables as docs/designs.md shows them too. */
export const costLines = (compared: readonly Compared[]): readonly string[] => [
  `${comparedSizes.small}, by the model:`,
  "",
  ...costTable(compared, ({ small }) => small),
  "",
  `${comparedSizes.real}, by the implementation:`,
  "",
  ...costTable(compared, ({ real }) => real),
];

const hookLines = (compared: readonly Compared[]): readonly string[] => {
  const indent = 2 + Math.max(...compared.map(({ design }) => design.length));
  return compared.flatMap(({ design, hooks }) =>
    listed(design, hooks.length === 0 ? ["none"] : hooks, indent),
  );
};

export const compareText = (compared: readonly Compared[], seed: number): string =>
  [
    ...workload,
    "",
    `seed ${seed}`,
    "",
    ...costLines(compared),
    "",
    ...measures.map(({ short, sentence }) => `  ${short.padEnd(8)}  ${sentence}`),
    "",
    "HOOKS: functions of the kernel in which a design has to be called",
    "",
    ...hookLines(compared),
    "",
  ].join("\n");
