/** What the committed kill matrix says: every bug dies twice, every harmless change lives. */
import { expect, test } from "vitest";
import { bugGroups, bugs } from "../../impl/index.ts";
import { bugsAsMarkdown } from "../../properties/bugs/document.ts";
import {
  type BugKills,
  compareKills,
  type Kills,
  killedIn,
  shortcomings,
  soonestOf,
} from "../../properties/bugs/kills.ts";
import { budget, suitesFor } from "../../properties/bugs/measure.ts";
import { rowNamed } from "../../properties/index.ts";
import { modelOnly } from "../../properties/lockstep/model-only.ts";
import { read } from "../house/tree.ts";
import { kills, killsOfBug, realBugs } from "./kills.ts";

test("it has the bugs of the catalogue, measured with today's budget", () => {
  expect(Object.keys(kills.bugs)).toEqual(bugs.map(({ id }) => id));
  expect(kills).toMatchObject(budget);
});

test("every bug has a name of its own, and a group", () => {
  expect(new Set(bugs.map(({ id }) => id)).size).toBe(bugs.length);
  expect(bugGroups.flatMap((group) => group.bugs)).toEqual(bugs);
});

test("every bug is killed by a suite and by the checker, in a run no longer than its story", () => {
  expect(bugs.flatMap((bug) => shortcomings(bug.id, killsOfBug(bug)))).toEqual([]);
});

test("every row is that of its bug", () => {
  for (const bug of bugs) {
    const { harmless, design, story, suites } = killsOfBug(bug);
    const [first] = bug.designs;
    const own = { harmless: bug.harmless === true, design: first, story: bug.story.length };
    expect({ harmless, design, story }, bug.id).toEqual(own);
    expect(Object.keys(suites), bug.id).toEqual(suitesFor(bug).map(({ name }) => name));
  }
});

/** Of a design that lives in the model alone; what has an implementation has its own, many more. */
const leastBugs = 4;

test.each(modelOnly.map(({ name }) => [name]))("%s is killed by four bugs at least", (name) => {
  expect(killedIn(kills, name)).toBeGreaterThanOrEqual(leastBugs);
});

test("a bug counts for the designs in which a row breaks, and for no others", () => {
  const { checker } = killed;
  const bugs = {
    x: { ...killed, others: { zswap: checker, volatile: null } },
    y: { ...killed, harmless: true },
  };
  const counted = { ...kills, bugs };
  expect(["cma", "zswap", "volatile"].map((name) => killedIn(counted, name))).toEqual([1, 1, 0]);
  expect(shortcomings("x", bugs.x)).toEqual(["x survives the checker in volatile"]);
});

test("every kill of the checker cites a row", () => {
  for (const bug of realBugs)
    expect(rowNamed(killsOfBug(bug).checker?.row ?? ""), bug.id).toBeDefined();
});

test("docs/bugs.md is what the matrix gives, in at most 100 columns", () => {
  const page = read("docs/bugs.md");
  expect(page).toBe(bugsAsMarkdown(kills));
  expect(page.split("\n").filter((line) => line.length > 100)).toEqual([]);
});

const killed: BugKills = {
  harmless: false,
  design: "cma",
  story: 3,
  suites: {
    tagging: null,
    swap: { operations: 9, action: "a", part: "b" },
    cache: { operations: 4, action: "c", part: "d" },
  },
  checker: { slice: "s", row: "r", rule: null, operations: 3, switches: 1, actions: 9 },
};

test("what is lacking is said", () => {
  expect(soonestOf(killed)).toEqual({ suite: "cache", operations: 4, action: "c", part: "d" });
  expect(shortcomings("x", killed)).toEqual([]);
  expect(shortcomings("x", { ...killed, suites: { tagging: null } })).toEqual([
    "x survives every suite",
  ]);
  expect(shortcomings("x", { ...killed, checker: null })).toEqual(["x survives the checker"]);
  expect(shortcomings("x", { ...killed, story: 2 })).toEqual(["x: 3 operations, its story has 2"]);
  expect(shortcomings("x", { ...killed, harmless: true })).toHaveLength(2);
});

test("a matrix that differs anywhere is seen", () => {
  const one: Kills = { ...kills, bugs: { x: killed } };
  expect(compareKills(one, one)).toEqual([]);
  expect(compareKills(one, { ...one, bugs: {} })).toHaveLength(1);
  expect(compareKills(one, { ...one, seed: 1 })).toHaveLength(1);
  const other = { ...one, bugs: { x: { ...killed, suites: { ...killed.suites, cache: null } } } };
  expect(compareKills(one, other).map(({ part }) => part)).toEqual(["x.suites.cache"]);
});
