/**
 * What a design may bring along: a carve-out whose host takes storage pages away and whose worker
 * brings them back, by state, moves and work that no other design has.
 */
import { expect, test } from "vitest";
import { explore } from "../../../checker/index.ts";
import {
  at,
  carveout,
  type Design,
  describeJob,
  ExtraField,
  Machinery,
  type Scope,
} from "../../../model/index.ts";
import { exploreSlice, slicesOf } from "../../../properties/index.ts";
import { phone } from "../../machines.ts";

const plugged = new ExtraField("plugged", {
  length: ({ geometry }) => geometry.regions.length,
  least: 0,
  most: 1,
  initially: 1,
});

const unplugging: Design = {
  ...carveout,
  name: "unplugging",
  variantOf: "carveout",
  extra: [plugged],
  environment: [
    {
      name: "unplugs-block",
      objects: (world) => plugged.of(world).flatMap((is, block) => (is === 1 ? [block] : [])),
      do: (world, _site, block) => {
        plugged.of(world)[block] = 0;
        return { marks: ["a-slot-is-shared"] };
      },
    },
  ],
  works: [
    {
      name: "plugs-block",
      objects: () => [0],
      when: (world, _site, block) => plugged.of(world)[block] === 0,
      script: {
        entry: "recall",
        actions: {
          recall: {
            standsFor: "virtio_mem_sbm_plug_sb()",
            choose: () => [0, 1],
            do: (_turn, busy) => ({ to: busy === 1 ? "recall" : "count-user" }),
          },
          "count-user": {
            standsFor: "the host's answer",
            next: "end",
            do: ({ world }) => {
              plugged.of(world)[0] = 1;
              return undefined;
            },
          },
        },
      },
    },
  ],
  fair: [{ name: "the host is not busy for ever", at: "recall", isFor: (choice) => choice === 0 }],
  scopeFor: (slice, scope) => (slice === "tags" ? alone(scope) : null),
};

const worker = {
  name: "worker",
  kind: "task",
  cpu: 1,
  owner: 3,
  everyones: true,
  may: ["background"],
} as const;

const alone = (scope: Scope): Scope => ({ ...scope, actors: [worker] });

const scope = (): Scope => {
  const slices = slicesOf(phone(), unplugging);
  expect(slices.map(({ name }) => name)).toEqual(["tags"]);
  return at(slices, 0).scope;
};

const unplug = {
  kind: "environment",
  does: { kind: "own", name: "unplugs-block", object: 0 },
} as const;

test("a block goes, the worker brings it back, and every state has its own key", () => {
  const machinery = new Machinery(unplugging, scope());
  const { initial } = machinery;
  expect(machinery.moves(initial)).toEqual([unplug]);
  const { next: gone, events } = machinery.step(initial, unplug);
  expect(plugged.of(gone)).toEqual([0]);
  expect(events).toEqual([{ kind: "marked", mark: "a-slot-is-shared" }]);
  expect(machinery.key(gone)).not.toBe(machinery.key(initial));
  expect(machinery.fromKey(machinery.key(gone))).toEqual(gone);
  expect(machinery.stepImmutably(initial, unplug).next).toEqual(gone);
  const [plug] = machinery.moves(gone);
  const work = machinery.operations[1];
  expect(work && describeJob(work)).toBe("plugs block 0");
  expect(plug).toEqual({ kind: "act", actor: 0, starts: 1, choice: 0 });
  if (!plug) return;
  const { next } = machinery.step(gone, plug);
  const [last] = machinery.moves(next);
  if (!last) throw new Error("the worker cannot go on");
  const ended = machinery.step(next, last);
  expect(ended.events).toEqual([{ kind: "ended", operation: work, commits: 0 }]);
  expect(machinery.key(ended.next)).toBe(machinery.key(initial));
});

test("a field that is not declared, or no name, is an error", () => {
  expect(() => plugged.of(new Machinery(carveout, scope()).initial)).toThrow("no field plugged");
  expect(
    () => new ExtraField("not a name", { length: () => 1, least: 0, most: 1, initially: 0 }),
  ).toThrow("camelCase");
});

test("the work ends, unless the host could be busy for ever", () => {
  const ends = (design: Design) => {
    const machinery = new Machinery(design, scope());
    const { verdicts } = explore(machinery, [
      {
        kind: "leadsTo",
        id: "ends",
        from: (world) => at(world.actors, 0).operation > 0,
        to: (world) => at(world.actors, 0).operation === 0,
      },
    ]);
    return verdicts.get("ends")?.kind;
  };
  const { fair: _, ...unfair } = unplugging;
  expect(ends(unplugging)).toBe("holds");
  expect(ends(unfair)).toBe("broken");
});

test("rows are judged on it: work takes no effect that a caller could see", () => {
  const report = exploreSlice(unplugging, "tags", scope());
  const bad = report.findings.filter(
    ({ result: { kind } }) => kind === "broken" || kind === "inconclusive",
  );
  expect(bad).toEqual([]);
});
