/** Every bug is planted and killed again, by the suite that needs the fewest operations for it. */
import { expect, test } from "vitest";
import { soonestOf } from "../../properties/bugs/kills.ts";
import { budget, suiteKill } from "../../properties/bugs/measure.ts";
import { themeNamed } from "../../properties/lockstep/index.ts";
import { byId, killsOfBug, realBugs } from "./kills.ts";

test.each(byId(realBugs))("%s is killed after as many operations as before", (_id, bug) => {
  const soonest = soonestOf(killsOfBug(bug));
  const theme = themeNamed(soonest?.suite ?? "");
  if (!soonest || !theme) throw new Error("no suite kills it");
  const { suite: _, ...kill } = soonest;
  expect(suiteKill(bug, theme, budget.moreRuns)).toEqual(kill);
});
