/**
 * A change that does no harm is flagged by nobody: a suite that cries wolf would be switched off.
 * `npm run kills` asks the same with more runs and more states.
 */
import { describe, expect, test } from "vitest";
import { designsOf, flagIn } from "../../properties/bugs/hunt.ts";
import { suiteKill, suitesFor } from "../../properties/bugs/measure.ts";
import { expectedKey, parseExpected } from "../../properties/expected.ts";
import { read } from "../house/tree.ts";
import { phone } from "../machines.ts";
import { byId, harmlessBugs } from "./kills.ts";

/** Of each of the suites: some hundreds in all. */
const runs = 20;
const states = 600;

const known = {
  machines: [phone()],
  expected:
    parseExpected(read("properties/expected.json")).machines[expectedKey("phone-16g", 4096)] ?? {},
};

test("there are some", () => expect(harmlessBugs.length).toBeGreaterThan(0));

describe.each(byId(harmlessBugs))("%s", (_id, bug) => {
  test("no suite flags it", () => {
    for (const theme of suitesFor(bug)) expect(suiteKill(bug, theme, runs), theme.name).toBeNull();
  });

  test("no slice of its first design flags it", () => {
    const [design] = designsOf(bug);
    if (!design) throw new Error("it names no design");
    expect(flagIn(bug, design, known, states)).toBeNull();
  });
});
