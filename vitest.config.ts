import { defineConfig } from "vitest/config";

/** A tier of the suite: one folder under test/, one project of vitest. */
interface Tier {
  readonly name: string;
  /** Groups run one after another, lowest first; tiers of one group share the workers. */
  readonly group: number;
  readonly seconds: number;
  /** Do its files keep nothing in modules, so that a worker can load those once for all of them? */
  readonly shares?: true;
}

/** The corpus goes first and alone: a known counterexample that comes back is the worst news. */
const tiers: readonly Tier[] = [
  { name: "corpus", group: 0, seconds: 30, shares: true },
  { name: "unit", group: 1, seconds: 10, shares: true },
  { name: "exhaustive", group: 1, seconds: 120, shares: true },
  { name: "property", group: 1, seconds: 240, shares: true },
  { name: "bugs", group: 1, seconds: 120, shares: true },
  { name: "golden", group: 1, seconds: 60, shares: true },
  { name: "cli", group: 1, seconds: 60 },
  { name: "house", group: 1, seconds: 30, shares: true },
];

export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    passWithNoTests: false,
    reporters: ["default", "json"],
    outputFile: { json: "reports/vitest.json" },
    projects: tiers.map((tier) => ({
      extends: true,
      test: {
        name: tier.name,
        include: [`test/${tier.name}/**/*.test.ts`],
        sequence: { groupOrder: tier.group },
        isolate: tier.shares !== true,
        testTimeout: tier.seconds * 1000,
        hookTimeout: tier.seconds * 1000,
      },
    })),
  },
});
