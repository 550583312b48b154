/** How often the collector runs while something works; whether it is seen at all is tried first. */
import { constants, PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";

/** Entries come to an observer only when the program waits. */
const settleMilliseconds = 100;

export type Collections = {
  /** Of the young generation: what allocating leads to. */
  readonly scavenges: number;
  readonly others: number;
};

const isScavenge = (entry: object): boolean => {
  const detail: unknown = "detail" in entry ? entry.detail : null;
  if (typeof detail !== "object" || detail === null || !("kind" in detail)) return false;
  return detail.kind === constants.NODE_PERFORMANCE_GC_MINOR;
};

export const collectionsOf = async (work: () => void): Promise<Collections> => {
  let scavenges = 0;
  let others = 0;
  let counting = false;
  const observer = new PerformanceObserver((list) => {
    if (!counting) return;
    for (const entry of list.getEntries())
      if (isScavenge(entry)) scavenges++;
      else others++;
  });
  observer.observe({ entryTypes: ["gc"] });
  await sleep(settleMilliseconds);
  counting = true;
  work();
  await sleep(settleMilliseconds);
  observer.disconnect();
  return { scavenges, others };
};

let kept: unknown = null;

/** Leaves so much behind that a collector that is watched must be seen. */
export const litter = (): void => {
  for (let piece = 0; piece < 2_000_000; piece++)
    kept = { piece, before: piece & 1 ? null : [kept] };
  kept = null;
};
