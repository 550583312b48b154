/** A failing run told step by step, with what the program itself said about each. */
import { describeFault } from "./fault.ts";
import type { Vocabulary } from "./vocabulary.ts";
import type { Ending, Run, Told, Words } from "./words.ts";

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

type Answered<W extends Words> = Extract<W["answer"], { readonly type: "outcome" }>;
const isOutcome = <W extends Words>(answer: W["answer"]): answer is Answered<W> =>
  answer.type === "outcome";

const answerWords = <W extends Words>({ tell }: Vocabulary<W>, answer: W["answer"]): string => {
  if (isOutcome<W>(answer)) return tell.answered(answer);
  if (answer.type === "outcome") return "";
  const why = answer.message === "" ? "" : ` (${answer.message})`;
  if (answer.error === "refused") return `it is refused${why}`;
  return answer.error === "not-done"
    ? `it is not done${why}`
    : `nobody knows what came of it${why}`;
};

const stepText = <W extends Words>(
  vocabulary: Vocabulary<W>,
  told: Told<W>,
  index: number,
): string => {
  const { answer } = told;
  const came = answer ? `; ${answerWords(vocabulary, answer)}` : "";
  const notes = (answer?.notes ?? []).map((note) => wrapped(`${indent}| `, note, `${indent}|   `));
  const number = String(index + 1).padStart(3);
  return [wrapped(`${number}. `, vocabulary.tell.asked(told) + came), ...notes].join("\n");
};

const mostAllowed = 5;

const endingText = <W extends Words>({ tell }: Vocabulary<W>, ending: Ending<W>): string => {
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
    ...(rule ? [wrapped(`${indent}rule: `, `${rule}: ${tell.sentence(rule)}`)] : []),
    ...[...allowed.slice(0, mostAllowed).map((each) => tell.allowed(each)), ...more].map((each) =>
      wrapped(`${indent}allowed: `, each, `${indent}  `),
    ),
    ...(allowed.length === 0 ? [`${indent}allowed: nothing but a refusal`] : []),
  ].join("\n");
};

/** The whole of it, ending with a line break. */
export const storyOf = <W extends Words>(
  vocabulary: Vocabulary<W>,
  adapter: string,
  run: Run<W>,
): string =>
  [
    wrapped("", `${adapter}, ${vocabulary.tell.opening(run)}`, "  "),
    ...run.told.map((told, index) => stepText(vocabulary, told, index)),
    endingText(vocabulary, run.ending),
    "",
  ].join("\n");

/** One line for a list. */
export const endingLine = <W extends Words>(ending: Ending<W>): string => {
  if (ending.kind === "agreed") return "agreed";
  if (ending.kind === "lost") return ending.why;
  if (ending.kind === "broke") return describeFault(ending.fault);
  const { rule, cause } = ending.refusal;
  return rule === null ? cause : `${rule}: ${cause}`;
};
