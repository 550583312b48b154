/** An explanation says of every step who does what to which page, and of the end what is wrong. */
import { describe, expect, test } from "vitest";
import { explain } from "../../../counterexamples/index.ts";
import { saved, savedNames } from "./saved.ts";

const finite = savedNames.filter((name) => saved(name).verdict === "broken");

describe("every counterexample that is kept", () => {
  test.each(finite)("%s", (name) => {
    const explained = explain(saved(name));
    const { steps, portraits, operations, actors, conjunct, verdict, counterexample } = explained;
    expect(verdict.kind).toBe("reproduced");
    expect(portraits).toHaveLength(steps.length + 1);
    for (const { sentence, deed, number } of steps) {
      expect(sentence).toMatch(/^\S.*\.$/);
      expect(sentence).not.toMatch(/undefined|NaN|null|page -1|frame -1/);
      if (deed.by === "environment") continue;
      expect(sentence.startsWith(`${actors[deed.actor]?.name} (`)).toBe(true);
      const operation = operations[deed.operation];
      expect(operation?.actor).toBe(deed.actor);
      expect(operation?.firstStep === number).toBe(deed.starts);
      expect(operation?.lastStep === number).toBe(deed.ends);
    }
    expect(conjunct?.cause).not.toBe("");
    expect(conjunct?.step === null).toBe(counterexample.kind === "lasso" || steps.length === 0);
  });
});

describe("what is said of a refused outcome", () => {
  test("the rule, its cause, and what would have been allowed", () => {
    const { conjunct, allowed, planted } = explain(saved("bugs/slot-given-twice"));
    expect(conjunct).toMatchObject({
      kind: "rule",
      id: "a-slot-is-given-once",
      cause: "slot 0 is in use",
      step: 13,
    });
    expect(allowed).toEqual([
      "the caller gets slot 1",
      "the caller is told that saving the tags failed",
    ]);
    expect(planted.map(({ id }) => id)).toEqual(["slot-given-twice"]);
  });

  test("a property that is no rule is its own conjunct, and no outcome is allowed instead", () => {
    const { conjunct, allowed } = explain(saved("corpus/cma--nothing-sleeps-in-atomic-context"));
    expect(conjunct).toMatchObject({
      kind: "property",
      id: "nothing-sleeps-in-atomic-context",
      cause: "mte_save_tags_for_pfn() may sleep",
      step: 18,
    });
    expect(allowed).toEqual([]);
  });
});

test("contexts: an interrupt is atomic, and so is who holds a spin lock", () => {
  const { steps } = explain(saved("bugs/get-without-a-second-look"));
  const last = steps.at(-1);
  expect(last?.sentence).toBe(
    'user (CPU 0, atomic, interrupts off, holding lock "index" and lock of page 0 of file 0) ' +
      "hands out the copy of page 0 of file 0 [cleancache_get_page() returns 0].",
  );
  const [, second] = explain(saved("corpus/cma-hw-kasan--atomic-tagged-allocation")).steps;
  expect(second?.sentence).toMatch(/^interrupt \(hard interrupt on CPU 0, atomic\) allocates/);
  expect(second?.changes).toEqual([
    { kind: "frame", subject: "frame 0", name: "frame 0", before: "free", after: "busy" },
  ]);
});

test("a loop is marked, step by step", () => {
  const { loop, steps } = explain(saved("corpus/cma--pins-stop-no-tagged-access"));
  expect(loop).toEqual({ from: 21, to: 46 });
  expect(steps.filter(({ inLoop }) => inLoop).map(({ number }) => number)[0]).toBe(21);
  expect(steps[24]?.sentence).toBe("The environment pins page 1.");
});
