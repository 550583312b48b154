/** The cross-check: fast-check's own commands reach nothing that our generator misses. */
import { expect, test } from "vitest";
import {
  countOf,
  missedBy,
  type Reached,
  reachedByCommands,
  reachedByScheduler,
  together,
} from "../../properties/lockstep/cross-check.ts";
import { defaultLength, fixedSeed, runSuite, themeNamed } from "../../properties/lockstep/index.ts";

const seed = fixedSeed;
const runs = 450;

/**
 * What is rare is come across by chance, by one as by the other. What came up in so many of their
 * runs and in none of ours is no chance: found as often by both, it would be one case in hundreds.
 */
const noChance = 6;

const line = (name: string, { runs: done, operations, actions, inRuns }: Reached): string =>
  `${name}: ${done} runs, ${operations} operations, ${actions} actions, reached ${countOf(inRuns)}`;

test("commands, in sequence and scheduled, agree and reach nothing that ours does not", async () => {
  const theme = themeNamed("everything");
  if (!theme) throw new Error("there is no suite everything");
  const sequential = reachedByCommands(theme, { seed, runs, commands: 400 });
  const scheduled = await reachedByScheduler(theme, { seed, runs, commands: 65 });
  const theirs = together(sequential, scheduled);
  const ours = runSuite(theme, { seed, runs: Math.ceil(theirs.actions / defaultLength) });
  const missed = missedBy(ours.reach, theirs, 1);
  console.log(
    [
      line("commands", sequential),
      line("scheduled", scheduled),
      line("together", theirs),
      line("ours", { ...ours, inRuns: ours.reach }),
      `only there: ${missed.join("; ") || "nothing"}`,
    ].join("\n"),
  );
  expect(ours.failure).toBeNull();
  expect(ours.actions).toBeLessThanOrEqual(theirs.actions + defaultLength);
  expect(countOf(theirs.inRuns)).toBeGreaterThan(400);
  expect(countOf(ours.reach)).toBeGreaterThan(countOf(theirs.inRuns));
  expect(missedBy(ours.reach, theirs, noChance)).toEqual([]);
});
