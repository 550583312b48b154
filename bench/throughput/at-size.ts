/** The manager at the size of a phone: how many operations a second, and how long one of them takes. */
import { Manager } from "../../impl/index.ts";
import type { Design } from "../../model/index.ts";
import { phoneScope } from "./scopes.ts";
import { quantile, type Spread, spreadOf } from "./statistics.ts";
import { type Counted, counted, type Size, Workload } from "./workload.ts";

export type Effort = {
  readonly seed: number;
  readonly rounds: number;
  readonly operationsOfRound: number;
  /** Before anything is measured. */
  readonly warmUp: number;
  /** Operations that are timed one by one. */
  readonly samples: number;
};

export type AtSize = {
  readonly bytesOfPage: { readonly metadata: number; readonly all: number };
  readonly perSecond: Spread;
  /** The same by the processor time that was got, on a machine shared with others. */
  readonly perProcessorSecond: Spread;
  readonly nanoseconds: { readonly median: number; readonly p99: number; readonly timer: number };
  /** How often each thing came about, in a hundred operations. */
  readonly shares: { readonly [name in Counted]?: number };
};

/** Made and brought into its steady state. */
export const steady = (
  design: Design,
  size: Size,
  { seed, warmUp }: Effort,
): { readonly manager: Manager; readonly work: Workload } => {
  const scope = phoneScope(design);
  const manager = new Manager(design, scope, { lists: true, poison: false });
  const work = new Workload(manager, scope, size, seed);
  work.begin();
  for (let operation = 0; operation < warmUp; operation++) work.next();
  return { manager, work };
};

const bytesOfPage = ({ state, kit }: Manager): AtSize["bytesOfPage"] => {
  const { all, arena, stash, slotTags } = state;
  const metadata = all.length - arena.length - stash.length - slotTags.length;
  return { metadata: metadata / kit.frames, all: all.length / kit.frames };
};

/** Each operation by itself, less what reading the clock takes; that is the median of reading it twice. */
const nanosecondsOf = (work: () => void, samples: number): AtSize["nanoseconds"] => {
  const empty = new Float64Array(samples);
  const times = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    empty[sample] = performance.now() - start;
  }
  for (let sample = 0; sample < samples; sample++) {
    const start = performance.now();
    work();
    times[sample] = performance.now() - start;
  }
  const timer = quantile([...empty], 0.5);
  const less = (share: number): number => 1e6 * (quantile([...times], share) - timer);
  return { median: less(0.5), p99: less(0.99), timer: 1e6 * timer };
};

export const measured = (design: Design, size: Size, effort: Effort): AtSize => {
  const { rounds, operationsOfRound, samples } = effort;
  const { manager, work } = steady(design, size, effort);
  const perSecond: number[] = [];
  const perProcessorSecond: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    const start = performance.now();
    for (let operation = 0; operation < operationsOfRound; operation++) work.next();
    perSecond.push((1000 * operationsOfRound) / (performance.now() - start));
    const { user, system } = process.cpuUsage(before);
    perProcessorSecond.push((1e6 * operationsOfRound) / (user + system));
  }
  const nanoseconds = nanosecondsOf(() => work.next(), samples);
  const operations = work.countOf("operations");
  const share = (name: Counted): number => (100 * work.countOf(name)) / operations;
  return {
    bytesOfPage: bytesOfPage(manager),
    perSecond: spreadOf(perSecond),
    perProcessorSecond: spreadOf(perProcessorSecond),
    nanoseconds,
    shares: Object.fromEntries(counted.map((name) => [name, share(name)])),
  };
};
