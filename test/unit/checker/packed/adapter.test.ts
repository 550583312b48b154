/** Any system in the packed search: designs and their implementations, with the same numbers. */
import { describe, expect, test } from "vitest";
import { explore, explorePacked, packedFrom, type System } from "../../../../checker/index.ts";
import { PackedMachinery } from "../../../../impl/index.ts";
import { designNamed, Machinery, type World } from "../../../../model/index.ts";
import { slicesOf } from "../../../../properties/index.ts";
import { phone } from "../../../machines.ts";

const machineries = (name: string) => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  const [slice] = slicesOf(phone(), design);
  if (!slice) throw new Error(`${name} has no slice`);
  return { design, scope: slice.scope };
};

const maxDepth = 7;

describe("a design and its implementation", () => {
  test.each(["carveout", "cleancache-page"])("%s has the states of the plain search", (name) => {
    const { design, scope } = machineries(name);
    const expected = explore(new Machinery(design, scope), [], { bounds: { maxDepth } });
    for (const machinery of [new Machinery(design, scope), new PackedMachinery(design, scope)]) {
      const found = explorePacked(packedFrom(machinery, { mostMoves: 1000 }), { maxDepth });
      expect(found.states).toBe(expected.states);
      expect(found.transitions).toBe(expected.transitions);
      expect(found.depth).toBe(expected.depth);
    }
  });

  test("a broken state of the implementation is reached by a shortest path", () => {
    const { design, scope } = machineries("cleancache-page");
    const isHeld = ({ held }: World): number => (held.some(({ at }) => at !== -1) ? 1 : 0);
    const { verdict } = explorePacked(
      packedFrom(new PackedMachinery(design, scope), {
        mostMoves: 1000,
        check: isHeld,
        moveName: ({ kind }) => kind,
      }),
      { maxDepth },
    );
    const plain = explore(
      new Machinery(design, scope),
      [
        {
          kind: "always",
          id: "unused",
          judge: (world) => (isHeld(world) ? "a page is held" : null),
        },
      ],
      { stopAtFirst: true },
    ).verdicts.get("unused");
    const shortest = plain?.kind === "broken" ? plain.witness.moves : [];
    const moves = verdict.kind === "broken" ? verdict.path?.moves : undefined;
    expect(shortest.length).toBeGreaterThan(0);
    expect(moves?.map((move) => move.name)).toEqual(shortest.map(({ kind }) => kind));
  });
});

describe("a system that cannot be packed", () => {
  const growing: System<string, number, never> = {
    initial: "a",
    fairSets: [],
    moves: () => [0, 1],
    step: (state) => ({ next: `${state}a`, events: [] }),
    fairSetsOf: () => 0,
    key: (state) => state,
    fromKey: (key) => key,
  };

  test("has keys of more than one length", () => {
    expect(() => explorePacked(packedFrom(growing, { mostMoves: 2 }))).toThrow(
      "a key of 2 characters, the first one has 1",
    );
  });

  test("has more moves than it says", () => {
    expect(() => explorePacked(packedFrom(growing, { mostMoves: 1 }))).toThrow(
      "mostMoves: a state has 2 moves, not 1",
    );
  });
});
