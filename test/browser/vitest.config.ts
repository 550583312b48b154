import { defineConfig } from "vitest/config";

/** A tier of its own, `npm run test:browser`: it needs a Chromium, and fails where there is none. */
export default defineConfig({
  test: {
    name: "browser",
    include: ["test/browser/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
