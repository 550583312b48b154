/** What was measured as text: a line for each story, and how many came to the shortest. */
import { compareLengths, type Length } from "../../counterexamples/minimize/rank.ts";
import type { Measured } from "./measure.ts";

const cell = ({ operations, switches, actions }: Length): string =>
  `${operations}/${switches}/${actions}`;

export type Summary = {
  readonly stories: number;
  readonly walked: number;
  /** Stories whose scope was searched to a shortest run. */
  readonly known: number;
  /** Of those: reduced as far as the shortest, or further in a smaller scope. */
  readonly reducedEqual: number;
  readonly minimalEqual: number;
  /** The most operations by which one is longer than the shortest. */
  readonly mostMoreOperations: number;
  readonly medianLong: Length | null;
  readonly medianMilliseconds: number;
  readonly slowestMilliseconds: number;
};

const middle = <T>(sorted: readonly T[]): T | undefined => sorted[Math.floor(sorted.length / 2)];

export const summaryOf = (rows: readonly Measured[]): Summary => {
  const known = rows.flatMap(({ shortest, ...row }) => (shortest ? [{ ...row, shortest }] : []));
  const equal = (lengthOf: (row: (typeof known)[number]) => Length): number =>
    known.filter((row) => compareLengths(lengthOf(row), row.shortest) <= 0).length;
  const times = rows.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return {
    stories: rows.length,
    walked: rows.filter(({ by }) => by === "walk").length,
    known: known.length,
    reducedEqual: equal(({ reduced }) => reduced),
    minimalEqual: equal(({ minimal }) => minimal),
    mostMoreOperations: Math.max(
      0,
      ...known.map(({ reduced, shortest }) => reduced.operations - shortest.operations),
    ),
    medianLong: middle(rows.map(({ long }) => long).sort(compareLengths)) ?? null,
    medianMilliseconds: middle(times) ?? 0,
    slowestMilliseconds: times.at(-1) ?? 0,
  };
};

const line = (cells: readonly string[]): string =>
  cells.map((text, index) => (index === 0 ? text.padEnd(50) : text.padStart(11))).join("");

export const tableOf = (rows: readonly Measured[], summary: Summary): string => {
  const { known, reducedEqual, minimalEqual, mostMoreOperations } = summary;
  const lines = [
    line(["operations/switches/actions", "long", "reduced", "minimal", "shortest", "ms"]),
    ...rows.map(({ name, long, reduced, minimal, shortest, milliseconds }) =>
      line([
        name,
        cell(long),
        cell(reduced),
        cell(minimal),
        shortest ? cell(shortest) : "?",
        String(milliseconds),
      ]),
    ),
    "",
    `shortest known: ${known} of ${summary.stories}, ${summary.walked} from random walks`,
    `reduced is no longer: ${reducedEqual}, minimal is no longer: ${minimalEqual} of ${known}`,
    `operations more at most: ${mostMoreOperations}`,
    `median long run: ${summary.medianLong ? cell(summary.medianLong) : "none"}`,
    `median ${summary.medianMilliseconds} ms, slowest ${summary.slowestMilliseconds} ms`,
    "",
  ];
  return lines.join("\n");
};
