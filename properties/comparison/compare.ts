/**
 * The designs in numbers: the same seeded workload on all of them in a small memory, by the model,
 * and on those with an implementation in memory laid out as on the phone.
 */
import { isPacked } from "../../impl/index.ts";
import {
  type ActorSpec,
  type Design,
  type Geometry,
  type Machine,
  makeGeometry,
  offers,
  type Scope,
  siteOf,
  withWorker,
} from "../../model/index.ts";
import type { Costs } from "./costs.ts";
import { Hooks } from "./hooks.ts";
import { InModel } from "./in-model.ts";
import { Packed } from "./packed.ts";
import { Phone } from "./phone.ts";
import { randomFrom } from "./random.ts";
import type { Subject } from "./subject.ts";

export type Compared = {
  readonly design: string;
  readonly title: string;
  readonly variantOf: string | null;
  /** Functions of the kernel in which the design has to be called. */
  readonly hooks: readonly string[];
  /** Of 1: how much of the data memory the design never tags. */
  readonly neverTaggable: number;
  /** In the small memory, by the model. */
  readonly small: Costs;
  /** In memory as the machine's, by the implementation; null: there is none, or nobody asked. */
  readonly real: Costs | null;
};

/** In the order of their numbers: `caller`, `reaper`; behind them there may be a worker. */
const actors: readonly ActorSpec[] = [
  {
    name: "caller",
    kind: "task",
    cpu: 0,
    owner: 0,
    everyones: true,
    may: offers.filter((offer) => offer !== "background"),
  },
  { name: "reaper", kind: "task", cpu: 1, owner: 1, everyones: true, may: ["free"] },
];

/** Of every 64 data pages, so many are CMA memory that has nothing to do with tags. */
const otherCmaIn64 = 4;
/** Four files: a fifth more than the page cache holds. */
const pagesPerFileIn64 = 6;

const pagesOf = ({ regions }: Geometry): number =>
  regions.reduce((sum, region) => sum + region.pages, 0);

/** A design may leave out what it cannot do, which is passed over; all else is the same for all. */
const scopeOf = (geometry: Geometry, { folioOrder, works, scopeFor }: Design): Scope => {
  const units = Math.floor(pagesOf(geometry) / 64);
  const scope: Scope = {
    geometry,
    otherCmaPages: otherCmaIn64 * units,
    tagValues: 2,
    byteValues: 1,
    slots: 8 * units,
    files: 4,
    pagesPerFile: pagesPerFileIn64 * units,
    getForm: "consuming",
    folioOrder,
    actors,
    pins: 0,
    dirtyLines: false,
    mayFail: false,
  };
  const offered = scopeFor?.("workload", scope)?.actors ?? actors;
  return works ? withWorker({ ...scope, actors: offered }) : { ...scope, actors: offered };
};

/** 64 data pages, eight blocks of one storage page that serves eight of them. */
const smallGeometry = (): Geometry =>
  makeGeometry({ granulesPerPage: 1, pagesPerStoragePage: 8, blockPages: 1 }, [8]);

/** 64 MiB of pages of 4 KiB. */
const mostPages = 16_384;

/** The pages and blocks of a machine, and no more pages than so many. */
const realGeometry = ({ geometry }: Pick<Machine, "geometry">, pages: number): Geometry => {
  const { blockPages, pagesPerStoragePage } = geometry;
  const blocks = Math.max(1, Math.floor(pages / (blockPages * pagesPerStoragePage)));
  return makeGeometry(geometry, [blocks]);
};

/** The two memories in words. */
export const comparedSizes = {
  small: "64 data pages, eight storage pages that serve eight of them each",
  real: "At most 16,384 data pages in the blocks of the machine",
} as const;

const costsOf = (subject: Subject, seed: number): Costs => {
  new Phone(subject, randomFrom(seed)).run();
  return subject.costs;
};

/** In memory laid out as a machine's; null: the design has no implementation. */
export const costsInReal = (
  design: Design,
  machine: Pick<Machine, "geometry">,
  seed: number,
  pages = mostPages,
): Costs | null =>
  isPacked(design)
    ? costsOf(new Packed(design, scopeOf(realGeometry(machine, pages), design)), seed)
    : null;

/**
 * One design; deterministic from the seed.
 *
 * @param machine whose blocks the larger memory has; null: nobody asks for that one
 * @param pages of the larger memory: fewer are for whoever is in a hurry
 */
export const compareOne = (
  design: Design,
  machine: Machine | null,
  seed: number,
  pages = mostPages,
): Compared => {
  const scope = scopeOf(smallGeometry(), design);
  const { taggableFrames, frames } = siteOf(scope, design.barsCma);
  const hooks = new Hooks(design);
  const small = costsOf(new InModel(design, scope, randomFrom(seed + 1), hooks.passing), seed);
  const real = machine ? costsInReal(design, machine, seed, pages) : null;
  return {
    design: design.name,
    title: design.title,
    variantOf: design.variantOf ?? null,
    hooks: hooks.all,
    neverTaggable: 1 - taggableFrames / frames,
    small,
    real,
  };
};
