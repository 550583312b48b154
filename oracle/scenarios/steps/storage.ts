/** Tag storage of the posted series: block arithmetic, and the references that a block holds. */
import { count, frame } from "../values.ts";
import { step } from "./step.ts";

export const storageSteps = [
  step("tsBlockPages", { pageSize: frame, blockSize: frame }),
  step("tsStoragePages", { memBytes: frame, pageSize: frame }),
  step("tsBlockSizeForInterleave", { contiguousData: frame, storageSpan: frame }),
  step("tsProbe", {
    tagPages: frame,
    pageSize: frame,
    blockSize: frame.optional(),
    memPages: frame.optional(),
  }),
  step("tsRegion", {
    memPfn: frame,
    memPages: frame,
    tagPfn: frame,
    tagPages: frame,
    blockPages: frame,
  }),
  step("tsFindBlock", { pfn: frame }),
  step("tsNumBlocks", { order: count, blockPages: frame }),
  step("tsReserve", { pfn: frame, order: count }),
  step("tsFree", { pfn: frame, order: count }),
  step("tsBlock", { block: frame }),
] as const;
