/** What was found in a log, in words. */
import { match } from "ts-pattern";
import { toldRules } from "../scenarios/rules.ts";
import type { LogCounts, LogFinding } from "./run.ts";
import type { AnyRuleId, Frontier, Objection } from "./verdict.ts";

const width = 100;
const nameWidth = 12;

/** A paragraph behind a name, broken at blanks. */
export const paragraph = (name: string, text: string): readonly string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && longer.length > width - nameWidth) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].map(
    (each, at) => `  ${(at === 0 ? name : "").padEnd(nameWidth - 2)}${each}`,
  );
};

const frontierLines = ({ states, more }: Frontier): readonly string[] => {
  const all = more > 0 ? [...states, `and ${more} more`] : states;
  return all.flatMap((state, at) => paragraph(at === 0 ? "before" : "or", state));
};

const sentenceOf = (rule: AnyRuleId): string => toldRules([rule])[0]?.sentence ?? rule;

const verdictLines = (verdict: Objection): readonly string[] =>
  match(verdict)
    .with({ kind: "deviation" }, ({ rule, cause, allowed, frontier }) => [
      ...paragraph("rule", sentenceOf(rule)),
      ...paragraph("cause", cause),
      ...allowed.outcomes.flatMap((each, at) => paragraph(at === 0 ? "allowed" : "or", each)),
      ...(allowed.more > 0 ? paragraph("", `and ${allowed.more} more`) : []),
      ...frontierLines(frontier),
    ])
    .with({ kind: "ill-formed" }, ({ why, frontier }) => [
      ...paragraph("cause", `${why}; the log is wrong, or entries are missing`),
      ...frontierLines(frontier),
    ])
    .with({ kind: "inconclusive" }, ({ why }) => paragraph("cause", why))
    .exhaustive();

const title = (verdict: Objection): string =>
  verdict.kind === "deviation" ? verdict.rule : verdict.kind;

const linesWords = ({ first, last }: NonNullable<LogFinding["prefix"]>): string =>
  first === last ? `line ${first}` : `lines ${first} to ${last}`;

const prefixWords = ({ line, prefix, verdict }: LogFinding): string => {
  const lines = prefix ? linesWords(prefix) : "no line before it";
  const on =
    verdict.kind === "inconclusive"
      ? "what the line names is forgotten"
      : `what line ${line} shows is believed`;
  return `${lines}; from here on ${on}`;
};

/** A title and paragraphs, each line with its end. */
export const findingAsText = (file: string, finding: LogFinding): string =>
  [
    `${file}:${finding.line}: ${title(finding.verdict)}`,
    ...paragraph("asked", finding.asked),
    ...paragraph("observed", finding.observed),
    ...verdictLines(finding.verdict),
    ...paragraph("explained", prefixWords(finding)),
    "",
  ].join("\n");

const number = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** One line. */
export const countsAsText = (file: string, counts: LogCounts): string => {
  const { entries, gaps, deviations, illFormed, inconclusive, unjudged, malformed } = counts;
  const wrong = [
    ...(deviations > 0 ? [number(deviations, "deviation", "deviations")] : []),
    ...(illFormed > 0 ? [number(illFormed, "ill-formed entry", "ill-formed entries")] : []),
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
    ...(unjudged > 0 ? [`${unjudged} not judged`] : []),
    ...(malformed > 0 ? [number(malformed, "line unread", "lines unread")] : []),
  ];
  const read = number(entries, "entry", "entries");
  const lost = gaps > 0 ? `, ${number(gaps, "gap", "gaps")}` : "";
  return `${file}: ${read}${lost}; ${wrong.length === 0 ? "explained" : wrong.join(", ")}\n`;
};
