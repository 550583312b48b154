/** A failing run told step by step, with what the program itself said about each. */
import { describeOperation, describeOutcome, type Limits, rulebook } from "../../model/index.ts";
import { type Answer, readingsOf } from "../protocol/index.ts";
import { describeFault } from "./fault.ts";
import type { Ending, Told } from "./player.ts";
import type { Run } from "./run.ts";

const widest = 100;
const indent = "     ";

/** Words in lines of at most 100 columns, those after the first further in. */
export const wrapped = (first: string, text: string, further = indent): string => {
  const lines: string[] = [];
  let line = first;
  for (const word of text.split(" ")) {
    if (line.length + word.length > widest && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = further;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join("\n");
};

const answerWords = (answer: Answer): string => {
  if (answer.type === "outcome") {
    const [outcome] = readingsOf(answer.outcome);
    return outcome ? `the caller ${describeOutcome(outcome)}` : "the caller sees nothing";
  }
  const why = answer.message === "" ? "" : ` (${answer.message})`;
  if (answer.error === "refused") return `it is refused${why}`;
  return answer.error === "not-done"
    ? `it is not done${why}`
    : `nobody knows what came of it${why}`;
};

const stepText = ({ step, operation, answer }: Told, index: number): string => {
  const who = step.by === "tester" ? "the page cache" : "somebody";
  const wrong = step.wrong ? ", which nobody may" : "";
  const asked = `${who} ${describeOperation(operation)}${wrong}`;
  const told = answer ? `; ${answerWords(answer)}` : "";
  const notes = (answer?.notes ?? []).map((note) => wrapped(`${indent}| `, note, `${indent}|   `));
  return [wrapped(`${String(index + 1).padStart(3)}. `, asked + told), ...notes].join("\n");
};

const counted = (count: number, thing: string): string =>
  `${count} ${thing}${count === 1 ? "" : "s"}`;

const limitsText = (limits: Limits): string => {
  const { taggablePages, handles, granulesPerPage, slots, files, pagesPerFile } = limits;
  const more = handles > taggablePages ? `, and ${handles - taggablePages} without tags` : "";
  const pages = `${counted(taggablePages, "taggable page")} of ${counted(granulesPerPage, "granule")}`;
  const inFiles = `${counted(files, "file")} of ${counted(pagesPerFile, "page")}`;
  return `${pages}${more}, ${counted(slots, "slot")}, ${inFiles}`;
};

const mostAllowed = 5;

const endingText = (ending: Ending): string => {
  if (ending.kind === "agreed") return "Every answer is one that the contract allows.";
  if (ending.kind === "lost") return wrapped("", `Cut short: ${ending.why}.`);
  if (ending.kind === "broke") {
    const { fault } = ending;
    const words = fault.lastWords.map((line) => wrapped("     stderr: ", line, `${indent}  `));
    return [wrapped("", `BROKE: ${describeFault(fault)}`), ...words].join("\n");
  }
  const { rule, cause, allowed } = ending.refusal;
  const more = allowed.length > mostAllowed ? [`(${allowed.length - mostAllowed} more)`] : [];
  return [
    wrapped("", `DEVIATES: ${cause}`),
    ...(rule ? [wrapped(`${indent}rule: `, `${rule}: ${rulebook[rule].sentence}`)] : []),
    ...[...allowed.slice(0, mostAllowed).map((each) => `the caller ${each}`), ...more].map((each) =>
      wrapped(`${indent}allowed: `, each, `${indent}  `),
    ),
    ...(allowed.length === 0 ? [`${indent}allowed: nothing but a refusal`] : []),
  ].join("\n");
};

/** The whole of it, ending with a line break. */
export const storyOf = (adapter: string, { limits, told, ending }: Run): string =>
  [
    wrapped("", `${adapter}, with ${limitsText(limits)}`, "  "),
    ...told.map(stepText),
    endingText(ending),
    "",
  ].join("\n");

/** One line for a list. */
export const endingLine = (ending: Ending): string => {
  if (ending.kind === "agreed") return "agreed";
  if (ending.kind === "lost") return ending.why;
  if (ending.kind === "broke") return describeFault(ending.fault);
  const { rule, cause } = ending.refusal;
  return rule === null ? cause : `${rule}: ${cause}`;
};
