/** The numbers as text: a line for each bug, then what they come to. */
import { quantile } from "../throughput/statistics.ts";
import type { Row, Side } from "./measure.ts";
import type { Options } from "./options.ts";
import type { Share } from "./share.ts";

export type Summary = {
  /** How many times as long commands take, the middle one of the bugs that both find. */
  readonly medianRatio: number | null;
  /** The same over all bugs that ours finds: commands that miss one count as finding it at the cap. */
  readonly medianAtLeast: number | null;
  readonly oursSlower: readonly string[];
  readonly missedByCommands: readonly string[];
  readonly missedByOurs: readonly string[];
};

/** Above 1: ours was faster. Null where one of them missed. */
export const ratioOf = ({ ours, commands }: Row): number | null =>
  ours.median && commands.median ? commands.median.milliseconds / ours.median.milliseconds : null;

const atLeastOf = ({ ours, commands }: Row, cap: number): number | null =>
  ours.median ? (commands.median?.milliseconds ?? cap) / ours.median.milliseconds : null;

/** From here on ours counts as slower. */
const slower = 1 / 2;

/** `cap`: how long a bug was looked for, in milliseconds. */
export const summaryOf = (rows: readonly Row[], cap: number): Summary => {
  const middle = (ratios: readonly number[]): number | null =>
    ratios.length > 0 ? quantile(ratios, 0.5) : null;
  const named = (wanted: (row: Row) => boolean): readonly string[] =>
    rows.filter(wanted).map(({ bug }) => bug);
  return {
    medianRatio: middle(rows.flatMap((row) => ratioOf(row) ?? [])),
    medianAtLeast: middle(rows.flatMap((row) => atLeastOf(row, cap) ?? [])),
    oursSlower: named((row) => (ratioOf(row) ?? 1) < slower),
    missedByCommands: named(({ commands }) => commands.median === null),
    missedByOurs: named(({ ours }) => ours.median === null),
  };
};

const cellOf = ({ median, tried, found }: Side): string =>
  median
    ? `${median.milliseconds.toFixed(0)} ms / ${median.operations} / ${median.actions}`
    : `missed (${tried - found} of ${tried} seeds)`;

const lineOf = (bug: string, ours: string, other: string, ratio: string, widest: number): string =>
  `${bug.padEnd(widest)}  ${ours.padStart(26)}  ${other.padStart(26)}  ${ratio.padStart(7)}`;

export const lineFor = (row: Row, widest: number): string =>
  lineOf(row.bug, cellOf(row.ours), cellOf(row.commands), ratioOf(row)?.toFixed(1) ?? "-", widest);

const listed = (what: string, bugs: readonly string[]): string =>
  `${what}: ${bugs.length === 0 ? "none" : `${bugs.length} (${bugs.join(", ")})`}`;

export const tableOf = (
  rows: readonly Row[],
  { against, cap }: Pick<Options, "against" | "cap">,
  share: Share | null,
): string => {
  const widest = Math.max(...rows.map(({ bug }) => bug.length), 0);
  const summary = summaryOf(rows, cap);
  return [
    lineOf("time / operations / actions", "ours", `${against} commands`, "ratio", widest),
    ...rows.map((row) => lineFor(row, widest)),
    `median ratio of time, where both find it: ${summary.medianRatio?.toFixed(1) ?? "-"}`,
    "median ratio of time, a miss of commands counted as found at the cap: " +
      `${summary.medianAtLeast?.toFixed(1) ?? "-"}`,
    listed("ours takes more than twice as long", summary.oursSlower),
    listed(`missed by ${against} commands`, summary.missedByCommands),
    listed("missed by ours", summary.missedByOurs),
    ...(share
      ? [
          `the runner's own share of the time of our runs: ${(share.own * 100).toFixed(0)} %` +
            ` (${share.millisecondsOfRuns.toFixed(0)} ms for ${share.actions} actions,` +
            ` ${share.millisecondsOfCalls.toFixed(0)} ms of it model, implementation, comparison)`,
        ]
      : []),
  ].join("\n");
};
