/**
 * Model and implementation in one search: in every slice of every design each transition of the
 * implementation is compared with the model's, and everything that may not be asked for is refused.
 * Here in the smaller scopes, most of them whole; `npm run check:deep` does the usual ones whole.
 * The random suites walk further, in larger scopes; this finds what they pass by.
 */
import { describe, expect, test } from "vitest";
import { compareLines } from "../../cli/implementation.ts";
import { bugNamed, packedDesigns } from "../../impl/index.ts";
import { type Design, designNamed, type Machine } from "../../model/index.ts";
import { underWith } from "../../properties/bugs/planted.ts";
import { compareInScope } from "../../properties/lockstep/complete.ts";
import { sized } from "../../properties/sizes.ts";
import { type Slice, slicesOf } from "../../properties/slices.ts";
import { phone, shippedMachine } from "../machines.ts";

const designCalled = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`no design ${name}`);
  return design;
};

const smaller = (machine: Machine, design: Design): readonly Slice[] =>
  slicesOf(machine, design).map((slice) => sized(slice, "smaller"));

describe.each(packedDesigns.map((design) => [design.name, design] as const))(
  "%s",
  (_name, design) => {
    test("the implementation is the model in every state, slice by slice", () => {
      const slices = smaller(phone(), design).map(({ name, scope }) => ({
        name,
        ...compareInScope(design, scope, { maxStates: 800 }),
      }));
      for (const { name, parting } of slices) expect.soft(parting, name).toBeNull();
      expect(slices.filter(({ cut }) => !cut).length).toBeGreaterThanOrEqual(7);
    });

    test("with blocks of two storage pages it is the model, too", () => {
      for (const { name, scope } of slicesOf(shippedMachine("two-regions"), design))
        expect.soft(compareInScope(design, scope, { maxStates: 60 }).parting, name).toBeNull();
    });
  },
);

test("each step of the model is worked out once", () => {
  const design = designCalled("carveout");
  const slice = smaller(phone(), design).find(({ name }) => name === "tags");
  const { states, transitions, modelSteps, cut } = compareInScope(
    design,
    slice?.scope ?? expect.fail("no slice"),
  );
  expect({ states, transitions, modelSteps, cut }).toEqual({
    states: 681,
    transitions: 2083,
    modelSteps: 2083,
    cut: false,
  });
});

describe("a planted bug is found by a shortest run", () => {
  const found = (id: string, name: string, slice: string) => {
    const bug = bugNamed(id);
    const design = designCalled(name);
    const scope = slicesOf(phone(), design).find((each) => each.name === slice)?.scope;
    if (!bug || !scope) throw new Error(`no bug ${id} or slice ${slice}`);
    return compareInScope(design, scope, { under: underWith([bug]) }).parting;
  };

  test.each([
    ["flag-left-on-free", "carveout", "tags", 5, "frames[0].locked"],
    ["no-lock-between-initialisers", "carveout", "threads", 7, "actors[1].label"],
    ["handle-given-twice", "carveout", "tags", 6, "commits[0].outcome.handles[0]"],
    ["user-counted-twice", "cleancache-page", "threads", 10, "users[0]"],
    ["slot-not-locked-during-swap-in", "carveout", "swapoff", 7, "slots[0].busy"],
    ["lock-kept-when-giving-up", "cma", "unpinned", 8, "locks[1]"],
  ])("%s in %s, slice %s", (id, design, slice, moves, part) => {
    const parting = found(id, design, slice);
    expect([parting?.moves.length, parting?.mismatch.part]).toEqual([moves, part]);
  });
});

test("a verdict says whether it is complete, and where the two part", () => {
  const common = { design: "cma", states: 1234, transitions: 5678, modelSteps: 5678 };
  const mismatch = {
    ...{ actor: "task", operation: "frees page 0", action: "give-back" },
    ...{ part: "state.locks[0]", expected: "0", found: "1" },
  };
  const equal = { ...common, slice: "tags", cut: false, parting: null };
  const cut = { ...common, slice: "moves", cut: true, parting: null };
  const parted = { ...common, slice: "swap", cut: false, parting: { moves: [], mismatch } };
  expect(compareLines([equal])).toEqual([
    "cma               equal, complete in scope: 1,234 states, 5,678 transitions",
  ]);
  expect(compareLines([equal, cut])[0]).toMatch(/equal as far as it was looked at: 2,468 states/);
  expect(compareLines([cut])[1]).toBe("  moves: cut at 1,234 states");
  expect(compareLines([equal, parted]).slice(0, 2)).toEqual([
    "cma               the implementation is not the model: 2,468 states, 11,356 transitions",
    "  swap: PARTED after 0 steps: task, frees page 0, give-back: state.locks[0]: " +
      "expected 0, found 1",
  ]);
});
