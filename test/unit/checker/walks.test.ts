/** Walks say nothing that a whole search would not say, and pickers pick as they promise. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  anyMove,
  byPriority,
  explore,
  type Picker,
  type Property,
  type ThreadOf,
} from "../../../checker/index.ts";
import { table } from "./table.ts";

const nodes = 8;
const node = fc.integer({ min: 0, max: nodes - 1 });
const graphs = fc.record({
  edges: fc.array(fc.record({ from: node, to: node, sets: fc.constantFrom(0, 1) }), {
    minLength: 6,
    maxLength: 14,
  }),
  bad: node,
  far: node,
});

const propertiesOf = (bad: number, far: number): readonly Property<number, number, string>[] => [
  { id: "state", kind: "always", judge: (at) => (at === bad ? "bad" : null) },
  { id: "move", kind: "step", judge: ({ after }) => (after === far ? "far" : null) },
  { id: "mark", kind: "reach", mark: ({ before, after }) => before === bad && after === far },
  { id: "come", kind: "leadsTo", from: (at) => at === bad, to: (at) => at === far },
  { id: "can", kind: "canAlways", goal: (at) => at === far },
];

const fairSets = [{ name: "fair", kind: "strong" }] as const;

describe("walks over random graphs", () => {
  test("say what the whole search says, or nothing", () => {
    let undecided = 0;
    let decided = 0;
    fc.assert(
      fc.property(graphs, fc.nat(), ({ edges, bad, far }, seed) => {
        const system = table(edges, fairSets);
        const properties = propertiesOf(bad, far);
        const whole = explore(system, properties);
        const walks = { picker: anyMove<number>(seed), walks: 2, moves: 3 };
        const walked = explore(system, properties, { walks });
        if (walked.cut === null) expect(walked).toEqual(whole);
        for (const [id, verdict] of walked.verdicts)
          if (verdict.kind === "inconclusive") undecided++;
          else {
            decided++;
            expect(verdict.kind, id).toBe(whole.verdicts.get(id)?.kind);
          }
      }),
      { seed: 20_240_601, numRuns: 500 },
    );
    expect(undecided).toBeGreaterThan(100);
    expect(decided).toBeGreaterThan(100);
  });

  test("that leave nothing out are complete, whatever they are picked by", () => {
    fc.assert(
      fc.property(graphs, fc.nat(), ({ edges, bad, far }, seed) => {
        const system = table(edges, fairSets);
        const properties = propertiesOf(bad, far);
        const walks = { picker: anyMove<number>(seed), walks: 2000, moves: 20 };
        expect(explore(system, properties, { walks })).toEqual(explore(system, properties));
      }),
      { seed: 20_240_601, numRuns: 50 },
    );
  });

  test("are cut by the bounds of any search", () => {
    const line = Array.from({ length: 20 }, (_, from) => ({ from, to: from + 1, sets: 0 }));
    const cutOf = (bounds: { readonly maxStates?: number; readonly maxDepth?: number }) => {
      const walks = { picker: anyMove<number>(1), walks: 3, moves: 10 };
      return explore(table(line), [], { walks, bounds });
    };
    expect(cutOf({})).toMatchObject({ cut: { by: "walks", at: 3 }, states: 11, transitions: 10 });
    expect(cutOf({ maxDepth: 4 })).toMatchObject({ cut: { by: "walks", at: 3 }, states: 5 });
    expect(cutOf({ maxStates: 7 }).cut).toEqual({ by: "states", at: 7 });
    const late = { walks: { picker: anyMove<number>(1), walks: 3, moves: 10 }, now: () => 0 };
    const bounds = { maxMilliseconds: 0 };
    expect(explore(table(line), [], { ...late, bounds }).cut).toEqual({ by: "time", at: 0 });
  });
});

/** The walk that a picker takes through threads of three moves each, over and over. */
const walkOf = (picker: Picker<string>, threads: number, length: number): readonly string[] => {
  const done = Array.from({ length: threads }, () => 0);
  picker.begin();
  return Array.from({ length }, () => {
    const moves = done.map((count, thread) => `${thread} ${count % 3}`);
    const picked = picker.pick(moves);
    done[picked] = (done[picked] ?? 0) + 1;
    return moves[picked] ?? expect.unreachable("a picker picks one of the moves");
  });
};

const threadOf: ThreadOf<string> = (move) => ({
  thread: Number(move.split(" ")[0]),
  begins: move.endsWith(" 0"),
});

/** How often the lead goes over in the middle of a thread's three moves. */
const preemptionsIn = (walk: readonly string[]): number =>
  walk.filter((move, index) => {
    const next = walk[index + 1];
    return next !== undefined && !move.endsWith(" 2") && next[0] !== move[0];
  }).length;

describe("by priority", () => {
  const picker = (seed: number, preemptions: number) =>
    byPriority({ seed, preemptions, moves: 30, threadOf });

  test("a thread goes on to its end, but for as many preemptions as were asked for", () => {
    const seen = new Set<number>();
    for (let seed = 0; seed < 50; seed++) {
      expect(preemptionsIn(walkOf(picker(seed, 0), 3, 30))).toBe(0);
      const two = preemptionsIn(walkOf(picker(seed, 2), 3, 30));
      seen.add(two);
    }
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });

  test("no thread leads for ever: each operation draws its own priority", () => {
    const walk = walkOf(picker(1, 0), 3, 300);
    expect(new Set(walk.map((move) => move[0]))).toEqual(new Set(["0", "1", "2"]));
  });

  test("the same seed takes the same walks, another one others", () => {
    const walks = (seed: number) => {
      const one = picker(seed, 3);
      return [walkOf(one, 3, 30), walkOf(one, 3, 30)];
    };
    expect(walks(7)).toEqual(walks(7));
    expect(walks(7)).not.toEqual(walks(8));
    expect(walks(7)[0]).not.toEqual(walks(7)[1]);
  });

  test("picks only what can move", () => {
    const only = byPriority({ seed: 1, preemptions: 5, moves: 4, threadOf });
    only.begin();
    for (let step = 0; step < 10; step++) expect(only.pick([`2 ${step % 3}`])).toBe(0);
  });
});

test("any move is picked as often as any other", () => {
  const picker = anyMove<number>(1);
  const counts = [0, 0, 0, 0];
  for (let step = 0; step < 4000; step++) {
    const picked = picker.pick([10, 20, 30, 40]);
    counts[picked] = (counts[picked] ?? 0) + 1;
  }
  for (const count of counts) expect(count).toBeGreaterThan(900);
});
