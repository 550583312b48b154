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
  expect(loop).toEqual({ from: 23, to: 64 });
  expect(steps.filter(({ inLoop }) => inLoop).map(({ number }) => number)[0]).toBe(loop?.from);
  expect(steps[24]?.sentence).toBe("The environment pins page 1.");
});

describe("necessary, and inevitable", () => {
  const inevitableOf = (name: string) => explain(saved(name)).inevitable;

  test("of a shortest run every step is necessary, and every operation", () => {
    const { steps, operations } = explain(saved("bugs/block-never-given-back"));
    expect(steps.every(({ necessity }) => necessity === "necessary")).toBe(true);
    expect(operations.every(({ necessity }) => necessity === "necessary")).toBe(true);
  });

  test("an operation that is not needed is told, with its steps", () => {
    const story = saved("corpus/cma-hw-kasan--atomic-tagged-allocation");
    const extra = {
      actor: "task",
      starts: {
        kind: "allocate",
        owner: 0,
        tagged: false,
        zeroed: true,
        context: "sleepable",
        order: 0,
      },
      action: "take-page",
      choice: 0,
    } as const;
    const clear = { actor: "task", action: "clear-page", choice: 0 } as const;
    const publish = { actor: "task", action: "publish-page", choice: 0 } as const;
    const [takes, ...rest] = story.steps;
    if (!takes) throw new Error("the story has steps");
    const free = { kind: "free", handle: 0 } as const;
    const unmap = { actor: "task", starts: free, action: "unmap-page", choice: 0 } as const;
    const back = { actor: "task", action: "give-back", choice: 0 } as const;
    const before = [extra, clear, publish, unmap, back];
    const longer = { ...story, steps: [...before, takes, ...rest] };
    const { operations, steps, verdict } = explain(longer);
    expect(verdict.kind).toBe("reproduced");
    expect(operations.map(({ necessity }) => necessity)).toEqual([
      "not-necessary",
      "not-necessary",
      "necessary",
      "necessary",
    ]);
    expect(steps.at(-1)?.necessity).toBe("necessary");
  });

  test("once data lies in tag storage, an atomic claim is lost", () => {
    expect(inevitableOf("corpus/cma-hw-kasan--atomic-tagged-allocation")).toEqual({
      kind: "from-step",
      step: 1,
    });
    expect(inevitableOf("corpus/cma--nothing-sleeps-in-atomic-context")).toEqual({
      kind: "from-step",
      step: 11,
    });
  });

  test("what one operation does alone is so from the start", () => {
    expect(inevitableOf("bugs/no-memory-in-atomic-context").kind).toBe("from-the-start");
  });

  test("where an interrupt had to come in the one wrong moment, nothing was lost before", () => {
    expect(inevitableOf("bugs/claim-with-interrupts-on").kind).toBe("never-before-the-end");
  });

  test("a loop lasts as long as somebody goes on with it", () => {
    expect(inevitableOf("corpus/cma--pins-stop-no-tagged-access").kind).toBe("only-if-repeated");
  });

  test("a run that stops for ever is lost with one of its steps", () => {
    expect(inevitableOf("corpus/cma-hw-kasan--every-operation-ends")).toEqual({
      kind: "from-step",
      step: 3,
    });
  });
});
