/** Memory that a host gives and takes: what is not there is left alone, and what is asked for comes. */
import {
  at,
  isPlugged,
  type Label,
  labels,
  loadData,
  type Machinery,
  pluggedSize,
  requestedSizeOf,
  type World,
} from "../../model/index.ts";
import { type Row, stateRow } from "../row.ts";

const notResized = ({ design }: Machinery): string | null =>
  design.hostMemory === "resized" ? null : "no host resizes its memory";

/** Where an actor is about to load from the page that it has in hand, or to store into it. */
const atThePage: ReadonlySet<Label> = new Set<Label>([
  "get-copy-first",
  "get-copy-second",
  "put-copy",
  "move-storage",
]);

const isReached = ({ design: { dataInStorage } }: Machinery, world: World): boolean =>
  pluggedSize(world) === requestedSizeOf(world) ||
  /** Nobody can move anything to where there is no room. */
  (dataInStorage && world.frames.every(({ use }) => use !== "free"));

export const hostSafetyRows: readonly Row[] = [
  stateRow(
    {
      id: "nothing-unplugged-is-touched",
      sentence: "Nothing lies in an unplugged block of the host's region, and nobody is at it.",
      source: "virtio specification, memory device; LKML 2024-02-20 (virtio-tmem)",
      assumptions: ["A33"],
      appliesNot: notResized,
    },
    ({ site }, world) => {
      const gone = (storage: number): boolean =>
        !isPlugged(world, at(site.blockOfStorage, storage));
      const full = world.storage.findIndex(({ use }, storage) => use !== "free" && gone(storage));
      if (full >= 0) return `storage page ${full} is ${world.storage[full]?.use}, and unplugged`;
      const toucher = world.actors.findIndex(
        ({ operation, label, storage }) =>
          operation > 0 && storage >= 0 && atThePage.has(at(labels, label)) && gone(storage),
      );
      if (toucher < 0) return null;
      const { storage } = at(world.actors, toucher);
      return `actor ${toucher} is at storage page ${storage}, which is unplugged`;
    },
    ({ site }, world) => site.storageOfBlock.some((_, block) => !isPlugged(world, block)),
  ),
];

export const hostCacheRows: readonly Row[] = [
  {
    ...stateRow(
      {
        id: "what-the-host-took-is-missed",
        sentence: "Whoever reads a copy whose bytes the host has taken finds that out.",
        source: "LKML 2024-02-20: a host that discards at any time; guest page hinting (s390)",
        assumptions: ["A5", "A33"],
        appliesNot: ({ design }) =>
          design.hostMemory === "discarded" ? null : "no host discards its memory",
      },
      ({ design, site, judge }, world) => {
        const { files } = judge.memory(world.truth);
        for (const [storage, { use, key }] of world.storage.entries()) {
          if (use !== "cached" || design.findsOut?.(world, storage)) continue;
          const { pagesPerFile } = site.scope;
          const page = files[Math.floor(key / pagesPerFile)]?.pages[key % pagesPerFile];
          if (page?.cached.kind === "holds" && page.cached.bytes !== loadData(world, site, storage))
            return `storage page ${storage} lost its bytes, and nothing tells the next reader`;
        }
        return null;
      },
      ({ design }, world) =>
        world.storage.some(
          ({ use }, storage) => use === "cached" && design.findsOut?.(world, storage),
        ),
    ),
    theme: "cache",
  },
];

export const hostServiceRows: readonly Row[] = [
  {
    id: "the-requested-size-is-reached",
    theme: "service",
    kind: "leadsTo",
    sentence:
      "Once the host stops changing its mind its region gets the size it asked for, whoever pins.",
    source: "LKML 2024-02-20: memory that can be reclaimed easily and reliably on demand",
    assumptions: ["A10", "A11", "A33"],
    slices: ["resize", "resize-pinned"],
    appliesNot: notResized,
    build: (machinery) => [
      {
        kind: "leadsTo",
        id: "the-requested-size-is-reached",
        from: (world) => !isReached(machinery, world),
        to: (world) => isReached(machinery, world),
      },
    ],
  },
];
