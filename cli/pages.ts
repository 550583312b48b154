/** Folders of pages: one for each counterexample, and a table that links to them. */
import * as fs from "node:fs";
import * as path from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Counterexample,
  counterexampleOf,
  explain,
  fileNameOf,
  type ListCell,
  type ListPage,
  listPageOf,
  type PageAssets,
  pageOf,
} from "../counterexamples/index.ts";
import { bugGroups } from "../impl/index.ts";
import { type BugKills, soonestOf } from "../properties/bugs/kills.ts";
import {
  type Cell,
  type Column,
  type Row,
  rowNamed,
  rows,
  type Strategy,
} from "../properties/index.ts";
import { readKills, readStory } from "./bug-files.ts";
import { writeIfChanged } from "./files.ts";
import { cellText, legendOf, themes } from "./table.ts";
import { counted } from "./terminal.ts";

/** From dist/cli/pages.js. */
const assetFolder = path.resolve(fileURLToPath(import.meta.url), "../../counterexamples/page");
const indexName = "index.html";

export const pageAssets = (): PageAssets => ({
  style: fs.readFileSync(path.join(assetFolder, "style.css"), "utf8"),
  script: fs.readFileSync(path.join(assetFolder, "view.js"), "utf8"),
});

const pageName = (json: string): string => `${path.basename(json, ".json")}.html`;

const writePages = (
  folder: string,
  list: ListPage,
  runs: ReadonlyMap<string, Counterexample>,
): string => {
  const assets = pageAssets();
  const index = { href: indexName, title: list.title };
  for (const [name, counterexample] of runs)
    writeIfChanged(path.join(folder, name), pageOf(explain(counterexample), assets, { index }));
  const file = path.join(folder, indexName);
  writeIfChanged(file, listPageOf(list, assets));
  return file;
};

const standingOf = (cell: Cell | undefined): ListCell["standing"] => {
  if (cell?.kind === "broken" || cell?.kind === "never") return "broken";
  return cell?.kind === "holds" ? "holds" : "other";
};

/** Who breaks what, and how, as one line. */
const brokenWords = ({ design, property, reason }: Counterexample): string =>
  `${design} breaks "${rowNamed(property.row)?.sentence ?? property.row}": ${reason}`;

/** The table of `check` and the pages of its broken cells; gives the file to open first. */
export const writeCheckPages = (
  folder: string,
  columns: readonly Column[],
  { answer, strategy }: { readonly answer: string; readonly strategy: Strategy },
): string => {
  const runs = new Map<string, Counterexample>();
  const cellOf = (row: Row, column: Column): ListCell => {
    const cell = column.cells.get(row.id);
    const counterexample = counterexampleOf(column, row.id);
    const href = counterexample && pageName(fileNameOf(counterexample));
    if (counterexample && href !== null) runs.set(href, counterexample);
    const text = cell ? cellText(cell, (why) => why) : "-";
    return { text, standing: standingOf(cell), href };
  };
  const sections = Object.entries(themes).map(([theme, title]) => ({
    title,
    rows: rows
      .filter((row) => row.theme === theme)
      .map((row) => ({
        name: row.id,
        about: row.sentence,
        cells: columns.map((column) => cellOf(row, column)),
      })),
  }));
  const list: ListPage = {
    title: "mte-oracle: designs and what they keep",
    intro: [answer, "What breaks; each leads to a run that shows it, step by step:"],
    wrong: columns.flatMap(({ design }) =>
      [...runs].flatMap(([href, counterexample]) =>
        counterexample.design === design ? [{ text: brokenWords(counterexample), href }] : [],
      ),
    ),
    heads: columns.map(({ design, title }) => ({ name: design, about: title })),
    sections,
    notes: legendOf(strategy).map((line) => line.replace(/\s{2,}/, ": ")),
  };
  return writePages(folder, list, runs);
};

const killCells = (id: string, kills: BugKills | undefined, hasStory: boolean): ListCell[] => {
  const soonest = kills && soonestOf(kills);
  const checker = kills?.checker;
  const suite: ListCell = {
    text: soonest ? `${soonest.suite}, ${counted(soonest.operations, "operation")}` : "-",
    standing: "other",
    href: null,
  };
  const story: ListCell = checker
    ? {
        text: `${checker.row} in ${counted(checker.actions, "step")}`,
        standing: "broken",
        href: hasStory ? `${id}.html` : null,
      }
    : { text: "harmless", standing: "holds", href: null };
  return [suite, { text: kills?.design ?? "-", standing: "other", href: null }, story];
};

/** The kill matrix and the page of each bug's shortest story; gives the file to open first. */
export const writeBugPages = (folder: string): string => {
  const kills = readKills();
  const runs = new Map<string, Counterexample>();
  const sections = bugGroups.map(({ title, bugs }) => ({
    title,
    rows: bugs.map(({ id, sentence, source }) => {
      const story = readStory(id);
      if (story) runs.set(`${id}.html`, story);
      const cells = killCells(id, kills?.bugs[id], story !== null);
      return { name: id, about: `${sentence} Source: ${source}.`, cells };
    }),
  }));
  const list: ListPage = {
    title: "mte-oracle: planted bugs and what kills them",
    intro: ["Each shortest story links to its run, step by step."],
    wrong: [],
    heads: [
      { name: "first killed by", about: "the random suite that needs the fewest operations" },
      { name: "design", about: "in which the story is told" },
      { name: "shortest story", about: "the row that it breaks" },
    ],
    sections,
    notes: [],
  };
  return writePages(folder, list, runs);
};
