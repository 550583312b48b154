/** A soak goes on after a failure, keeps its seeds, and ends when it is told to. */
import { expect, test } from "vitest";
import { canRun, runBatch } from "../../../properties/soak/batch.ts";
import { soak } from "../../../properties/soak/soak.ts";

const bugs = ["slot-given-twice"];
const order = { suite: "swap-restore", seed: 3, runs: 5, milliseconds: 60_000, bugs: [] };

test("a batch comes out the same each time", () => {
  const one = runBatch(order);
  expect(one).toMatchObject({ runs: 5, failure: null });
  expect(one.schedules.length).toBeGreaterThan(0);
  expect(runBatch(order)).toEqual(one);
});

test("a suite without a design that can have the bug cannot run", () => {
  expect(canRun("swap-restore", bugs)).toBe(true);
  expect(canRun("drop-under-claim", ["data-lines-invalidated-before-moving"])).toBe(false);
  expect(canRun("nosuch", [])).toBe(false);
});

test("it goes on after a failure until the signal, with one seed after the other", async () => {
  const controller = new AbortController();
  const seeds: number[] = [];
  const soaked = await soak({
    suites: ["swap-restore"],
    seed: 2 ** 31 - 1,
    milliseconds: 60_000,
    workers: 0,
    bugs,
    signal: controller.signal,
    onFailure: (_failure, seed) => {
      seeds.push(seed);
      if (seeds.length === 2) controller.abort();
    },
  });
  expect(seeds).toEqual([2 ** 31 - 1, 0]);
  expect(soaked).toMatchObject({ batches: 2, failures: 2, schedulesAtLeast: false });
});

test("it does nothing when there is no time", async () => {
  const options = { suites: ["pinning"], seed: 0, milliseconds: 0, workers: 0 };
  expect((await soak(options)).batches).toBe(0);
});
