/** Tag storage of the posted series: block arithmetic, and the references that a block holds. */
import { count } from "../values.ts";
import { step } from "./step.ts";

export const storageSteps = [
  step("tsBlockPages", { pageSize: count, blockSize: count }),
  step("tsStoragePages", { memBytes: count, pageSize: count }),
  step("tsBlockSizeForInterleave", { contiguousData: count, storageSpan: count }),
  step("tsProbe", {
    tagPages: count,
    pageSize: count,
    blockSize: count.optional(),
    memPages: count.optional(),
  }),
  step("tsRegion", {
    memPfn: count,
    memPages: count,
    tagPfn: count,
    tagPages: count,
    blockPages: count,
  }),
  step("tsFindBlock", { pfn: count }),
  step("tsNumBlocks", { order: count, blockPages: count }),
  step("tsReserve", { pfn: count, order: count }),
  step("tsFree", { pfn: count, order: count }),
  step("tsBlock", { block: count }),
] as const;
