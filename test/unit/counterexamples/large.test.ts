/** A run as large as a file may hold keeps nobody waiting: read, replayed and explained in seconds. */
import { expect, test } from "vitest";
import { Random } from "../../../bench/throughput/random.ts";
import { largest } from "../../../counterexamples/format.ts";
import {
  type Counterexample,
  type CounterexampleStep,
  explain,
  parseCounterexample,
  writeCounterexample,
} from "../../../counterexamples/index.ts";
import { stepOf } from "../../../counterexamples/run.ts";
import { at, designNamed, Machinery, makeGeometry, type Scope } from "../../../model/index.ts";
import { saved } from "./saved.ts";

const offers = [
  "allocate-tagged",
  "allocate-untagged",
  "free",
  "enable-tags",
  "write-tag",
  "copy",
  "migrate",
  "swap-out",
  "swap-in-fault",
  "read-file",
  "write-file",
  "evict",
  "write-back",
] as const;

const scope: Scope = {
  geometry: makeGeometry(
    { granulesPerPage: largest.granulesPerPage, pagesPerStoragePage: 2, blockPages: 1 },
    [largest.storagePages],
  ),
  otherCmaPages: 0,
  tagValues: largest.tagValues,
  byteValues: largest.byteValues,
  slots: largest.slots,
  files: largest.files,
  pagesPerFile: largest.pagesPerFile,
  getForm: "keeping",
  folioOrder: 0,
  pins: 0,
  dirtyLines: false,
  mayFail: true,
  actors: Array.from({ length: largest.actors }, (_, number) => ({
    name: `actor-${number}`,
    kind: "task",
    cpu: number,
    owner: number,
    everyones: true,
    may: offers,
  })),
};

/** A walk of a fifth as many steps as a file may have. */
function longRun(): Counterexample {
  const design = designNamed("cleancache-page");
  if (!design) throw new Error("there is no such design");
  const machinery = new Machinery(design, scope);
  const random = new Random(3);
  const steps: CounterexampleStep[] = [];
  for (let world = machinery.initial; steps.length < largest.steps / 5; ) {
    const moves = machinery.moves(world);
    const move = at(moves, random.below(moves.length));
    steps.push(stepOf(machinery, world, move));
    world = machinery.step(world, move).next;
  }
  const { implementation: _, ...story } = saved("bugs/slot-given-twice");
  return { ...story, design: design.name, scope, steps };
}

test("400 steps of eight actors over 64 pages of 16 granules", () => {
  const text = writeCounterexample(longRun());
  const begun = process.cpuUsage();
  const parsed = parseCounterexample(text, "large.json");
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { steps, verdict } = explain(parsed.value);
  expect(verdict.kind).toBe("not-reproduced");
  expect(steps).toHaveLength(largest.steps / 5);
  /** Of the processor, for others may be using it too. */
  const { user } = process.cpuUsage(begun);
  expect(user / 1e6).toBeLessThan(20);
}, 120_000);
