/** An explanation as Markdown, for an issue or a commit message. */
import { changeText } from "../../portrait.ts";
import { fromWhere, whatIsNeeded, whatIsWrong } from "../answers.ts";
import type { ExplainedStep, Explanation } from "../explanation.ts";

/** Characters that Markdown or HTML would take for its own. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#|~&]/g, "\\$&");

/** No text of this program holds a backtick; one of a file is put aside. */
const code = (text: string): string => `\`${text.replace(/`/g, "'")}\``;

/** The function in brackets at the end of a sentence is code. */
const sentence = (text: string): string => {
  const inBrackets = / \[(?<name>[^[\]`]+)\]\.$/.exec(text);
  if (inBrackets?.groups === undefined) return escaped(text);
  const before = text.slice(0, inBrackets.index);
  return `${escaped(before)}: ${code(inBrackets.groups["name"] ?? "")}.`;
};

const stepLines = (step: ExplainedStep, { loop, inevitable }: Explanation): readonly string[] => {
  const begins = loop?.from === step.number ? " **From here the steps repeat for ever.**" : "";
  const sealed =
    inevitable.kind === "from-step" && inevitable.step === step.number
      ? " **From here on it cannot be prevented.**"
      : "";
  const spare = step.necessity === "not-necessary" ? " (Not needed.)" : "";
  return [
    `${step.number}. ${sentence(step.sentence)}${spare}${begins}${sealed}`,
    ...step.changes.map((change) => `    - ${code(changeText(change))}`),
  ];
};

/** The whole document. */
export const explanationAsMarkdown = (explanation: Explanation): string => {
  const { counterexample, row, allowed, steps, planted } = explanation;
  const lines = [
    `# ${escaped(`${counterexample.design}: ${counterexample.property.id}`)}`,
    "",
    escaped(row.sentence),
    ...planted.flatMap(({ id, sentence: what }) => ["", `Planted: ${escaped(`${id}: ${what}`)}`]),
    "",
    "## What is wrong",
    "",
    ...whatIsWrong(explanation).map(escaped),
    ...(allowed.length > 0
      ? ["", "## What would have been allowed", "", ...allowed.map((each) => `- ${escaped(each)}`)]
      : []),
    "",
    "## Since when, and what it takes",
    "",
    escaped(fromWhere(explanation)),
    escaped(whatIsNeeded(explanation)),
    "",
    "## Step by step",
    "",
    ...steps.flatMap((step) => stepLines(step, explanation)),
  ];
  return `${lines.join("\n")}\n`;
};
