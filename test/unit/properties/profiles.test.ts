/** Designs under the demands of a tagged kernel and of a guest with MTE. */
import { expect, test } from "vitest";
import { bugNamed } from "../../../impl/index.ts";
import { carveout, designNamed, Machinery } from "../../../model/index.ts";
import { machineryWith } from "../../../properties/bugs/planted.ts";
import { exploreSlice, type Profile, profiles, tasksOf } from "../../../properties/index.ts";
import { phone } from "../../machines.ts";

/** What is broken in one slice, and what does not apply. */
const verdictsOf = (design: string, slice: string, profile: Profile, only: readonly string[]) => {
  const found = designNamed(design);
  if (!found) throw new Error(`no design ${design}`);
  const tasks = tasksOf({
    machine: phone(),
    designs: [found],
    slices: [slice],
    size: "smaller",
    profile,
  });
  return tasks.flatMap((task) =>
    exploreSlice(found, slice, task.slice.scope, { only }).findings.map(
      ({ property, result }) => `${property}: ${result.kind}`,
    ),
  );
};

test("without a profile nothing changes", () => {
  const asked = { machine: phone(), designs: [carveout] };
  expect(profiles[0]).toBe("processes");
  expect(tasksOf({ ...asked, profile: "processes" })).toEqual(tasksOf(asked));
});

test("a tagged kernel: what migrates cannot serve it, what drops copies can", () => {
  const rows = ["atomic-tagged-allocation"];
  expect(verdictsOf("cleancache-page", "fork", "hw-kasan", rows)).toEqual([
    "atomic-tagged-allocation: holds",
  ]);
  expect(verdictsOf("cma-hw-kasan", "fork", "hw-kasan", rows)).toEqual([
    "atomic-tagged-allocation: broken",
  ]);
});

test("a guest's tags come back by swapoff, too, and a page that is not looked at loses them", () => {
  const rows = ["tags-survive-swapoff"];
  expect(verdictsOf("carveout", "swapoff", "mte-guest", rows)).toEqual([
    "tags-survive-swapoff: holds",
  ]);
  const [task] = tasksOf({
    machine: phone(),
    designs: [carveout],
    slices: ["swap"],
    size: "smaller",
    profile: "mte-guest",
  });
  const bug = bugNamed("untagged-mapping-does-not-restore");
  if (!task || !bug) throw new Error("no such slice, or no such bug");
  const { name, scope } = task.slice;
  const machinery = machineryWith([bug], carveout, scope);
  const { findings } = exploreSlice(carveout, name, scope, {
    only: ["tags-survive-swap"],
    machinery,
  });
  expect(findings.map(({ result }) => result.kind)).toEqual(["broken"]);
});

test("pages of the kernel are neither migrated nor swapped out", () => {
  const [task] = tasksOf({
    machine: phone(),
    designs: [carveout],
    slices: ["moves"],
    size: "smaller",
    profile: "hw-kasan",
  });
  if (!task) throw new Error("no such slice");
  const { actors } = task.slice.scope;
  expect(actors.filter(({ unmovable }) => unmovable).map(({ name }) => name)).toEqual([
    "compaction",
    "interrupt",
  ]);
  const machinery = new Machinery(carveout, task.slice.scope);
  let world = machinery.initial;
  const doing = (actor: string): void => {
    const index = actors.findIndex(({ name }) => name === actor);
    do {
      const [move] = machinery
        .moves(world)
        .filter(
          (each) =>
            each.kind === "act" &&
            each.actor === index &&
            (each.starts === null || machinery.operations[each.starts]?.kind === "allocate"),
        );
      if (!move) throw new Error(`${actor} has nothing to do`);
      world = machinery.step(world, move).next;
    } while (machinery.operationOf(world, index));
  };
  const migrates = (): boolean =>
    machinery
      .moves(world)
      .some(
        (move) =>
          move.kind === "act" &&
          move.starts !== null &&
          machinery.operations[move.starts]?.kind === "migrate",
      );
  doing("interrupt");
  expect(migrates()).toBe(false);
  doing("task");
  expect(migrates()).toBe(true);
});

test("a guest's tags come back through an untagged mapping, unless they are kept by page number", () => {
  const rows = ["tags-survive-swap"];
  expect(verdictsOf("carveout", "swap", "mte-guest", rows)).toEqual(["tags-survive-swap: holds"]);
  expect(verdictsOf("metadata", "swap", "mte-guest", rows)).toEqual(["tags-survive-swap: broken"]);
});
