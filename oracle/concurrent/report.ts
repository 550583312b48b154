/** What was found in a concurrent history, in words. */
import { describeOperation, rulebook } from "../../model/index.ts";
import { outcomeWords } from "../judge/outcome-words.ts";
import { paragraph } from "../judge/report.ts";
import type { Call } from "./history.ts";
import type { HistoryVerdict, JudgedPortion } from "./judge.ts";

const mostNamed = 12;

/** Lines of calls, the last ones if there are many. */
const linesOf = (calls: readonly Call[], lineOf: (at: number) => number): string => {
  const lines = calls.map(({ at }) => String(lineOf(at)));
  const last = lines.slice(-mostNamed).join(" ");
  if (lines.length === 0) return "none";
  return lines.length > mostNamed ? `${lines.length} calls, the last of them ${last}` : last;
};

const portionAsText = (
  { verdict }: JudgedPortion,
  file: string,
  lineOf: (at: number) => number,
): string => {
  if (verdict.kind === "linearizable") return "";
  if (verdict.kind === "unknown") return [...paragraph("unknown", verdict.why), ""].join("\n");
  const { call, complaints, prefix, pending } = verdict;
  const { event, thread } = call;
  return [
    `${file}:${lineOf(call.at)}: not linearizable`,
    ...paragraph("asked", `thread ${thread} ${describeOperation(event.operation)}`),
    ...paragraph("observed", outcomeWords(event)),
    ...complaints.flatMap((complaint, position) => {
      const name = position === 0 ? "cause" : "or";
      if (complaint.kind === "ill-formed") return paragraph(name, complaint.why);
      return [
        ...paragraph(name, complaint.cause),
        ...paragraph("rule", rulebook[complaint.rule].sentence),
      ];
    }),
    ...paragraph("explained", `in the order of lines ${linesOf(prefix, lineOf)}`),
    ...(pending.length > 0 ? paragraph("under way", `lines ${linesOf(pending, lineOf)}`) : []),
    "",
  ].join("\n");
};

/**
 * Every portion that is not linearizable, or not decided, and one line about all.
 *
 * @param lineOf the line of an event, by its place in the history
 */
export const historyAsText = (
  verdict: Extract<HistoryVerdict, { readonly kind: "judged" }>,
  file: string,
  lineOf: (at: number) => number,
): string => {
  const { calls, portions, linearizable } = verdict;
  const threads = new Set(calls.map(({ thread }) => thread)).size;
  const words = { ok: "linearizable", not: "not linearizable", unknown: "not decided" };
  const number = (count: number, thing: string) => `${count} ${thing}${count === 1 ? "" : "s"}`;
  const parts = number(portions.length, "portion");
  const counts = `${number(calls.length, "call")} of ${number(threads, "thread")} in ${parts}`;
  const each = portions.map((portion) => portionAsText(portion, file, lineOf)).join("");
  return `${each}${file}: ${counts}; ${words[linearizable]}\n`;
};
