/**
 * Minimizing: from long random runs to a shortest one, as an independent search knows it; nothing
 * can be left out of the result; the failure is the same one; stopped early, the best so far counts.
 */
import { describe, expect, test } from "vitest";
import { walkedInto } from "../../../bench/minimize/long-runs.ts";
import {
  type Counterexample,
  makeCounterexample,
  minimize,
  minimizing,
  replay,
  stoppedAt,
  writeCounterexample,
} from "../../../counterexamples/index.ts";
import { failureIn } from "../../../counterexamples/minimize/failure.ts";
import { unitsOf, without } from "../../../counterexamples/minimize/leave-out.ts";
import {
  compareLengths,
  isSmaller,
  lengthOfSteps,
} from "../../../counterexamples/minimize/rank.ts";
import { searchShortest } from "../../../counterexamples/minimize/search.ts";
import { Trials } from "../../../counterexamples/minimize/trials.ts";
import { designNamed } from "../../../model/index.ts";
import { exploreSlice } from "../../../properties/index.ts";
import { lengthOf } from "../../../properties/length.ts";
import { saved } from "./saved.ts";

const endless = { operations: 1e3, switches: 0, actions: 0 };

/** The shortest run of the scope that fails in the same way, found without any minimizing. */
function shortestIn(story: Counterexample) {
  const trials = Trials.of(story);
  const ground = trials?.groundOf(story.scope);
  if (!trials || !ground) throw new Error("the story does not fail");
  const search = searchShortest(ground, {
    plan: null,
    shorterThan: endless,
    maxStates: 200_000,
    isFailure: (reason) => failureIn(reason) === trials.failure,
  });
  let step = search.next();
  while (step.done !== true) step = search.next();
  const { moves, complete } = step.value;
  if (!moves || !complete) throw new Error("the scope is too large for this test");
  return lengthOf(moves);
}

function minimized(counterexample: Counterexample) {
  const result = minimize(counterexample);
  if (!result) throw new Error("it does not fail");
  return result;
}

/** Found soon by a random walk, in different designs, by rules, by states and by deadlock. */
const stories = [
  "block-never-given-back",
  "claim-with-interrupts-on",
  "failed-migration-leaves-the-page-isolated",
  "first-user-invalidates-a-shared-slot",
  "put-fills-with-the-index-open",
  "slot-not-locked-during-swap-in",
  "tags-copied-backwards",
].map((id) => `bugs/${id}`);

describe.each(stories)("a long run into %s", (name) => {
  const story = saved(name);
  const long = walkedInto(story, { seed: 1, tries: 300, steps: 200 });
  if (!long) throw new Error("the walk did not find it");
  const result = minimized(long);
  const { counterexample, oneMinimal, asGiven, shortest } = result;

  test("becomes one of the shortest there are", () => {
    expect(compareLengths(result.to, shortestIn(story))).toBeLessThanOrEqual(0);
    expect(oneMinimal).toBe(true);
    expect([asGiven.kind, shortest.kind]).toEqual(["yes", "yes"]);
    expect(counterexample.minimal).toBe("shortest");
    expect(compareLengths(result.to, shortestIn(counterexample))).toBe(0);
  });

  test("replays, and fails for the same reason", () => {
    const { verdict } = replay(counterexample);
    expect(verdict).toEqual({ kind: "reproduced", reason: counterexample.reason });
    expect(failureIn(counterexample.reason)).toBe(failureIn(story.reason));
    expect(counterexample.property).toEqual(story.property);
    expect(counterexample.implementation).toEqual(story.implementation);
  });

  test("loses nothing more: no actor, no operation, no action", () => {
    const trials = Trials.of(counterexample);
    for (const kind of ["actors", "operations", "environment", "actions"] as const)
      for (const unit of unitsOf(counterexample.steps, kind)) {
        const tried = trials?.try(without(counterexample, new Set(unit)));
        if (tried) expect(isSmaller(tried, counterexample)).toBe(false);
      }
  });

  test("is the same file when it is done again", () => {
    expect(writeCounterexample(minimized(long).counterexample)).toBe(
      writeCounterexample(counterexample),
    );
    expect(minimized(counterexample).counterexample).toEqual(counterexample);
  });
});

/** Leaving out alone ends with more operations: those that are left need another schedule. */
const replanned = [
  "data-moved-without-its-bytes",
  "joiner-not-counted",
  "lock-kept-when-giving-up",
];

test.each(replanned)("the schedule of what is left of %s is searched", (id) => {
  const long = walkedInto(saved(`bugs/${id}`), { seed: 1, tries: 60, steps: 200 });
  if (!long) throw new Error("the walk did not find it");
  const to = (planStates: number) => minimize(long, { scopeStates: 0, planStates })?.to ?? endless;
  expect(to(20_000).operations).toBeLessThan(to(0).operations);
});

/** Operations, switches, actions: the search counts in this order. */
const shortestOf = [
  ["claim-with-interrupts-on", 2, 1, 2],
  ["failed-migration-leaves-the-page-isolated", 4, 1, 12],
  ["get-takes-after-the-lock-was-open", 4, 4, 18],
  ["put-fills-with-the-index-open", 3, 3, 14],
  ["put-takes-storage-of-tags", 3, 2, 11],
  ["first-user-invalidates-a-shared-slot", 5, 2, 18],
  ["target-of-a-move-not-taken", 3, 3, 18],
  ["slot-not-locked-during-swap-in", 4, 3, 12],
] as const;

test.each(shortestOf)("a shortest run into %s", (id, operations, switches, actions) => {
  const story = saved(`bugs/${id}`);
  const shortest = shortestIn(story);
  expect(shortest).toEqual({ operations, switches, actions });
  expect(compareLengths(shortest, lengthOfSteps(story.steps))).toBeLessThanOrEqual(0);
});

describe("the same reason", () => {
  test.each([
    ["pages and values aside", "page 3 shows the tags 2 0", "page 0 shows the tags 1"],
    ["with as many moves as it takes", "after 1 move the goal", "after 12 moves the goal"],
  ])("%s", (_what, one, other) => {
    expect(failureIn(one)).toBe(failureIn(other));
  });

  test.each([
    ["another rule", "fresh-tags-are-zero: page 0", "enabled-tags-are-zero: page 0"],
    ["another cause", "the key is empty: dropped", "the key is empty: never-put"],
    ["what nobody ever wrote", "page 0 shows the tags 15", "page 0 shows the tags 1"],
    ["another function", "mte_save_tags() may sleep", "copy_page() may sleep"],
  ])("is not %s", (_what, one, other) => {
    expect(failureIn(one)).not.toBe(failureIn(other));
  });
});

/** Two bugs that break one property: the story of the first is longer than that of the second. */
const pairs = [
  ["data-not-moved-away", "mapped-before-tags-are-cleared"],
  ["first-user-invalidates-a-shared-slot", "untagged-mapping-does-not-restore"],
  ["get-takes-after-the-lock-was-open", "get-compares-the-file-alone"],
  ["joiner-not-counted", "last-page-of-a-block-not-covered"],
  ["copied-before-write-protected", "tags-copied-backwards"],
  ["no-lock-between-initialisers", "page-left-on-the-free-list"],
] as const;

test.each(pairs)("%s is not mistaken for %s, which is shorter", (longer, shorter) => {
  const story = saved(`bugs/${longer}`);
  const other = saved(`bugs/${shorter}`);
  const both = { bugs: [longer, shorter] };
  expect(other.property).toEqual(story.property);
  expect(failureIn(other.reason)).not.toBe(failureIn(story.reason));
  const { counterexample } = minimized({ ...story, implementation: both });
  expect(failureIn(counterexample.reason)).toBe(failureIn(story.reason));
  const elsewhere = { ...other, implementation: both };
  if (replay(elsewhere).verdict.kind === "reproduced")
    expect(compareLengths(minimized(elsewhere).to, lengthOfSteps(story.steps))).toBeLessThan(0);
});

test("a loop stays a loop, and gets no longer", () => {
  const lasso = saved("corpus/cma--every-operation-ends");
  const { counterexample, to, from, shortest } = minimized(lasso);
  expect(replay(counterexample).verdict.kind).toBe("reproduced");
  expect(counterexample.kind).toBe("lasso");
  expect(compareLengths(to, from)).toBeLessThanOrEqual(0);
  expect(shortest).toEqual({ kind: "not-asked" });
  expect(counterexample.minimal).toBe("one-minimal");
});

test("a loop with steps put into it and before it loses them again", () => {
  const lasso = saved("corpus/cma--every-operation-ends");
  const { steps, loopFrom = 0 } = lasso;
  const twice = { ...lasso, steps: [...steps, ...steps.slice(loopFrom)] };
  expect(replay(twice).verdict.kind).toBe("reproduced");
  expect(lengthOfSteps(minimized(twice).counterexample.steps)).toEqual(
    lengthOfSteps(minimized(lasso).counterexample.steps),
  );
});

test("a goal that cannot come about keeps its scope", () => {
  const never = saved("corpus/cma--every-page-can-be-tagged");
  expect(minimized(never).counterexample).toEqual(never);
});

test("what does not fail as it says is not minimized", () => {
  const story = saved("bugs/block-never-given-back");
  expect(minimize({ ...story, steps: story.steps.slice(0, -1) })).toBeNull();
  expect(minimize({ ...story, implementation: { bugs: [] } })).toBeNull();
});

test("stopped anywhere, the best so far replays, and claims nothing", () => {
  const story = saved("bugs/first-user-invalidates-a-shared-slot");
  const long = walkedInto(story, { seed: 1, tries: 300, steps: 200 });
  if (!long) throw new Error("the walk did not find it");
  let last = long;
  let pauses = 0;
  for (const progress of minimizing(long)) {
    pauses++;
    if (pauses % 20 !== 0) continue;
    const { counterexample, oneMinimal, shortest } = stoppedAt(progress, long);
    expect(replay(counterexample).verdict.kind).toBe("reproduced");
    expect(oneMinimal).toBe(false);
    expect(shortest.kind).toBe("not-asked");
    expect(isSmaller(last, counterexample)).toBe(false);
    last = counterexample;
  }
  expect(pauses).toBeGreaterThan(40);
});

test("what random walks of check break is of unknown length, and becomes a shortest run", () => {
  const design = designNamed("cma-hw-kasan");
  const story = saved("corpus/cma-hw-kasan--atomic-tagged-allocation");
  if (!design) throw new Error("there is no such design");
  const report = exploreSlice(design, story.slice, story.scope, {
    only: [story.property.row],
    strategy: { kind: "random", seed: 7, walks: 40, moves: 100 },
  });
  const [walked] = report.findings.flatMap((finding) => makeCounterexample(report, finding) ?? []);
  if (!walked) throw new Error("the walks did not find it");
  expect(walked.minimal).toBe("unknown");
  expect(walked.steps.length).toBeGreaterThanOrEqual(story.steps.length);
  const { to, counterexample } = minimized(walked);
  expect(to).toEqual(lengthOfSteps(story.steps));
  expect(counterexample.minimal).toBe("shortest");
});
