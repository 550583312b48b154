/**
 * Suites and planted bugs of a design that has no implementation: the carve-out under another name,
 * with a thread that marks blocks.
 */
import { describe, expect, test } from "vitest";
import { adding, changes, type DesignBug, replacing } from "../../../model/designs/bugs/bug.ts";
import { type Action, at, carveout, type Design, ExtraField } from "../../../model/index.ts";
import { hunt } from "../../../properties/bugs/hunt.ts";
import { underWith } from "../../../properties/bugs/planted.ts";
import { exploreSlice } from "../../../properties/index.ts";
import { describeFailure, runSuite, themeNamed } from "../../../properties/lockstep/index.ts";
import { themesOf } from "../../../properties/lockstep/model-only.ts";
import { phone } from "../../machines.ts";

const seen = new ExtraField("seen", { length: () => 1, least: 0, most: 1, initially: 0 });

const toy: Design = {
  ...carveout,
  name: "toy",
  extra: [seen],
  works: [
    {
      name: "looks-at-block",
      objects: () => [0],
      when: (world) => seen.of(world)[0] === 0,
      script: {
        entry: "recall",
        actions: {
          recall: {
            standsFor: "somebody's kthread",
            next: "end",
            do: ({ world }) => {
              seen.of(world)[0] = 1;
              return { marks: ["a-slot-is-shared"] };
            },
          },
        },
      },
    },
  ],
};

const bug = (id: string, design: DesignBug["design"], harmless = false): DesignBug => ({
  id,
  sentence: "Something else is done.",
  source: "this test",
  story: ["allocate"],
  designs: ["toy"],
  ...(harmless && { harmless: true }),
  design,
});

const doing =
  (what: Action["do"]) =>
  (action: Action): Action =>
    action.next === undefined
      ? action
      : { ...action, do: (turn, choice) => ({ ...what(turn, choice) }) };

/** Tags of an allocated page are those of the last user. */
const uncleared = bug(
  "uncleared",
  replacing(
    ["allocate"],
    "clear-page",
    doing(({ world, actor }) => {
      const frame = at(world.frames, actor.frame);
      frame.locked = true;
      frame.flagged = true;
      return undefined;
    }),
  ),
);
/** The thread ends a moment later: nobody can see that. */
const later = bug(
  "later",
  changes(
    replacing(["looks-at-block"], "recall", (action) =>
      action.next === undefined ? action : { ...action, next: "count-user" },
    ),
    adding(["looks-at-block"], "count-user", {
      standsFor: "nothing",
      next: "end",
      do: () => undefined,
    }),
  ),
  true,
);
/** A number that no field can hold: the design falls apart. */
const outOfBounds = bug(
  "out-of-bounds",
  replacing(
    ["looks-at-block"],
    "recall",
    doing(({ world }) => {
      seen.of(world)[0] = 7;
      return undefined;
    }),
  ),
);

const shared = ["tagging", "swap-restore"].flatMap((name) => themeNamed(name) ?? []);
const [theme] = themesOf([toy, { ...toy, name: "toy-too", variantOf: "toy" }], shared);
if (!theme) throw new Error("there is no suite");
const options = { seed: 7, runs: 16, length: 40 };
const planted = (with_: DesignBug) =>
  runSuite(theme, { ...options, designs: ["toy"], under: underWith([with_]) });

test("a design and its variants have one suite, in the scopes of the themes", () => {
  expect(theme.name).toBe("toy");
  expect(theme.designs.map(({ name }) => name)).toEqual(["toy", "toy-too"]);
  const all = shared.flatMap((each) => each.scopes(carveout));
  expect(theme.scopes(toy)).toHaveLength(all.length);
  for (const { actors } of theme.scopes(toy)) expect(actors.at(-1)?.may).toEqual(["background"]);
  const only = { ...toy, scopeFor: () => null };
  expect(themesOf([only], shared)[0]?.scopes(only)).toEqual([]);
});

test("variants of a design that has an implementation have a suite of their own", () => {
  expect(themesOf([{ ...toy, variantOf: "cma" }], shared)[0]?.name).toBe("cma-variants");
});

describe("the suite", () => {
  test("finds nothing wrong in the design, and reaches its work", () => {
    const result = runSuite(theme, options);
    expect(result.failure && describeFailure(result.failure)).toBeNull();
    expect(result.reach["toy marks a-slot-is-shared"]).toBeGreaterThan(2);
    expect(result.reach["toy-too marks a-slot-is-shared"]).toBeGreaterThan(2);
    expect(result.reach["toy allocate pages atomic"]).toBeGreaterThan(2);
    expect(runSuite(theme, options)).toEqual(result);
  });

  test("kills a bug by a row, and shrinks the run to its least", () => {
    const { failure } = planted(uncleared);
    expect(failure?.mismatch.part).toBe("fresh-tags-read-zero");
    expect(failure?.mismatch.found).toContain("fresh-tags-are-zero");
    expect(failure?.run.steps.length).toBeLessThanOrEqual(4);
  });

  test("kills a design that falls apart", () => {
    const { failure } = planted(outOfBounds);
    expect(failure?.mismatch).toMatchObject({ part: "run", found: "7 is outside 0 to 1" });
  });

  test("leaves a harmless change alone", () => expect(planted(later).failure).toBeNull());
});

describe("the checker", () => {
  const known = { machines: [phone()], expected: {} };

  test("finds the shortest story of a bug", () => {
    const kill = hunt(uncleared, toy, known);
    expect(kill?.finding.row).toBe("fresh-tags-read-zero");
    expect(kill?.operations).toBe(1);
  });

  test("and none without it", () => {
    const { scope } = { scope: theme.scopes(toy)[0] };
    if (!scope) throw new Error("the suite has no scope");
    const bounds = { maxStates: 600 };
    const { findings } = exploreSlice(toy, "suite", scope, { bounds });
    expect(findings.filter(({ result: { kind } }) => kind === "broken")).toEqual([]);
  });
});
