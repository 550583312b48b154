/** The answers of an explanation as sentences, the same in every form that has them. */
import { match } from "ts-pattern";
import { listed } from "../lines.ts";
import type { Explanation, Necessity } from "./explanation.ts";

/** What is wrong, where, and by which rule; the row is told elsewhere. */
export const whatIsWrong = ({ conjunct, verdict, row }: Explanation): readonly string[] => {
  if (conjunct === null)
    return [verdict.kind === "not-reproduced" ? `The run does not fail: ${verdict.why}.` : ""];
  const where = conjunct.step === null ? "" : ` in step ${conjunct.step}`;
  return [
    conjunct.kind === "rule"
      ? `The contract refuses what the caller sees${where}, by ${conjunct.id}: ${conjunct.cause}.`
      : `It is broken${where}: ${conjunct.cause}.`,
    ...(conjunct.sentence === row.sentence ? [] : [conjunct.sentence]),
    `Source: ${conjunct.source}.`,
  ];
};

/** From where on nobody could have prevented it. */
export const fromWhere = ({ inevitable }: Explanation): string =>
  match(inevitable)
    .with(
      { kind: "from-step" },
      ({ step }) =>
        `From step ${step} on it could not be prevented: whatever the order and the choices of ` +
        "what is left of these operations, it ends so.",
    )
    .with(
      { kind: "never-before-the-end" },
      () => "Until the last step it could have ended well, in another order or with other choices.",
    )
    .with(
      { kind: "from-the-start" },
      () => "It could not be prevented at all: these operations end so in every order.",
    )
    .with(
      { kind: "only-if-repeated" },
      () => "No step seals it: it lasts for as long as somebody goes on like this.",
    )
    .with(
      { kind: "not-decided" },
      ({ why }) => `From where on it was inevitable is not known: ${why}.`,
    )
    .exhaustive();

const numbersOf = (
  parts: readonly { readonly necessity: Necessity }[],
  wanted: Necessity,
): readonly number[] =>
  parts.flatMap(({ necessity }, index) => (necessity === wanted ? [index + 1] : []));

const stepWords = (numbers: readonly number[]): string =>
  `${numbers.length === 1 ? "step" : "steps"} ${listed(numbers)}`;

/** Which steps can be left out. */
export const whatIsNeeded = ({ steps }: Explanation): string => {
  if (steps.length === 0) return "There is no run to be told.";
  if (numbersOf(steps, "not-tried").length > 0) return "What can be left out was not tried.";
  const spare = numbersOf(steps, "not-necessary");
  return spare.length === 0
    ? "Every step is necessary: without any one of them the rest does not fail."
    : `Without ${stepWords(spare)}, each by itself, it still fails; every other step is necessary.`;
};
