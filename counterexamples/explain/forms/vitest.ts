/**
 * An explanation as a test for vitest, ready to be pasted: the whole counterexample is in it, so
 * that it needs no file beside it.
 */
import { writeCounterexample } from "../../format.ts";
import { wrapped } from "../../lines.ts";
import type { Explanation } from "../explanation.ts";

/** A line of a comment that nothing in it can end. */
const comment = (text: string): readonly string[] =>
  wrapped(text.replace(/\*\//g, "* /"), 0, 5, 96).map((line) => ` * ${line}`);

/** The whole file. The verdict that it expects is the one that the run has now. */
export const explanationAsVitest = ({
  counterexample,
  verdict,
  row,
  steps,
}: Explanation): string => {
  const { design, property } = counterexample;
  const lines = [
    "/**",
    ...comment(row.sentence),
    ...steps.flatMap(({ number, sentence }) =>
      comment(`${String(number).padStart(3)}. ${sentence}`),
    ),
    " */",
    'import { expect, test } from "vitest";',
    'import { parseCounterexample, replay } from "mte-oracle/counterexamples";',
    "",
    `const counterexample = ${writeCounterexample(counterexample).trimEnd()};`,
    "",
    `test(${JSON.stringify(`${design}: ${property.id}`)}, () => {`,
    '  const parsed = parseCounterexample(JSON.stringify(counterexample), "counterexample");',
    "  if (!parsed.ok) throw new Error(parsed.error.message);",
    `  expect(replay(parsed.value).verdict).toEqual(${JSON.stringify(verdict)});`,
    "});",
  ];
  return `${lines.join("\n")}\n`;
};
