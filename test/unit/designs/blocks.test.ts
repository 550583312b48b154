/**
 * Blocks of three and of four storage pages in two regions, so that a folio's copies and a
 * block's pages lie across every seam there is: walks in scopes that nobody exhausts. Smaller ones
 * are exhausted (`properties/blocks.ts`).
 */
import { describe, expect, test } from "vitest";
import { type Design, designNamed, makeGeometry, type Scope } from "../../../model/index.ts";
import { exploreSlice } from "../../../properties/index.ts";
import { keptRows } from "../../../properties/kept.ts";

const blockPages = [3, 4] as const;

const nothingElse: Omit<Scope, "geometry" | "actors"> = {
  otherCmaPages: 0,
  tagValues: 1,
  byteValues: 2,
  slots: 0,
  files: 0,
  pagesPerFile: 0,
  getForm: "keeping",
  folioOrder: 0,
  pins: 0,
  dirtyLines: false,
  mayFail: true,
};

const actor = { kind: "task", everyones: false } as const;
const claimer = {
  ...actor,
  name: "claimer",
  cpu: 2,
  owner: 1,
  may: ["allocate-tagged", "free"],
} as const;

const files = (folioOrder: 0 | 1): Omit<Scope, "geometry"> => ({
  ...nothingElse,
  files: 1,
  pagesPerFile: 2,
  folioOrder,
  actors: [
    { ...actor, name: "user", cpu: 0, owner: 0, may: ["read-file", "write-file", "write-back"] },
    { ...actor, name: "kswapd", cpu: 1, owner: 3, may: ["evict"] },
    claimer,
  ],
});

const swap: Omit<Scope, "geometry"> = {
  ...nothingElse,
  slots: 2,
  actors: [
    {
      ...actor,
      name: "user",
      cpu: 0,
      owner: 0,
      may: ["allocate-untagged", "write-bytes", "swap-in-fault"],
    },
    { ...actor, name: "kswapd", cpu: 1, owner: 3, everyones: true, may: ["swap-out"] },
    claimer,
  ],
};

const asked: readonly (readonly [string, Omit<Scope, "geometry">])[] = [
  ["cleancache-page", files(0)],
  ["cleancache-folio", files(1)],
  ["cleancache-folio-holes", files(1)],
  ["cleancache-folio-single", files(1)],
  ["cleancache-2025", files(0)],
  ["cleancache-node-preloaded", files(0)],
  ["cleancache-node-untagged", files(0)],
  ["zswap", swap],
  ["zswap-write-through", swap],
];

const named = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  return design;
};

const walk = (design: Design, scope: Omit<Scope, "geometry">, block: number) =>
  exploreSlice(
    design,
    "walks",
    {
      ...scope,
      geometry: makeGeometry(
        { blockPages: block, pagesPerStoragePage: 1, granulesPerPage: 1 },
        [1, 1],
      ),
    },
    {
      strategy: { kind: "random", seed: 7, walks: 4, moves: 100 },
      only: keptRows(design.name),
    },
  );

const brokenIn = (report: ReturnType<typeof walk>): readonly string[] =>
  report.findings.flatMap(({ row, result }) => (result.kind === "broken" ? [row] : []));

describe.each(asked.map(([name, scope]) => ({ name, scope })))("$name", ({ name, scope }) => {
  test.each(blockPages)("blocks of %i keep what the design keeps", (block) => {
    const report = walk(named(name), scope, block);
    expect(brokenIn(report)).toEqual([]);
    expect(report.marks).toContain("claim-takes-a-free-block");
    expect(report.marks.length).toBeGreaterThan(3);
  });
});
