/** Results as one JSON document. */
import type { Kernel } from "./kernels.ts";
import { countsOf, familiesOf, type RowResult } from "./results.ts";
import type { Verdict } from "./run.ts";

const verdictAsJson = (verdict: Verdict) =>
  verdict.kind === "fail"
    ? { verdict: verdict.kind, difference: verdict.difference }
    : "why" in verdict
      ? { verdict: verdict.kind, why: verdict.why }
      : { verdict: verdict.kind };

/** What `--format json` prints; arrays in the order of the rows. */
export const resultsAsJson = (
  results: readonly RowResult[],
  kernels: readonly Kernel[],
  exitCode: number,
) => ({
  schema: "mte-oracle/scenarios/1",
  kernels,
  rows: results.map(({ id, family, file, line, verdict, why, byKernel }) => ({
    id,
    family,
    file,
    line,
    verdict,
    ...(why !== null && { why }),
    kernels: byKernel.map((each) => ({ kernel: each.kernel, ...verdictAsJson(each.verdict) })),
  })),
  families: familiesOf(results),
  counts: countsOf(results),
  exitCode,
});
