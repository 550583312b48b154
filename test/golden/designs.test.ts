/**
 * docs/designs.md: its generated parts are what is expected today (`npm run expect` and
 * `mte-oracle compare --update-docs` write them anew), and nothing that the discussion names is left
 * without a row that shows it.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { costLines } from "../../cli/compare-text.ts";
import { designsPage, designsUntold } from "../../cli/designs-page.ts";
import { withProfiles } from "../../cli/profiles-page.ts";
import { parseCounterexample } from "../../counterexamples/index.ts";
import { designs } from "../../model/index.ts";
import { compareOne, measures } from "../../properties/comparison/index.ts";
import {
  discussions,
  expectedKey,
  type Profile,
  parseExpected,
  rowNamed,
} from "../../properties/index.ts";
import { read, root } from "../house/tree.ts";

const page = read("docs/designs.md");
const expected =
  parseExpected(read("properties/expected.json")).machines[expectedKey("phone-16g", 4096)] ?? {};
const folder = "counterexamples/corpus";
const corpus = new Map(
  fs.readdirSync(path.join(root, folder)).flatMap((name) => {
    const parsed = parseCounterexample(read(`${folder}/${name}`), name);
    return parsed.ok ? [[name, parsed.value] as const] : [];
  }),
);

test("every design has its section", () => expect(designsUntold(page)).toEqual([]));

test("verdicts, counterexamples in words and problems are as expected", () => {
  expect(designsPage(page, { expected, corpus })).toBe(page);
});

test("which verdicts change with others who ask for tags is as expected", () => {
  const under = (profile: Profile) =>
    parseExpected(read(`properties/${profile === "processes" ? "" : "profiles."}expected.json`));
  expect(withProfiles(page, under)).toBe(page);
  const none = parseExpected(JSON.stringify({ ...under("processes"), machines: {} }));
  expect(
    withProfiles(page, (profile) => (profile === "processes" ? under(profile) : none)),
  ).not.toBe(page);
});

test("a design whose verdict changed is seen", () => {
  const changed = { ...expected, carveout: { rows: {}, slices: {} } };
  expect(designsPage(page, { expected: changed, corpus })).not.toBe(page);
});

test("every file that it links to is there, and every anchor", () => {
  const headings = [...page.matchAll(/^##+ (.*)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replaceAll(" ", "-"),
  );
  const links = [...page.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
  const gone = links.filter((link) =>
    link.startsWith("#")
      ? !headings.includes(link.slice(1))
      : !fs.existsSync(path.join(root, "docs", link)),
  );
  expect(gone).toEqual([]);
  expect(links.length).toBeGreaterThan(30);
});

describe("problems", () => {
  const problems = discussions.flatMap((discussion) => discussion.problems);
  test.each(problems.map((problem) => [problem.title, problem] as const))(
    "%s",
    (_title, { shown, measures: numbers = [] }) => {
      expect(shown.length).toBeGreaterThan(0);
      for (const { row, designs: asked } of shown) {
        expect(rowNamed(row), row).toBeDefined();
        for (const design of asked) {
          const kind = expected[design]?.rows[row]?.kind ?? "nothing is expected";
          expect(["holds", "broken", "never"], `${row} of ${design}`).toContain(kind);
        }
      }
      for (const number of numbers) expect(measures.map(({ short }) => short)).toContain(number);
    },
  );
});

/** The larger memory takes a second a design: `compare --update-docs` is for that. */
test("the costs in the small memory are what the page says", () => {
  const compared = designs.map((design) => compareOne(design, null, 1));
  const small = costLines(compared).slice(2, 3 + designs.length);
  expect(page).toContain(small.join("\n"));
});
