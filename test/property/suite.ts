/**
 * A suite as a test: no mismatch, and everything was reached that its file in `reach/` demands. What was done is printed, and saved with all counts in reports/.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { expect, test } from "vitest";
import {
  type Counts,
  describeFailure,
  runSuite,
  settingsFrom,
  themeNamed,
} from "../../properties/lockstep/index.ts";
import { demandsFrom, missedDemands, parseDemands, tableOf, writeDemands } from "./demands.ts";

/** Runs of a suite where the environment does not say. */
const runsOfSuite = 800;

/** With this in the environment, what a suite reaches now is what is demanded from now on. */
const isUpdate = process.env["MTE_UPDATE_REACH"] === "1";
const reports = "reports";

const save = (name: string, reach: Counts): void => {
  mkdirSync(reports, { recursive: true });
  const file = path.join(reports, `reach-${name}.json`);
  writeFileSync(file, `${JSON.stringify(reach, null, 2)}\n`);
};

/** @param times how many times as many runs as the others, or which share of them */
export const testSuite = (name: string, times = 1): void => {
  test(`${name}: nothing is wrong, and what matters was reached`, () => {
    const theme = themeNamed(name);
    if (!theme) throw new Error(`there is no suite ${name}`);
    const { seed, runs, milliseconds } = settingsFrom(process.env);
    const result = runSuite(theme, {
      seed,
      runs: runs ?? runsOfSuite * times,
      ...(milliseconds !== null && { milliseconds }),
    });
    save(name, result.reach);
    const { operations, actions, schedules } = result;
    console.log(
      `${name}: seed ${seed}, ${result.runs} runs, ${operations} operations, ${actions} actions,` +
        ` ${schedules} schedules\n${tableOf(result.reach)}`,
    );
    expect(result.failure && describeFailure(result.failure)).toBeNull();
    /** Fewer runs than usual, or other ones, are somebody's own affair. */
    if (runs !== null || milliseconds !== null) return;
    const file = new URL(`reach/${name}.json`, import.meta.url);
    if (isUpdate) writeFileSync(file, writeDemands(demandsFrom(result.reach)));
    const demands = parseDemands(readFileSync(file, "utf8"));
    expect(Object.keys(demands).length).toBeGreaterThan(0);
    expect(missedDemands(demands, result.reach)).toEqual([]);
  });
};
