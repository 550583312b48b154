/** Verdicts on random small graphs equal those found by trying everything. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explore, type FairSet, type Verdict, type Witness } from "../../../checker/index.ts";
import {
  allNodes,
  canAlways,
  closure,
  has,
  hasFairLoop,
  type Instance,
  leadsTo,
  reachable,
  shortestLoss,
  shortestStem,
} from "./oracle.ts";
import { table } from "./table.ts";

/** Few bits, or hardly a run would wait for long and hardly a fair set be neglected. */
function sparse(max: number): fc.Arbitrary<number> {
  const bits = fc.integer({ min: 0, max });
  return fc.tuple(bits, bits).map(([one, other]) => one & other);
}

const instances: fc.Arbitrary<Instance> = fc
  .record({
    nodes: fc.integer({ min: 1, max: 7 }),
    kinds: fc.array(fc.constantFrom<FairSet["kind"]>("weak", "strong"), { maxLength: 3 }),
  })
  .chain(({ nodes, kinds }) => {
    const node = fc.integer({ min: 0, max: nodes - 1 });
    const sets = sparse((1 << kinds.length) - 1);
    const predicate = (1 << nodes) - 1;
    return fc.record({
      nodes: fc.constant(nodes),
      edges: fc.array(fc.record({ from: node, to: node, sets }), {
        minLength: nodes,
        maxLength: 16,
        size: "max",
      }),
      fairSets: fc.constant(kinds.map((kind, index) => ({ name: `set ${index}`, kind }))),
      from: fc.integer({ min: 0, max: predicate }),
      to: sparse(predicate),
    });
  });

const parameters = { seed: 20_240_601, numRuns: 1500 };

function judgeLeadsTo(instance: Instance, fairSets = instance.fairSets): Verdict<number> {
  const bits = (1 << fairSets.length) - 1;
  const edges = instance.edges.map((edge) => ({ ...edge, sets: edge.sets & bits }));
  const { verdicts } = explore(table(edges, fairSets), [
    {
      id: "answered",
      kind: "leadsTo",
      from: (node) => has(instance.from, node),
      to: (node) => has(instance.to, node),
    },
  ]);
  return verdicts.get("answered") ?? expect.unreachable("there is a verdict");
}

function judgeCanAlways(instance: Instance): Verdict<number> {
  const { verdicts } = explore(table(instance.edges, instance.fairSets), [
    { id: "possible", kind: "canAlways", goal: (node) => has(instance.to, node) },
  ]);
  return verdicts.get("possible") ?? expect.unreachable("there is a verdict");
}

function allOf(kind: FairSet["kind"], sets: readonly FairSet[]): readonly FairSet[] {
  return sets.map(({ name }) => ({ name, kind }));
}

function agrees(instance: Instance, kind: Verdict<number>["kind"]): boolean {
  if ((reachable(instance) & instance.from) === 0) return kind === "premise-unreachable";
  return kind === (leadsTo(instance) ? "holds" : "broken");
}

/** The nodes along a witness, the initial one first; fails if an edge does not fit. */
function follow(instance: Instance, witness: Witness<number>): readonly number[] {
  let node = 0;
  const nodes = [node];
  for (const move of witness.moves) {
    const edge = instance.edges[move];
    expect(edge?.from).toBe(node);
    node = edge?.to ?? node;
    nodes.push(node);
  }
  return nodes;
}

function checkLasso(instance: Instance, witness: Witness<number>): void {
  const nodes = follow(instance, witness);
  const { loopFrom } = witness;
  const last = nodes.at(-1) ?? 0;
  if (loopFrom === null) expect.unreachable("a leadsTo witness has a loop");
  if (loopFrom === witness.moves.length) {
    expect(instance.edges.filter((edge) => edge.from === last)).toEqual([]);
  } else {
    expect(last).toBe(nodes[loopFrom]);
    expect(hasFairLoop(instance, witness)).toBe(true);
  }
  expect(loopFrom).toBe(shortestStem(instance));
  // Somewhere before the loop waiting starts, and it never ends.
  const starts = nodes.findLastIndex((node) => has(instance.to, node)) + 1;
  expect(nodes.slice(starts, loopFrom + 1).some((node) => has(instance.from, node))).toBe(true);
}

describe("random graphs", () => {
  test("a leadsTo verdict is that of trying every cycle", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(instances, (instance) => {
        const verdict = judgeLeadsTo(instance);
        seen.set(verdict.kind, (seen.get(verdict.kind) ?? 0) + 1);
        expect(agrees(instance, verdict.kind)).toBe(true);
        if (verdict.kind === "broken") checkLasso(instance, verdict.witness);
      }),
      parameters,
    );
    // The comparison is worth something only if all answers are frequent.
    for (const kind of ["holds", "broken", "premise-unreachable"]) {
      expect(seen.get(kind) ?? 0).toBeGreaterThan(100);
    }
  });

  test("a canAlways verdict is that of trying every node, and its witness a shortest", () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(instances, (instance) => {
        const verdict = judgeCanAlways(instance);
        seen.set(verdict.kind, (seen.get(verdict.kind) ?? 0) + 1);
        expect(verdict.kind).toBe(canAlways(instance));
        if (verdict.kind !== "broken") return;
        const lost = follow(instance, verdict.witness).map(
          (node) => (closure(instance.edges, 1 << node, allNodes(instance)) & instance.to) === 0,
        );
        expect(lost.indexOf(true)).toBe(verdict.witness.moves.length);
        expect(verdict.witness.moves).toHaveLength(shortestLoss(instance));
      }),
      parameters,
    );
    for (const kind of ["holds", "broken", "never"]) {
      expect(seen.get(kind) ?? 0).toBeGreaterThan(100);
    }
  });

  test.each([
    ["ignores strong sets", (sets: readonly FairSet[]) => sets.filter((s) => s.kind === "weak")],
    ["takes strong sets for weak ones", (sets: readonly FairSet[]) => allOf("weak", sets)],
    ["takes weak sets for strong ones", (sets: readonly FairSet[]) => allOf("strong", sets)],
  ])("a checker that %s would be caught", (_name, plant) => {
    const result = fc.check(
      fc.property(instances, (instance) => {
        // Dropping a set must not move the bits of the others: only sets at the end can go.
        const planted = plant(instance.fairSets);
        const kept = instance.fairSets.slice(0, planted.length);
        if (planted.some((set, index) => set.name !== kept[index]?.name)) return true;
        return agrees(instance, judgeLeadsTo(instance, planted).kind);
      }),
      parameters,
    );
    expect(result.failed).toBe(true);
    expect(result.counterexample).not.toBeNull();
  });
});
