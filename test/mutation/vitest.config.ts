/** What a mutant has to survive: the fast tests of what is mutated. */
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The slowest, and seldom the only ones that notice. */
const isSlow = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith("stories.test.ts");

/** By name: the order does not follow what the last run took, and `loads.test.ts` is not first. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted(
      (one, other) =>
        Number(isSlow(one)) - Number(isSlow(other)) || (one.moduleId < other.moduleId ? -1 : 1),
    );
  }
}

export default defineConfig({
  test: {
    // One worker for all files of a run, and a new one for each run: that is what makes it quick.
    isolate: false,
    sequence: { sequencer: ByName },
    // A machine that is busy kills no mutant.
    testTimeout: 60_000,
    setupFiles: ["test/mutation/setup.ts"],
    include: [
      "test/golden/rules.test.ts",
      "test/mutation/loads.test.ts",
      "test/unit/contract/**/*.test.ts",
      "test/unit/impl/**/*.test.ts",
    ],
    exclude: [
      "test/unit/contract/walks.test.ts",
      "test/unit/contract/cache-transparency.test.ts",
      "test/unit/impl/structures.test.ts",
      "test/unit/impl/real-size.test.ts",
    ],
  },
});
