/** The thread that explores one design in one slice for `run.ts`. */
import type { MessagePort } from "node:worker_threads";
import { designNamed } from "../model/index.ts";
import { exploreSlice, type SliceReport } from "./explore.ts";
import { machineryOf } from "./frugal.ts";
import type { WorkOrder } from "./run.ts";

export default function work({
  order,
  port,
}: {
  readonly order: WorkOrder;
  readonly port: MessagePort;
}): SliceReport {
  const { slice, bounds, strategy } = order;
  const design = designNamed(order.design);
  if (design === undefined) throw new Error(`there is no design ${order.design}`);
  return exploreSlice(design, slice.name, slice.scope, {
    bounds,
    strategy,
    machinery: machineryOf(design, slice),
    onProgress: (progress) => port.postMessage(progress),
  });
}
