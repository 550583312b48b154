/** What was found in a log, in words. */
import { match, P } from "ts-pattern";
import { describeChoice, describeOperation, describeOutcome, rulebook } from "../../model/index.ts";
import type { LogEvent, ObservedOutcome, ObservedSeen } from "../log/index.ts";
import type { EntryVerdict, Frontier } from "./judge.ts";
import type { LogCounts, LogFinding } from "./run.ts";
import { tagNumbers } from "./values.ts";

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

const lookOf = ({ tagged, tags, bytes }: ObservedSeen) => ({
  ...(tagged === undefined ? {} : { tagged }),
  ...(tags === undefined ? {} : { tags: typeof tags === "string" ? tagNumbers(tags) : tags }),
  ...(bytes === undefined ? {} : { bytes }),
});

/** Completes "the caller ...", also where not everything was seen. */
const observedWords = (outcome: ObservedOutcome): string =>
  match(outcome)
    .with({ kind: "pages", handles: P.array() }, ({ handles, seen = [] }) =>
      describeOutcome({ kind: "pages", handles, seen: seen.map(lookOf) }),
    )
    .with({ kind: "pages" }, () => "gets pages, nobody saw which")
    .with({ kind: "page", handle: P.number }, ({ handle, seen = {} }) =>
      describeOutcome({ kind: "page", handle, seen: lookOf(seen) }),
    )
    .with({ kind: "page" }, () => "gets a page, nobody saw which")
    .with({ kind: "tag", tag: P.number }, describeOutcome)
    .with({ kind: "tag" }, () => "reads a tag, nobody saw which")
    .with({ kind: P.union("bytes", "hit"), bytes: P.number }, describeOutcome)
    .with({ kind: "bytes" }, () => "reads bytes, nobody saw which")
    .with({ kind: "hit" }, () => "hits, nobody saw what")
    .with({ kind: "swapped", slots: P.array() }, ({ slots }) =>
      describeOutcome({ kind: "swapped", slots }),
    )
    .with({ kind: "swapped" }, () => "gets slots, nobody saw which")
    .with({ kind: "miss" }, ({ touched = false }) => describeOutcome({ kind: "miss", touched }))
    .with({ kind: "slot", freed: P.boolean }, describeOutcome)
    .with({ kind: "slot" }, () => "is done with the slot")
    .with({ kind: "save-failed" }, ({ entriesLeft = 0 }) =>
      describeOutcome({ kind: "save-failed", entriesLeft }),
    )
    .with({ kind: P.union("done", "no-memory", "failed") }, describeOutcome)
    .exhaustive();

const choiceWords = ({ choice }: LogEvent): string =>
  choice && choice.kind !== "none" ? ` (${describeChoice(choice)})` : "";

/** How a call ended, as far as anybody saw; completes "the caller ...". */
export const outcomeWords = (event: LogEvent): string => {
  const { outcome } = event;
  if (outcome === undefined) return "nobody saw how it ended";
  if (outcome === "unknown") return "nobody knows whether it happened";
  return `${observedWords(outcome)}${choiceWords(event)}`;
};

const frontierLines = ({ states, more }: Frontier): readonly string[] => {
  const all = more > 0 ? [...states, `and ${more} more`] : states;
  return all.flatMap((state, at) => paragraph(at === 0 ? "before" : "or", state));
};

const verdictLines = (verdict: LogFinding["verdict"]): readonly string[] =>
  match(verdict)
    .with({ kind: "deviation" }, ({ rule, cause, allowed, frontier }) => [
      ...paragraph("rule", rulebook[rule].sentence),
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

const title = (verdict: Exclude<EntryVerdict, { kind: "explained" }>): string =>
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
    ...paragraph("asked", `somebody ${describeOperation(finding.event.operation)}`),
    ...paragraph("observed", outcomeWords(finding.event)),
    ...verdictLines(finding.verdict),
    ...paragraph("explained", prefixWords(finding)),
    "",
  ].join("\n");

const number = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

/** One line. */
export const countsAsText = (file: string, counts: LogCounts): string => {
  const { entries, gaps, deviations, illFormed, inconclusive, malformed } = counts;
  const wrong = [
    ...(deviations > 0 ? [number(deviations, "deviation", "deviations")] : []),
    ...(illFormed > 0 ? [number(illFormed, "ill-formed entry", "ill-formed entries")] : []),
    ...(inconclusive > 0 ? [`${inconclusive} inconclusive`] : []),
    ...(malformed > 0 ? [number(malformed, "line unread", "lines unread")] : []),
  ];
  const read = number(entries, "entry", "entries");
  const lost = gaps > 0 ? `, ${number(gaps, "gap", "gaps")}` : "";
  return `${file}: ${read}${lost}; ${wrong.length === 0 ? "explained" : wrong.join(", ")}\n`;
};
