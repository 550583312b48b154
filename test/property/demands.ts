/**
 * What a suite has to reach: least counts by what is counted, as committed data (a file of `reach/`
 * for each suite). A quarter of what the fixed seed reaches is demanded, so that any seed meets it;
 * what is reached fewer than eight times is not demanded of this suite.
 */
import { z } from "zod";
import type { Counts } from "../../properties/lockstep/index.ts";

const demandsSchema = z.record(z.string(), z.int().min(1)).readonly();

/** @throws Error when the text is not the project's own file */
export const parseDemands = (text: string): Counts => demandsSchema.parse(JSON.parse(text));

export const writeDemands = (demands: Counts): string => `${JSON.stringify(demands, null, 2)}\n`;

const share = 4;
const leastCounted = 8;

/** What a run of a suite may be held to from now on. */
export const demandsFrom = (reach: Counts): Counts =>
  Object.fromEntries(
    Object.entries(reach)
      .filter(([, count]) => count >= leastCounted)
      .map(([what, count]) => [what, Math.floor(count / share)]),
  );

/** Each demand that was missed, as a phrase. */
export const missedDemands = (demands: Counts, reach: Counts): readonly string[] =>
  Object.entries(demands)
    .filter(([what, least]) => (reach[what] ?? 0) < least)
    .map(([what, least]) => `${what}: ${reach[what] ?? 0} times, at least ${least} expected`);

/** Operation, outcome and context against design, with counts: the part of the reach to be read. */
export const tableOf = (reach: Counts): string => {
  const rows = new Map<string, Map<string, number>>();
  const designs = new Set<string>();
  for (const [what, count] of Object.entries(reach)) {
    const [design = "", ...words] = what.split(" ");
    if (words[0] === "marks" || words[0] === "cut") continue;
    designs.add(design);
    const row = words.join(" ");
    const counts = rows.get(row) ?? new Map<string, number>();
    rows.set(row, counts.set(design, count));
  }
  const columns = [...designs];
  const widest = Math.max(...[...rows.keys()].map((row) => row.length), 0);
  const line = (name: string, cells: readonly string[]): string =>
    name.padEnd(widest) +
    cells.map((cell, at) => cell.padStart(2 + Math.max(7, (columns[at] ?? "").length))).join("");
  const body = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    line("", columns),
    ...body.map(([row, counts]) =>
      line(
        row,
        columns.map((design) => String(counts.get(design) ?? "-")),
      ),
    ),
  ].join("\n");
};
