/**
 * A mutant that keeps the sources from loading fails no test, because none begins. This one does.
 * It must not be the first to load them, or whatever runs while loading would count as its own.
 */
import { expect, test } from "vitest";

test("the contract loads", async () => {
  await expect(import("../../model/contract/index.ts")).resolves.toBeDefined();
});

test("the implementation loads", async () => {
  await expect(import("../../impl/index.ts")).resolves.toBeDefined();
});
