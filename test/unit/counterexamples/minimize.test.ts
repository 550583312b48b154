/**
 * Minimizing: from long random runs to a shortest one, as an independent search knows it; nothing
 * can be left out of the result; the failure is the same one; stopped early, the best so far counts.
 */
import { describe, expect, test } from "vitest";
import { walkedInto } from "../../../bench/minimize/long-runs.ts";
import {
  type Counterexample,
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
