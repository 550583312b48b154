/** An explanation as a table of plain text: a line for each step, a column for each actor. */
import { width, wrapped } from "../../lines.ts";
import { whatIsWrong } from "../answers.ts";
import type { ExplainedStep, Explanation } from "../explanation.ts";

const numberWidth = 4;
const gap = 2;
const environment = "environment";

/** Who does something in the run, in the order of the scope; the environment comes last. */
const columnsOf = ({ actors, steps }: Explanation): readonly string[] => {
  const working = new Set(steps.map(({ deed }) => (deed.by === "actor" ? deed.actor : -1)));
  const names = actors.flatMap(({ name }, actor) => (working.has(actor) ? [name] : []));
  return working.has(-1) ? [...names, environment] : names;
};

const whoIn = ({ deed }: ExplainedStep, { actors }: Explanation): string =>
  deed.by === "actor" ? (actors[deed.actor]?.name ?? "") : environment;

/** A line of several cells, each broken to the width of its column. */
const rowLines = (number: string, cells: readonly string[], column: number): readonly string[] => {
  const broken = cells.map((text) => (text === "" ? [] : wrapped(text, 0, 0, column)));
  const height = Math.max(1, ...broken.map(({ length }) => length));
  return Array.from({ length: height }, (_, line) =>
    [
      (line === 0 ? number : "").padStart(numberWidth),
      ...broken.map((lines) => (lines[line] ?? "").padEnd(column)),
    ]
      .join(" ".repeat(gap))
      .trimEnd(),
  );
};

/** The whole table, with what is wrong below it. */
export const explanationAsTable = (explanation: Explanation): string => {
  const { counterexample, steps, loop } = explanation;
  const columns = columnsOf(explanation);
  const column = Math.floor((width - numberWidth) / Math.max(1, columns.length)) - gap;
  const rule = "-".repeat(Math.min(width, numberWidth + columns.length * (column + gap)));
  const lines = [
    ...wrapped(`${counterexample.design}: ${counterexample.property.id}`, 0),
    "",
    ...rowLines("step", columns, column),
    rule,
    ...steps.flatMap((step) => {
      const who = whoIn(step, explanation);
      const cells = columns.map((name) => (name === who ? step.does : ""));
      const row = rowLines(String(step.number), cells, column);
      return step.number === loop?.from ? ["-- again and again:", ...row] : row;
    }),
    rule,
    ...whatIsWrong(explanation).flatMap((text) => wrapped(text, 0)),
  ];
  return `${lines.join("\n")}\n`;
};
