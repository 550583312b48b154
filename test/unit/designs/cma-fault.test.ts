/**
 * A fault of RFC v3 that moves its page to another, while somebody else gives the page its tags: both
 * fault on one page whose storage holds somebody's data when the first looks, and is free when the
 * second does.
 */
import { expect, test } from "vitest";
import { type ActorSpec, designNamed, makeGeometry, type Scope } from "../../../model/index.ts";
import { exploreSlice } from "../../../properties/explore.ts";
import { nothingElse } from "../../../properties/slices.ts";

const process: ActorSpec = {
  name: "task",
  kind: "task",
  cpu: 0,
  owner: 0,
  everyones: false,
  may: ["allocate-untagged", "free", "enable-tags"],
};

const scope: Scope = {
  geometry: makeGeometry({ granulesPerPage: 1, pagesPerStoragePage: 2, blockPages: 1 }, [1]),
  ...nothingElse,
  actors: [
    process,
    {
      ...process,
      ...{ name: "sharer", cpu: 1, owner: 1, everyones: true },
      may: ["enable-tags", "write-tag"],
    },
  ],
};

test("takes the tags along, or keeps them aside, and lets the storage of the old page go", () => {
  const design = designNamed("cma");
  if (!design) throw new Error("no design cma");
  const { findings, marks, cut } = exploreSlice(design, "threads", scope, {
    only: ["tags-survive-migration", "nothing-is-left-behind", "the-count-equals-the-claims"],
    strategy: { kind: "breadth-first", reduce: ["symmetry", "order"] },
  });
  expect(cut).toBeNull();
  expect(findings.map(({ result }) => result.kind)).toEqual(["holds", "holds", "holds"]);
  for (const mark of [
    "fault-replaces-the-page",
    "a-tagged-page-is-migrated",
    "tags-are-stashed",
    "stash-is-replayed",
  ])
    expect(marks).toContain(mark);
});
