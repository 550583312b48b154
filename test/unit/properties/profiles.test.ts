/** Designs under the demands of a tagged kernel and of a guest with MTE. */
import { expect, test } from "vitest";
import { designNamed } from "../../../model/index.ts";
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
  const [carveout] = [designNamed("carveout")];
  if (!carveout) throw new Error("no carveout");
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

test("a guest's tags come back through an untagged mapping, unless they are kept by page number", () => {
  const rows = ["tags-survive-swap"];
  expect(verdictsOf("carveout", "swap", "mte-guest", rows)).toEqual(["tags-survive-swap: holds"]);
  expect(verdictsOf("metadata", "swap", "mte-guest", rows)).toEqual(["tags-survive-swap: broken"]);
});
