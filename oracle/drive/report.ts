/** What a drive came to, as text and as JSON. */
import type { Check } from "./conformance.ts";
import type { Driven, Finding } from "./drive.ts";
import { describeFault } from "./fault.ts";
import { endingLine, storyOf, wrapped } from "./story.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { Pages, Words } from "./words.ts";

/** A finding, and the file that it was saved in. */
export type Kept<W extends Words = Pages> = {
  readonly finding: Finding<W>;
  readonly file: string | null;
};

export type Report<W extends Words = Pages> = {
  readonly seed: number;
  /** null: the kit was not asked for. */
  readonly checks: readonly Check[] | null;
  /** null: nothing was driven, because the adapter is wrong or only the kit was asked for. */
  readonly driven: Driven<W> | null;
  readonly kept: readonly Kept<W>[];
};

const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? "" : "s"}`;

const stderrLines = (indent: string, lines: readonly string[]): readonly string[] =>
  lines.map((line) => wrapped(`${indent}stderr: `, line, `${indent}  `));

export const checkLines = ({ name, sentence, wrong, lastWords }: Check): readonly string[] => [
  `${wrong === null ? "ok   " : "WRONG"}  ${name.padEnd(12)}  ${sentence}`,
  ...(wrong === null
    ? []
    : [wrapped("       ", wrong, "         "), ...stderrLines("       ", lastWords)]),
];

/** A failure with its whole story. */
export const findingLines = <W extends Words>(
  vocabulary: Vocabulary<W>,
  { finding, file }: Kept<W>,
): readonly string[] => {
  const { adapter, run, foundIn, reproduced, failing } = finding;
  const now = counted(failing.told.length, "step");
  const how = reproduced ? `${now}, of ${foundIn}` : `${now}; it did not happen again`;
  return [
    wrapped("", `FOUND in run ${run}: ${endingLine(failing.ending)} (${how})`, "  "),
    ...(file === null ? [] : [`  ${file}`]),
    "",
    storyOf(vocabulary, adapter, failing),
  ];
};

/** Counts, and what was not looked at. */
export const summaryLines = <W extends Words>({
  runs,
  operations,
  findings,
  more,
  lost,
  lostWhy,
  tallies,
  fault,
}: Driven<W>): readonly string[] => {
  const undone = [...tallies].flatMap(([kind, { asked, notDone, unknown }]) =>
    notDone + unknown === 0 ? [] : [`  ${kind}: ${notDone + unknown} of ${asked} not done`],
  );
  const failures = counted(findings.length, "failure");
  return [
    ...(fault === null
      ? []
      : [wrapped("", describeFault(fault), "  "), ...stderrLines("  ", fault.lastWords)]),
    `${counted(runs, "run")}, ${operations} operations, ` +
      `${failures}${more === 0 ? "" : `, and ${more} more like them`}`,
    ...(lost === 0 ? [] : [`  ${counted(lost, "run")} cut short: ${lostWhy}`]),
    ...undone,
  ];
};

export const reportAsJson = <W extends Words>(
  { seed, checks, driven, kept }: Report<W>,
  exitCode: number,
) => ({
  schema: "mte-oracle/test/1",
  seed,
  adapter: driven?.adapter ?? null,
  checks,
  runs: driven?.runs ?? 0,
  operations: driven?.operations ?? 0,
  tallies: Object.fromEntries(driven?.tallies ?? []),
  findings: kept.map(({ finding, file }) => ({
    run: finding.run,
    steps: finding.failing.told.length,
    foundIn: finding.foundIn,
    reproduced: finding.reproduced,
    ending: finding.failing.ending,
    file,
  })),
  more: driven?.more ?? 0,
  lost: driven?.lost ?? 0,
  fault: driven?.fault ?? null,
  exitCode,
});
