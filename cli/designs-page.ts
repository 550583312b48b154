/**
 * The parts of docs/designs.md that follow from what is expected: of each design its verdicts and
 * its shortest counterexample in words, and the list of problems with a link to what shows each.
 */
import {
  type Counterexample,
  explainRun,
  fileNameOfCell,
  wrapped,
} from "../counterexamples/index.ts";
import { designs } from "../model/index.ts";
import {
  discussions,
  type ExpectedCell,
  type ExpectedMachine,
  isBad,
  type Problem,
  rows,
} from "../properties/index.ts";

export type Known = {
  readonly expected: ExpectedMachine;
  /** By file name. */
  readonly corpus: ReadonlyMap<string, Counterexample>;
};

const corpusFolder = "../counterexamples/corpus";

/** Every design breaks it in the same way: no story of its own. */
const toldElsewhere = "the-three-hooks-suffice";

export const blockOf = (name: string, lines: readonly string[]): string =>
  [`<!-- ${name} -->`, "", ...lines, "", `<!-- /${name} -->`].join("\n");

const cellWords = ({ kind, steps }: ExpectedCell): string =>
  kind === "broken" && steps !== undefined
    ? `broken in ${steps} step${steps === 1 ? "" : "s"}`
    : kind.replaceAll("-", " ");

const isKnownCell = (cell: ExpectedCell | undefined): cell is ExpectedCell => cell !== undefined;

/** An item of a list: a broken cell with its run on a line of its own, for links are long. */
const itemOf = (
  indent: string,
  what: string,
  [design, row]: readonly [string, string],
  cell: ExpectedCell,
): readonly string[] =>
  isBad(cell)
    ? [
        `${indent}- ${what}: ${cellWords(cell)},`,
        `${indent}  [the run](${corpusFolder}/${fileNameOfCell(design, row)})`,
      ]
    : [`${indent}- ${what}: [${cellWords(cell)}](#${design})`];

const paragraph = (text: string): readonly string[] => wrapped(text, 0);

const verdictLines = (design: string, { expected }: Known): readonly string[] => {
  const cells = rows.flatMap(({ id }) => {
    const cell = expected[design]?.rows[id];
    return isKnownCell(cell) ? [{ id, cell }] : [];
  });
  const count = (kind: ExpectedCell["kind"]): number =>
    cells.filter(({ cell }) => cell.kind === kind).length;
  const bad = cells.filter(({ cell }) => isBad(cell));
  const others = [
    ["holds", "hold"],
    ["premise-unreachable", "have no case"],
    ["not-applicable", "do not apply"],
  ] as const;
  const counted = others.flatMap(([kind, words]) =>
    count(kind) > 0 ? [`${count(kind)} ${words}`] : [],
  );
  return [
    ...paragraph(`*Verdicts:* of ${cells.length} rows ${counted.join(", ")}.`),
    ...(bad.length === 0 ? [] : ["", "Broken:", ""]),
    ...bad.flatMap(({ id, cell }) => itemOf("", `\`${id}\``, [design, id], cell)),
  ];
};

const storyOf = (design: string, { expected, corpus }: Known): Counterexample | null => {
  const told = Object.entries(expected[design]?.rows ?? {}).flatMap(
    ([row, { kind, steps = 0 }]) => {
      const found = corpus.get(fileNameOfCell(design, row));
      return kind === "broken" && row !== toldElsewhere && found ? [{ found, steps }] : [];
    },
  );
  return told.toSorted((one, other) => one.steps - other.steps)[0]?.found ?? null;
};

const storyLines = (design: string, known: Known): readonly string[] => {
  const story = storyOf(design, known);
  if (!story) return [];
  const { steps, conjunct, loop } = explainRun(story);
  const { row } = story.property;
  const again = loop ? ` Steps ${loop.from} to ${loop.to} can be repeated for ever.` : "";
  return [
    "",
    ...paragraph(`*Its shortest counterexample*, row \`${row}\`, slice \`${story.slice}\`:`),
    "",
    ...steps.flatMap(({ number, deed, does }) => {
      const who =
        deed.by === "actor" ? (story.scope.actors[deed.actor]?.name ?? "") : "environment";
      return wrapped(`${number}. *${who}* ${does.replace(/ \[[^\]]*\]$/, "")}.`, 0).map(
        (line, index) => (index === 0 ? line : `   ${line.trimStart()}`),
      );
    }),
    "",
    ...paragraph(`So it is wrong: ${conjunct?.cause ?? story.reason}.${again}`),
  ];
};

const problemLines = (
  { title, paraphrase, shown, measures = [] }: Problem,
  { expected }: Known,
): readonly string[] => [
  ...wrapped(`- **${title}.** ${paraphrase}`, 0),
  ...shown.flatMap(({ row, designs: asked }) =>
    asked.flatMap((design) => {
      const cell = expected[design]?.rows[row];
      return isKnownCell(cell)
        ? itemOf("  ", `row \`${row}\`, ${design}`, [design, row], cell)
        : [];
    }),
  ),
  ...(measures.length === 0
    ? []
    : [`  - [in numbers](#in-numbers): ${measures.map((each) => `"${each}"`).join(", ")}`]),
];

const problemsBlock = (known: Known): string =>
  blockOf(
    "problems",
    discussions
      .flatMap(({ source, problems }) => [
        `### ${source}`,
        "",
        ...problems.flatMap((problem) => problemLines(problem, known)),
        "",
      ])
      .slice(0, -1),
  );

const blockNamed = (name: string): RegExp =>
  new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);

/** The section of a design: from its heading to the next one. */
const sectionOf = (name: string): RegExp =>
  new RegExp(`^##+ ${name}\\n[\\s\\S]*?(?=\\n##|(?![\\s\\S]))`, "m");

/** Designs that the page has no section of: somebody has to write it. */
export const designsUntold = (text: string): readonly string[] =>
  designs.flatMap(({ name }) => (sectionOf(name).test(text) ? [] : [name]));

/** The text with a block as it should be now, at the end of its section if it is new. */
export const withBlock = (text: string, name: string, now: string): string => {
  if (blockNamed(name).test(text)) return text.replace(blockNamed(name), () => now);
  return text.replace(sectionOf(name), (section) => `${section.trimEnd()}\n\n${now}\n`);
};

/** The page with all its generated parts anew, costs aside. */
export const designsPage = (text: string, known: Known): string =>
  designs.reduce(
    (page, { name }) =>
      withBlock(
        page,
        name,
        blockOf(name, [...verdictLines(name, known), ...storyLines(name, known)]),
      ),
    withBlock(text, "problems", problemsBlock(known)),
  );

/** The page with these tables of costs. */
export const withCosts = (text: string, lines: readonly string[]): string =>
  withBlock(text, "costs", blockOf("costs", ["```text", ...lines, "```"]));
