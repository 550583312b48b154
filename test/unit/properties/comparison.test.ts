/** The comparison: counting, the workload on both floors, and the page that shows it. */
import { describe, expect, test } from "vitest";
import { comparePage } from "../../../cli/compare-page.ts";
import { compareText } from "../../../cli/compare-text.ts";
import {
  carveout,
  cleancacheFolio,
  cleancachePage,
  cma,
  designNamed,
  type Geometry,
  makeGeometry,
} from "../../../model/index.ts";
import { costsInReal } from "../../../properties/comparison/compare.ts";
import { type Costs, Tally } from "../../../properties/comparison/costs.ts";
import { type Compared, compareOne } from "../../../properties/comparison/index.ts";
import { shippedMachine } from "../../machines.ts";
import { assets } from "../page/assets.ts";

describe("a tally", () => {
  test("counts by label, and the longest claim and fault", () => {
    const tally = new Tally(cleancachePage.claiming);
    tally.begin(true, -1);
    for (const label of ["look-at-page", "recall", "invalidate-data-lines", "map-tagged"] as const)
      tally.action(label, label === "recall" ? 2 : 0);
    tally.end("page");
    for (const key of [3, 4, 3]) {
      tally.begin(false, key);
      tally.action("read-disk", 1);
      tally.end("bytes");
    }
    tally.begin(false, -1);
    tally.action("move-storage", 0);
    tally.end("no-memory");
    tally.begin(false, -1);
    tally.end(null);
    tally.sample(0.5);
    tally.sample(0.25);
    expect(tally.all).toEqual({
      operations: 6,
      actions: 8,
      moves: 1,
      drops: 5,
      dropsByClaims: 2,
      mostDroppedAtOnce: 2,
      diskReads: 3,
      refetches: 1,
      maintenance: 1,
      claims: 1,
      worstClaim: 2,
      worstFault: 4,
      noMemory: 1,
      faults: 1,
      givenUp: 1,
      storageServing: 0.375,
    });
  });
});

const machine = shippedMachine("phone-16g");
/** A sixteenth of what the command takes. */
const pages = 1024;
const compared: readonly Compared[] = [carveout, cma, cleancachePage, cleancacheFolio].map(
  (design) => compareOne(design, machine, 5, pages),
);
const [plain, migrating, page, folio] = compared;

describe("the workload", () => {
  test("comes to its end in every design, and gives nothing up", () => {
    for (const { small, real } of compared)
      for (const costs of [small, real]) {
        expect(costs?.givenUp).toBe(0);
        expect(costs?.operations).toBeGreaterThan(500);
        expect(costs?.noMemory, "memory runs short").toBeGreaterThan(0);
      }
  });

  test("costs what each design is known for, in both memories", () => {
    for (const size of ["small", "real"] as const) {
      expect(plain?.[size]).toMatchObject({
        moves: 0,
        claims: 0,
        maintenance: 0,
        storageServing: 0,
      });
      expect(migrating?.[size]?.moves).toBeGreaterThan(0);
      expect(migrating?.[size]?.drops).toBe(0);
      expect(migrating?.[size]?.worstFault).toBeGreaterThan(page?.[size]?.worstFault ?? 0);
      expect(page?.[size]).toMatchObject({ moves: 0, mostDroppedAtOnce: 1, worstClaim: 3 });
      expect(page?.[size]?.refetches).toBeLessThan(plain?.[size]?.refetches ?? 0);
      expect(folio?.[size]).toMatchObject({ moves: 0, mostDroppedAtOnce: 2, worstClaim: 3 });
    }
    expect(compared.map(({ neverTaggable }) => neverTaggable)).toEqual([0, 0.0625, 0, 0]);
  });

  test("finds where the kernel has to be changed", () => {
    expect(plain?.hooks).toEqual([]);
    expect(migrating?.hooks).toContain("get_page_from_freelist()");
    expect(migrating?.hooks).not.toContain("shrink_folio_list()");
    for (const name of ["set_ptes()", "shrink_folio_list()", "truncate_inode_pages_range()"])
      expect(page?.hooks).toContain(name);
  });

  test("is the same from the same seed, and another from another", () => {
    expect(compareOne(carveout, machine, 5, pages)).toEqual(plain);
    expect(compareOne(carveout, machine, 6, pages).small).not.toEqual(plain?.small);
  });
});

/** Numbers of a run that grow with the work, for each 1,000 operations. */
const rates = ["claims", "faults", "maintenance", "diskReads", "refetches"] as const;

const rateOf = (costs: Costs, rate: (typeof rates)[number]): number =>
  (1000 * costs[rate]) / costs.operations;

/** How far apart two numbers are: 1 for equal ones; two that are nearly nothing are equal. */
const ratio = (one: number, other: number): number =>
  (Math.max(one, other) + 1) / (Math.min(one, other) + 1);

describe.each(compared.map(({ design, small }) => ({ name: design, small })))(
  "$name in two memories",
  ({ name, small }) => {
    const design = designNamed(name);
    const inMemory = (geometry: Geometry, many: number): Costs => {
      const real = design && costsInReal(design, { geometry }, 5, many);
      if (!real) throw new Error(`${name} has no implementation`);
      return real;
    };

    test("in the same memory model and implementation differ by what they choose", () => {
      const shape = { granulesPerPage: 1, pagesPerStoragePage: 8, blockPages: 1 };
      const same = inMemory(makeGeometry(shape, [8]), 64);
      expect(ratio(small.operations, same.operations)).toBeLessThan(1.03);
      for (const rate of rates)
        expect(ratio(rateOf(small, rate), rateOf(same, rate)), rate).toBeLessThan(1.25);
      expect(Math.abs(small.storageServing - same.storageServing)).toBeLessThan(0.1);
      expect(small.worstClaim).toBe(same.worstClaim);
    });

    test("per operation the small memory tells what the real one does, but for its few blocks", () => {
      const many = 4096;
      const real = inMemory(machine.geometry, many);
      expect(ratio(small.operations / 64, real.operations / many)).toBeLessThan(1.05);
      for (const rate of ["claims", "faults"] as const)
        expect(ratio(rateOf(small, rate), rateOf(real, rate)), rate).toBeLessThan(1.1);
      for (const rate of ["maintenance", "diskReads", "refetches"] as const)
        expect(ratio(rateOf(small, rate), rateOf(real, rate)), rate).toBeLessThan(1.4);
      expect(small.worstClaim).toBe(real.worstClaim);
      /** Pages of one process fill eight blocks at their edges, and hundreds of blocks whole. */
      expect(real.storageServing).toBeGreaterThanOrEqual(1.5 * small.storageServing);
      for (const forOthers of ["moves", "dropsByClaims"] as const)
        expect(real[forOthers] / real.claims || 0).toBeLessThanOrEqual(
          small[forOthers] / small.claims || 0,
        );
    });
  },
);

test("memory pressure fills a pool of swapped pages", () => {
  for (const name of ["zswap", "zswap-write-through"]) {
    const design = designNamed(name);
    const serving = design ? compareOne(design, null, 5).small.storageServing : 0;
    expect(serving).toBeGreaterThan(0.1);
  }
});

test("the text fits its width, and names every design", () => {
  const lines = compareText(compared, 5).split("\n");
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  for (const { design } of compared)
    expect(lines.filter((line) => line.startsWith(`${design} `))).toHaveLength(3);
});

test("the page has everything in it, and fetches nothing", () => {
  const text = comparePage(compared, 5, assets);
  expect(text).toBe(comparePage(compared, 5, assets));
  expect(text).not.toMatch(/\b(?:src|href)=|@import|url\(/);
  expect(text.match(/<svg /g)?.length).toBe(20);
  for (const { design } of compared) expect(text).toContain(design);
});
