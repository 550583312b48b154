/** A concurrent history as a page to look at: a row for each thread, a bar for each call. */
import { create } from "xmlbuilder2";
import { describeOperation } from "../../model/index.ts";
import { outcomeWords } from "../judge/outcome-words.ts";
import type { Call } from "./history.ts";
import type { HistoryVerdict } from "./judge.ts";

type Judged = Extract<HistoryVerdict, { readonly kind: "judged" }>;

const rowHeight = 26;
const leftEdge = 90;
const width = 1400;
/** More are not told apart by anybody. */
const mostCalls = 400;
const colours = { plain: "#9ec5e8", wrong: "#d9534f", pending: "#f0c36d", explained: "#a8d8a0" };

/** The calls around the first one that is wrong; else the first ones. */
const shownOf = ({ calls }: Judged, wrong: Call | null): readonly Call[] => {
  const ordered = calls.toSorted((a, b) => a.call - b.call || a.at - b.at);
  const middle = wrong ? ordered.indexOf(wrong) : 0;
  const first = Math.max(0, middle - mostCalls / 2);
  return ordered.slice(first, first + mostCalls);
};

/** An HTML document that needs nothing else. The same history gives the same bytes. */
export const historyAsHtml = (verdict: Judged, title: string): string => {
  const bad = verdict.portions
    .map((portion) => portion.verdict)
    .find((each) => each.kind === "not-linearizable");
  const refused = bad?.kind === "not-linearizable" ? bad : null;
  const calls = shownOf(verdict, refused?.call ?? null);
  const threads = [...new Set(calls.map(({ thread }) => thread))].sort();
  const start = Math.min(...calls.map(({ call }) => call));
  const last = Math.max(start + 1, ...calls.map(({ call, end }) => end ?? call));
  const scale = (width - leftEdge) / (last - start);
  const prefix = new Set(refused?.prefix ?? []);
  const colourOf = (call: Call): string => {
    if (call === refused?.call) return colours.wrong;
    if (refused?.pending.includes(call)) return colours.pending;
    return prefix.has(call) ? colours.explained : colours.plain;
  };
  const html = create({ encoding: "UTF-8" }).ele("html", { lang: "en" });
  const head = html.ele("head");
  head.ele("meta", { charset: "utf-8" }).up().ele("title").txt(title);
  const body = html.ele("body", { style: "font-family: sans-serif; font-size: 13px" });
  body.ele("h1").txt(title);
  const meaning = "red: nothing explains it; green: explained before; yellow: under way with it";
  body.ele("p").txt(`${calls.length} of ${verdict.calls.length} calls. ${meaning}.`);
  const height = threads.length * rowHeight + 10;
  const svg = body.ele("svg", {
    xmlns: "http://www.w3.org/2000/svg",
    width: String(width),
    height: String(height),
    role: "img",
    "aria-label": title,
  });
  for (const [row, thread] of threads.entries())
    svg.ele("text", { x: "0", y: String(row * rowHeight + 17) }).txt(`thread ${thread}`);
  for (const call of calls) {
    const left = leftEdge + (call.call - start) * scale;
    const right = leftEdge + ((call.end ?? last) - start) * scale;
    const bar = svg.ele("rect", {
      x: left.toFixed(1),
      y: String(threads.indexOf(call.thread) * rowHeight + 4),
      width: Math.max(2, right - left).toFixed(1),
      height: String(rowHeight - 8),
      fill: colourOf(call),
      stroke: "#555",
    });
    const words = `${describeOperation(call.event.operation)}: ${outcomeWords(call.event)}`;
    bar.ele("title").txt(`${call.at + 1}. thread ${call.thread} ${words}`);
  }
  const text = html.end({ headless: true, prettyPrint: true });
  return `<!DOCTYPE html>\n${text}\n`;
};
