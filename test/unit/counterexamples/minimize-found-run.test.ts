/** A run of a random suite in which model and implementation part, made smaller by own means. */
import { expect, test } from "vitest";
import { runPossible } from "../../../counterexamples/again.ts";
import { foundRunOf, minimizeFoundRun, runAgain } from "../../../counterexamples/index.ts";
import { bugNamed } from "../../../impl/index.ts";
import { underWith } from "../../../properties/bugs/planted.ts";
import { runSuite, themeNamed } from "../../../properties/lockstep/index.ts";

/** As the suite found it, not shrunk. */
function asFound(id: string, suite: string, seed: number) {
  const bug = bugNamed(id);
  const theme = themeNamed(suite);
  if (!bug || !theme) throw new Error("there is no such bug or suite");
  const { designs } = bug;
  const options = { seed, runs: 100, designs, under: underWith([bug]), asFound: true } as const;
  const { failure, runs } = runSuite(theme, options);
  if (!failure) throw new Error("the suite did not find it");
  return foundRunOf(failure, { seed, run: runs, bugs: [id] });
}

const cases = [
  ["slot-given-twice", "swap-restore", 6],
  ["block-never-given-back", "accounting", 6],
  ["truncate-keeps-the-key", "cleancache", 6],
] as const;

test.each(cases)("%s in %s", (id, suite, mostOperations) => {
  const found = asFound(id, suite, 5);
  const result = minimizeFoundRun(found);
  if (!result) throw new Error("the two agree");
  const { found: small, from, to, tried } = result;
  expect(from.actions).toBe(found.steps.length);
  expect(to.operations).toBeLessThanOrEqual(mostOperations);
  expect(to.actions).toBeLessThan(from.actions);
  expect(tried).toBeGreaterThan(0);
  expect(runAgain(small)).toEqual({
    kind: "parted",
    steps: small.steps.length,
    mismatch: small.mismatch,
  });
  expect(small.mismatch.action).toBe(found.mismatch.action);
  for (const [index] of small.steps.entries()) {
    const fewer = runPossible({ ...small, steps: small.steps.toSpliced(index, 1) });
    const same = fewer?.mismatch.action === small.mismatch.action;
    expect(same && fewer.mismatch.part === small.mismatch.part).toBe(false);
  }
  expect(minimizeFoundRun(small)?.found).toEqual(small);
});

test("where the two agree there is nothing to make smaller", () => {
  const { implementation: _, ...sound } = asFound("slot-given-twice", "swap-restore", 5);
  expect(minimizeFoundRun(sound)).toBeNull();
});
