/** What a search breaks, a file can tell and a replay can break again, and nothing else can. */
import { describe, expect, expectTypeOf, test } from "vitest";
import type { z } from "zod";
import {
  type Counterexample,
  parseCounterexample,
  replay,
  replayAsText,
  replayParts,
  type scopeSchema,
  writeCounterexample,
} from "../../../counterexamples/index.ts";
import { designNamed, type Scope } from "../../../model/index.ts";
import { counterexamplesIn } from "./found.ts";

const found = [
  ...counterexamplesIn("cma-hw-kasan", "tags"),
  ...counterexamplesIn("cma", "threads"),
  ...counterexamplesIn("cma", "pins", "pins-stop-no-tagged-access"),
  ...counterexamplesIn("carveout", "reuse", "unused-storage-serves-data"),
];
const named = found.map((each) => [`${each.design}, ${each.property.id}`, each] as const);

function firstOf(is: (counterexample: Counterexample) => boolean): Counterexample {
  const first = found.find(is);
  if (!first) throw new Error("no counterexample of the kind was found");
  return first;
}
const finite = firstOf(({ kind, steps }) => kind === "finite" && steps.length > 2);
const lasso = firstOf(
  ({ kind, steps, loopFrom = 0 }) => kind === "lasso" && loopFrom < steps.length,
);
const never = firstOf(({ verdict }) => verdict === "never");

describe("counterexamples of small slices", () => {
  test("the scope of a file is the model's", () => {
    expectTypeOf<z.infer<typeof scopeSchema>>().toEqualTypeOf<Scope>();
  });

  test.each(named)("%s is written, read and written again alike", (_name, counterexample) => {
    const text = writeCounterexample(counterexample);
    const parsed = parseCounterexample(text, "a.json");
    expect(parsed).toEqual({ ok: true, value: counterexample });
    expect(parsed.ok && writeCounterexample(parsed.value)).toBe(text);
    expect(text.endsWith("}\n")).toBe(true);
  });

  test.each(named)("%s is reproduced, for the reason that it gives", (_name, counterexample) => {
    const { verdict, steps } = replay(counterexample);
    expect(verdict).toEqual({ kind: "reproduced", reason: counterexample.reason });
    expect(steps).toHaveLength(counterexample.steps.length);
  });

  test.each(named)("%s is told in lines of at most 100 columns", (_name, counterexample) => {
    const text = replayAsText(replay(counterexample));
    const long = text.split("\n").filter((line) => line.length > 100 && line.includes(" "));
    expect(long).toEqual([]);
    expect(text).toBe(replayAsText(replay(counterexample)));
    expect(text).toContain(counterexample.property.id);
    expect(text).toContain("REPRODUCED: ");
  });

  test("each step says what it changed", () => {
    const told = replay(finite).steps;
    expect(told.filter(({ changes, events }) => changes.length + events.length > 0)).not.toEqual(
      [],
    );
    for (const { changes } of told)
      for (const change of changes) expect(change).toMatch(/^[^:]+: .+ -> .+$/);
  });

  test("a lasso shows where it begins to repeat", () => {
    const { loopFrom = 0 } = lasso;
    const { steps, ending } = replayParts(replay(lasso));
    expect(steps[loopFrom]).toContain("from here the steps repeat for ever");
    expect(ending).toContain(`step ${loopFrom + 1} again`);
  });
});

describe("what does not break its property", () => {
  const whyNot = (counterexample: Counterexample, design?: string): string => {
    const other = design === undefined ? undefined : designNamed(design);
    const { verdict } = replay(counterexample, other ? { design: other } : {});
    return verdict.kind === "not-reproduced" ? verdict.why : "it was reproduced";
  };

  test("a run that stops before its last step", () => {
    const shorter = { ...finite, steps: finite.steps.slice(0, -1) };
    expect(whyNot(shorter)).toMatch(/last (step|state)/);
    expect(replayAsText(replay(shorter))).toContain("NOT REPRODUCED: ");
  });

  test("no step at all", () => {
    expect(whyNot({ ...finite, steps: [] })).toMatch(/no step to judge|holds in the last state/);
  });

  test("a loop that does not close", () => {
    const open = { ...lasso, steps: lasso.steps.slice(0, -1) };
    expect(whyNot(open)).toMatch(/does not come back/);
  });

  test("a loop that begins elsewhere", () => {
    expect(whyNot({ ...lasso, loopFrom: 0 })).toMatch(/comes about|come back|not fair/);
  });

  test("a run that is said to end and could go on", () => {
    const ends = { ...lasso, loopFrom: lasso.steps.length };
    expect(whyNot(ends)).toBe("somebody who is at work can go on after the last step");
  });

  test("a goal that does come about", () => {
    expect(whyNot(never, "cma")).toBe("the goal can still come about after the last step");
  });

  test("the same steps on a design that has them not", () => {
    expect(whyNot(finite, "cleancache-page")).toMatch(/^expected .*, found .*/);
  });

  test("a name that does not exist", () => {
    expect(whyNot({ ...finite, design: "paper" })).toMatch(/^expected a design/);
  });
});
