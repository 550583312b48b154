/** `docs/bugs.md`: the catalogue and the kill matrix as tables of at most 100 columns. */
import { type Bug, bugGroups, bugs, packedDesigns } from "../../impl/index.ts";
import { themes } from "../lockstep/index.ts";
import { type BugKills, type Kills, soonestOf } from "./kills.ts";

const width = 100;

/** Breaks a paragraph between words. */
const wrapped = (text: string, indent = ""): readonly string[] => {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
};

const hasImplementation = (name: string): boolean =>
  packedDesigns.some((design) => design.name === name);

/** One letter for each suite of implementations, in the order of the themes. */
const letters = new Map(
  themes
    .filter(({ designs }) => designs.some(({ name }) => hasImplementation(name)))
    .map(({ name }, index) => [name, String.fromCharCode(65 + index)]),
);

/** Bugs of implementations, and bugs of designs that live in the model alone: each its own matrix. */
const groupsOf = (kind: "implementations" | "designs") =>
  bugGroups.filter(
    ({ bugs: group }) =>
      group.some(({ designs }) => designs.some(hasImplementation)) === (kind === "implementations"),
  );

/** Operations until the first mismatch; "-": none, ".": the suite has no design that can have it. */
const cellsOf = ({ suites }: BugKills): readonly string[] =>
  [...letters.keys()].map((name) => {
    const kill = suites[name];
    if (kill === undefined) return ".";
    return kill === null ? "-" : String(kill.operations);
  });

const nameWidth = 50;
const cellWidth = 4;

const matrixLine = (name: string, cells: readonly string[]): string =>
  [name.padEnd(nameWidth), ...cells.map((cell) => cell.padStart(cellWidth))].join("").trimEnd();

const matrixOf = (group: readonly Bug[], kills: Kills): readonly string[] =>
  group.flatMap(({ id }) => {
    const row = kills.bugs[id];
    return row ? [matrixLine(id, cellsOf(row))] : [];
  });

const storyLine = (id: string, kills: BugKills): readonly string[] => {
  const { design, checker, story } = kills;
  const soonest = soonestOf(kills);
  const suite = soonest
    ? `${soonest.suite} after ${soonest.operations} operations, in ${soonest.action}: ${soonest.part}`
    : "no suite";
  const run = checker
    ? `${design}, slice ${checker.slice}, row ${checker.row}` +
      `${checker.rule === null || checker.rule === checker.row ? "" : ` (${checker.rule})`}: ` +
      `${checker.operations} of ${story} operations, ${checker.switches} switches, ` +
      `${checker.actions} actions`
    : "no slice";
  return wrapped(`- **${id}**: ${suite}; ${run}.`, "  ");
};

/** The other designs in which the checker kills the bug, each by the row that breaks. */
const otherLines = ({ others = {} }: BugKills): readonly string[] => {
  const told = Object.entries(others).flatMap(([design, kill]) =>
    kill ? [`${design} (${kill.row}, ${kill.operations} operations)`] : [],
  );
  return told.length === 0 ? [] : wrapped(`  Also in ${told.join(", ")}.`, "  ");
};

const catalogueOf = ({ id, sentence, source, designs }: Bug): readonly string[] => [
  ...wrapped(`- **${id}**: ${sentence} Source: ${source}. Designs: ${designs.join(", ")}.`, "  "),
];

const heading = (): readonly string[] => {
  const harmless = bugs.filter((bug) => bug.harmless).length;
  return [
    "# Planted bugs",
    "",
    ...wrapped(
      `${bugs.length - harmless} bugs that can be switched on in the implementation, or in a design ` +
        "that has none, each a small wrong thing that somebody once did or nearly did, and " +
        `${harmless} changes that do no harm. Every bug has to be killed by a random suite and by ` +
        "the checker, every harmless change by neither. `npm run kills` writes this page.",
    ),
    "",
    "```sh",
    "mte-oracle bugs           # this list",
    "mte-oracle bugs run ID    # the shortest story of a bug, step by step",
    "```",
  ];
};

const matrix = (kills: Kills): readonly string[] => [
  "## What the suites need",
  "",
  ...wrapped(
    "Operations that a suite had started, over all its runs, before the action in which " +
      `implementation and model first parted. Seed ${kills.seed}, at most ${kills.runs} runs of ${kills.length} steps ` +
      `(${kills.moreRuns} for a bug that survives those, ${kills.harmlessRuns} for a harmless ` +
      `change). "-": not within that budget; ".": the ` +
      "suite has no design that can have the bug.",
  ),
  "",
  ...[...letters].map(([name, letter]) => `- ${letter}: ${name}`),
  "",
  "```text",
  matrixLine("", [...letters.values()]),
  ...groupsOf("implementations").flatMap(({ title, bugs: group }) => [
    title.toUpperCase(),
    ...matrixOf(group, kills),
  ]),
  "```",
];

/** A design of the model has one suite, so that one number is enough. */
const designLine = (bug: Bug, kills: Kills): readonly string[] =>
  Object.entries(kills.bugs[bug.id]?.suites ?? {}).map(([suite, kill]) =>
    matrixLine(bug.id, [`${String(kill?.operations ?? "-").padStart(6)}  ${suite}`]),
  );

const designMatrix = (kills: Kills): readonly string[] => {
  const groups = groupsOf("designs");
  if (groups.length === 0) return [];
  return [
    "",
    "## What the suites of designs in the model need",
    "",
    ...wrapped(
      "A design without an implementation is walked by itself: what kills a bug is a row of the " +
        "table that breaks. Operations until then, and the suite.",
    ),
    "",
    "```text",
    ...groups.flatMap(({ title, bugs: group }) => [
      title.toUpperCase(),
      ...group.flatMap((bug) => designLine(bug, kills)),
    ]),
    "```",
  ];
};

const stories = (kills: Kills): readonly string[] => [
  "## The first kill and the shortest story",
  "",
  ...wrapped(
    "Of each bug the suite that needs the fewest operations, with the action after which the two " +
      "differ and in what; then the run that the checker finds: its operations beside those of the " +
      "story of the source. `counterexamples/bugs` holds these runs.",
  ),
  ...bugGroups.flatMap(({ title, bugs: group }) => [
    "",
    `### ${title[0]?.toUpperCase()}${title.slice(1)}`,
    "",
    ...group.flatMap((bug) => {
      const row = kills.bugs[bug.id];
      if (!row) return [];
      if (bug.harmless) return wrapped(`- **${bug.id}** is harmless.`);
      return [...storyLine(bug.id, row), ...otherLines(row)];
    }),
  ]),
];

const catalogue: readonly string[] = [
  "## The catalogue",
  ...bugGroups.flatMap(({ title, bugs: group }) => [
    "",
    `### ${title[0]?.toUpperCase()}${title.slice(1)}, planted`,
    "",
    ...group.flatMap(catalogueOf),
  ]),
];

export const bugsAsMarkdown = (kills: Kills): string =>
  [
    ...heading(),
    "",
    ...catalogue,
    "",
    ...matrix(kills),
    ...designMatrix(kills),
    "",
    ...stories(kills),
    "",
  ].join("\n");
