/**
 * Verdicts and golden numbers with others who ask for tags: there are some of every design, none of
 * them undecided, and those of small designs are explored again. `npm run check:deep` explores all.
 */
import { describe, expect, test } from "vitest";
import { designs } from "../../model/index.ts";
import { compareWithExpected, expectedKey, parseExpected } from "../../properties/expected.ts";
import { exploreSlice } from "../../properties/explore.ts";
import { rows, tasksOf } from "../../properties/index.ts";
import { type Profile, profiles } from "../../properties/profiles.ts";
import { columnOf } from "../../properties/table.ts";
import { read } from "../house/tree.ts";
import { phone } from "../machines.ts";

const expected = parseExpected(read("properties/profiles.expected.json"));
const machineOf = (profile: Profile) =>
  expected.machines[expectedKey("phone-16g", 4096, "smaller", profile)] ?? {};

const others = profiles.filter((profile) => profile !== "processes");

test.each(others)("%s: every design has every row, and none is undecided", (profile) => {
  const machine = machineOf(profile);
  expect(Object.keys(machine)).toEqual(designs.map(({ name }) => name));
  for (const [design, { rows: cells }] of Object.entries(machine)) {
    expect(Object.keys(cells), design).toEqual(rows.map(({ id }) => id));
    expect(Object.values(cells).map(({ kind }) => kind)).not.toContain("inconclusive");
  }
});

/** Together some twenty thousand states. */
const again: readonly (readonly [Profile, readonly string[]])[] = [
  ["hw-kasan", ["virtio-mem", "zswap-write-through"]],
  ["mte-guest", ["metadata", "cma", "virtio-mem"]],
];

describe.each(again)("%s", (profile, names) => {
  test.each(names)("%s is as expected", (name) => {
    const asked = designs.filter((design) => design.name === name);
    const columns = asked.map((design) =>
      columnOf(
        design,
        tasksOf({ machine: phone(), designs: [design], size: "smaller", profile }).map(
          ({ slice }) => exploreSlice(design, slice.name, slice.scope),
        ),
      ),
    );
    expect(columns).toHaveLength(1);
    expect(compareWithExpected(columns, machineOf(profile))).toEqual([]);
  });
});
