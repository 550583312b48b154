/** An explanation as plain text of at most 100 columns: what is wrong, then each step, then why. */
import { width, wrapped } from "../../lines.ts";
import { changeText } from "../../portrait.ts";
import { scopeLines } from "../../text.ts";
import { fromWhere, whatIsNeeded, whatIsWrong } from "../answers.ts";
import type { ExplainedStep, Explanation } from "../explanation.ts";

const headingLines = ({ counterexample, row, planted }: Explanation): readonly string[] => [
  ...wrapped(`${counterexample.design}: ${counterexample.property.id}`, 0),
  ...wrapped(row.sentence, 0),
  "",
  ...planted.flatMap(({ id, sentence }) => wrapped(`planted ${id}: ${sentence}`, 0)),
  ...scopeLines(counterexample),
];

/** Before a step: here it becomes inevitable, here the loop begins. */
const marksBefore = (step: ExplainedStep, { inevitable, loop }: Explanation): readonly string[] => [
  ...(loop?.from === step.number ? ["     (from here the steps repeat for ever)"] : []),
  ...(inevitable.kind === "from-step" && inevitable.step === step.number
    ? ["     (from here on it cannot be prevented any more)"]
    : []),
];

const stepLines = (step: ExplainedStep): readonly string[] => {
  const spare = step.necessity === "not-necessary" ? " (not needed)" : "";
  const [first = "", ...others] = wrapped(`${step.sentence}${spare}`, 5, 0, width);
  return [
    `${String(step.number).padStart(3)}. ${first.trimStart()}`,
    ...others,
    ...step.changes.flatMap((change) => wrapped(changeText(change), 9)),
  ];
};

const section = (title: string, texts: readonly string[]): readonly string[] => [
  "",
  title,
  ...texts.flatMap((text) => wrapped(text, 2, 0)),
];

/** The whole text; the same explanation gives the same bytes. */
export const explanationAsText = (explanation: Explanation): string => {
  const { steps, allowed, loop } = explanation;
  const lines = [
    ...headingLines(explanation),
    ...section("WHAT IS WRONG", whatIsWrong(explanation)),
    ...(allowed.length > 0 ? section("WHAT WOULD HAVE BEEN ALLOWED", allowed) : []),
    ...section("SINCE WHEN", [fromWhere(explanation)]),
    ...section("WHAT IT TAKES", [whatIsNeeded(explanation)]),
    "",
    "STEP BY STEP",
    ...steps.flatMap((step) => [...marksBefore(step, explanation), ...stepLines(step)]),
    ...(loop ? [`     (and so on: step ${loop.from} again)`] : []),
  ];
  return `${lines.join("\n")}\n`;
};
