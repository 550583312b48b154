/** The same steps elsewhere: on the sound implementation, on the scripts, on another design. */
import { describe, expect, test } from "vitest";
import { replayAsText, replayOn } from "../../../counterexamples/index.ts";
import { designNamed } from "../../../model/index.ts";
import { saved, savedNames } from "./saved.ts";

const stories = savedNames.filter((name) => name.startsWith("bugs/"));

describe("what a planted bug breaks is whole without it", () => {
  test.each(stories)("%s", (name) => {
    const story = saved(name);
    for (const kind of ["implementation", "model"] as const) {
      const { verdict, steps } = replayOn(story, { kind });
      expect(verdict.kind, kind).toBe("not-reproduced");
      expect(steps.length).toBeGreaterThan(0);
    }
  });
});

const corpus = savedNames.filter(
  (name) => name.startsWith("corpus/") && saved(name).verdict === "broken",
);

test.each(corpus)("%s is broken by the implementation, as by the scripts", (name) => {
  const counterexample = saved(name);
  const here = replayOn(counterexample, { kind: "implementation" });
  expect(here.verdict).toEqual({ kind: "reproduced", reason: counterexample.reason });
  expect(here.passedOver).toBe(0);
});

describe("on another design", () => {
  const on = (name: string, design: string) => {
    const found = designNamed(design);
    if (!found) throw new Error(`there is no design ${design}`);
    return replayOn(saved(name), { kind: "design", design: found });
  };

  test("the steps are done as far as they go, and it is said how many do not", () => {
    const replayed = on("corpus/cma-hw-kasan--atomic-tagged-allocation", "cleancache-page");
    expect(replayed.verdict.kind).toBe("not-reproduced");
    expect(replayed.counterexample.design).toBe("cleancache-page");
    expect(replayed.passedOver).toBeGreaterThan(0);
    expect(replayAsText(replayed)).toContain(`passed  over ${replayed.passedOver} step`);
  });

  test("a design that is as wrong breaks in the same way", () => {
    const { verdict, passedOver } = on(
      "corpus/cma-hw-kasan--nothing-sleeps-in-atomic-context",
      "cma-hw-kasan",
    );
    expect(verdict.kind).toBe("reproduced");
    expect(passedOver).toBe(0);
  });

  test("a row that says nothing about a design is said to", () => {
    const { verdict } = on("corpus/cma--the-three-hooks-suffice", "carveout");
    expect(verdict.kind === "not-reproduced" && verdict.why).toContain(
      "says nothing about carveout",
    );
  });
});
