/** The thread that runs batches for `soak.ts`. */
import { type BatchOrder, type BatchResult, runBatch } from "./batch.ts";

export default function work(order: BatchOrder): BatchResult {
  return runBatch(order);
}
