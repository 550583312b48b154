/** What the benchmark of finding power makes of what it found, and that both its hunters hunt. */
import { describe, expect, test } from "vitest";
import {
  commandsHunter,
  type Found,
  type Hunter,
  ourHunter,
} from "../../../bench/finding-power/hunters.ts";
import { isMissed, type Row, sideOf } from "../../../bench/finding-power/measure.ts";
import { optionsFrom } from "../../../bench/finding-power/options.ts";
import { shareOf } from "../../../bench/finding-power/share.ts";
import { ratioOf, summaryOf, tableOf } from "../../../bench/finding-power/table.ts";
import { bugNamed } from "../../../impl/index.ts";
import { underWith } from "../../../properties/bugs/planted.ts";
import { arenasOf } from "../../../properties/lockstep/arenas.ts";
import { fixedSeed, type Theme, themeNamed } from "../../../properties/lockstep/index.ts";

const kill = (milliseconds: number): Found => ({
  milliseconds,
  operations: milliseconds * 2,
  actions: milliseconds * 10,
});

const theme = (name: string): Theme => {
  const known = themeNamed(name);
  if (!known) throw new Error(`there is no suite ${name}`);
  /** Each scope costs the building of a pair: one is enough here. */
  return { ...known, scopes: (design) => known.scopes(design).slice(0, 1) };
};

describe("a bug from several seeds", () => {
  test("is missed when more than half of the seeds miss it", () => {
    expect(isMissed([null, kill(1), null], 5)).toBe(false);
    expect(isMissed([null, null, null], 5)).toBe(true);
    expect(isMissed([null, null], 4)).toBe(false);
    expect(sideOf([null, null, kill(1), null], 5)).toEqual({ median: null, tried: 4, found: 1 });
  });

  test("has the middle of all seeds; a miss is later than anything", () => {
    const { median, found } = sideOf([kill(3), null, kill(1), kill(9), kill(5)], 5);
    expect(found).toBe(4);
    expect(median).toEqual({ milliseconds: 5, operations: 10, actions: 50 });
  });
});

describe("the table", () => {
  const row = (bug: string, ours: readonly Found[], commands: readonly Found[]): Row => ({
    bug,
    ours: sideOf(ours, 1),
    commands: sideOf(commands, 1),
  });
  const rows = [
    row("quick", [kill(10)], [kill(80)]),
    row("slow", [kill(50)], [kill(20)]),
    row("even", [kill(20)], [kill(40)]),
    row("missed", [kill(30)], [null]),
    row("hidden", [null], [null]),
  ];

  test("names what was missed and what was slow, and takes the middle ratio", () => {
    expect(rows.map(ratioOf)).toEqual([8, 0.4, 2, null, null]);
    expect(summaryOf(rows, 900)).toEqual({
      medianRatio: 2,
      medianAtLeast: 2,
      oursSlower: ["slow"],
      missedByCommands: ["missed", "hidden"],
      missedByOurs: ["hidden"],
    });
  });

  test("shows both sides of each bug", () => {
    const text = tableOf(rows, { against: "plain", cap: 900 }, null);
    expect(text).toContain("10 ms / 20 / 100");
    expect(text).toContain("missed (1 of 1 seeds)");
    expect(text).toContain("missed by plain commands: 2 (missed, hidden)");
  });
});

describe("options", () => {
  test("have defaults, and refuse what is no number", () => {
    expect(optionsFrom([])).toEqual({ cap: 60_000, seeds: 20, against: "plain", only: null });
    expect(
      optionsFrom(["--cap", "5", "--seeds", "3", "--only", "a", "--against", "tuned"]),
    ).toEqual({
      cap: 5_000,
      seeds: 3,
      against: "tuned",
      only: "a",
    });
    expect(() => optionsFrom(["--cap", "soon"])).toThrow("--cap: expected a number above 0");
    expect(() => optionsFrom(["--seeds", "0"])).toThrow(RangeError);
    expect(() => optionsFrom(["--against", "us"])).toThrow("expected plain or tuned, found us");
  });
});

describe("hunters", () => {
  const bug = bugNamed("truncate-keeps-the-key");
  if (!bug) throw new Error("the planted bug is gone");
  const designs = ["cleancache-page"];
  const hunters: readonly (readonly [string, typeof ourHunter])[] = [
    ["ours", ourHunter],
    ["plain commands", (arenas) => commandsHunter(arenas, "plain")],
    ["tuned commands", (arenas) => commandsHunter(arenas, "tuned")],
  ];

  test.each(hunters)("%s finds a planted bug, the same way from the same seed", (_, hunterIn) => {
    const arenas = arenasOf(theme("everything"), designs, underWith([bug]));
    const look = (hunter: Hunter) => hunter(fixedSeed, 5_000);
    const found = look(hunterIn(arenas));
    const again = look(hunterIn(arenas));
    expect(found?.actions).toBeGreaterThan(0);
    expect(again?.actions).toBe(found?.actions);
    expect(again?.operations).toBe(found?.operations);
  });

  test.each(hunters)("%s finds nothing where nothing is planted", (_, hunterIn) => {
    expect(hunterIn(arenasOf(theme("everything"), designs))(fixedSeed, 300)).toBeNull();
  });
});

test("the runner's own share is a share of the same steps", () => {
  const { actions, own, millisecondsOfCalls } = shareOf(theme("cleancache"), 5, 1);
  expect(actions).toBeGreaterThan(100);
  expect(millisecondsOfCalls).toBeGreaterThan(0);
  expect(own).toBeLessThan(1);
});
