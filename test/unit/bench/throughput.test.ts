/** The parts of the benchmark that can be wrong: its numbers, its books and its mix. */
import { describe, expect, test } from "vitest";
import { movesOf, recorded } from "../../../bench/throughput/against-model.ts";
import { Pool } from "../../../bench/throughput/pool.ts";
import { Random } from "../../../bench/throughput/random.ts";
import { smallScope } from "../../../bench/throughput/scopes.ts";
import { quantile, spreadOf } from "../../../bench/throughput/statistics.ts";
import { Workload } from "../../../bench/throughput/workload.ts";
import { Manager } from "../../../impl/index.ts";
import { designNamed, Machinery } from "../../../model/index.ts";

const names = ["carveout", "cma", "cleancache-page", "cleancache-folio"] as const;
const known = (name: string) => designNamed(name) ?? expect.unreachable(name);

describe("statistics", () => {
  test("a quantile is a value that was there", () => {
    expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3);
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2);
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(quantile(hundred, 0.99)).toBe(99);
    expect(quantile([7], 0.99)).toBe(7);
  });

  test("a spread is the middle and the ends", () => {
    expect(spreadOf([3, 9, 1])).toEqual({ median: 3, min: 1, max: 9 });
    expect(() => spreadOf([])).toThrow("nothing to measure");
  });
});

describe("books", () => {
  test("a pool gives every number back once", () => {
    const pool = new Pool(3);
    for (const number of [7, 8, 9]) pool.add(number);
    expect(pool.isFull).toBe(true);
    expect(() => pool.add(1)).toThrow("full");
    expect([pool.take(0), pool.take(0), pool.take(0)]).toEqual([7, 9, 8]);
    expect(pool.size).toBe(0);
  });

  test("random numbers repeat with their seed and stay below their bound", () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 100 }, () => random.below(10));
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    expect(new Set(draw(5)).size).toBe(10);
    expect(() => new Random(0)).toThrow("seed");
  });
});

describe.each(names)("the work on %s", (name) => {
  const design = known(name);

  test("does everything that it says and is refused nothing", () => {
    const scope = smallScope(design);
    const manager = new Manager(design, scope, { lists: true, poison: false });
    const work = new Workload(manager, scope, { pages: 8, keys: 16 }, 3);
    work.begin();
    for (let operation = 0; operation < 5_000; operation++) work.next();
    expect(work.countOf("operations")).toBe(5_000);
    expect(work.countOf("refused")).toBe(0);
    expect(work.countOf("no memory")).toBe(0);
    for (const done of ["claims", "frees", "tag writes", "gets", "puts", "swapped in"] as const)
      expect(work.countOf(done), done).toBeGreaterThan(50);
    const cached = name.startsWith("cleancache");
    expect(work.countOf("claims that dropped a copy") > 0).toBe(cached);
    expect(work.countOf("puts stored") > 0).toBe(cached);
    expect(work.countOf("hits") + work.countOf("misses")).toBe(work.countOf("gets"));
  });

  test("is the same again with its seed, and the model can follow it", () => {
    const recording = recorded(design, 60, 11);
    expect(recorded(design, 60, 11)).toEqual(recording);
    const machinery = new Machinery(design, smallScope(design));
    expect(movesOf(machinery, recording).length).toBeGreaterThan(recording.operations);
  });
});
