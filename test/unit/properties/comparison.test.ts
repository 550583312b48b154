/** The comparison: counting, the workload on both floors, and the page that shows it. */
import { describe, expect, test } from "vitest";
import { comparePage } from "../../../cli/compare-page.ts";
import { compareText } from "../../../cli/compare-text.ts";
import { carveout, cleancacheFolio, cleancachePage, cma } from "../../../model/index.ts";
import { Tally } from "../../../properties/comparison/costs.ts";
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
