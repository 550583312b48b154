/**
 * A bug that further designs can have is killed in each of them: in the slice that the matrix names,
 * by its row, after as many actions as before.
 */
import { expect, test } from "vitest";
import { designNamed } from "../../model/index.ts";
import { machineryWith } from "../../properties/bugs/planted.ts";
import { exploreSlice } from "../../properties/explore.ts";
import { lengthOf } from "../../properties/length.ts";
import { slicesOf } from "../../properties/slices.ts";
import { phone } from "../machines.ts";
import { killsOfBug, realBugs } from "./kills.ts";

const further = realBugs.flatMap((bug) =>
  Object.entries(killsOfBug(bug).others ?? {}).map(
    ([design, kill]) => [bug.id, design, bug, kill] as const,
  ),
);

test("there are some", () => expect(further.length).toBeGreaterThan(0));

test.each(further)("%s is killed in %s too", (_id, name, bug, kill) => {
  const design = designNamed(name);
  const slice = design && slicesOf(phone(), design).find((each) => each.name === kill?.slice);
  if (!design || !slice || !kill) throw new Error(`nothing kills it in ${name}`);
  const { findings } = exploreSlice(design, slice.name, slice.scope, {
    only: [kill.row],
    stopAtFirst: true,
    machinery: machineryWith([bug], design, slice.scope),
  });
  const found = findings.flatMap(({ result }) =>
    result.kind === "broken" ? [lengthOf(result.witness.moves).actions] : [],
  );
  expect(found).toEqual([kill.actions]);
});
