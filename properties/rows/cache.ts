/** Clean copies: a hit is the newest bytes or a miss, and reads do not tell that there is a cache. */
import type { Machinery } from "../../model/index.ts";
import { entryOf, loadData } from "../../model/index.ts";
import { type Row, rulesRow, stateRow } from "../row.ts";

const noBackEnd = ({ design }: Machinery): string | null =>
  design.marks.includes("hit") ? null : "it has no cleancache back end";

export const cacheRows: readonly Row[] = [
  rulesRow(
    {
      id: "a-hit-is-the-newest-or-a-miss",
      theme: "cache",
      sentence: "A cache hit returns the newest bytes, whole; otherwise it is a miss.",
      source: "Documentation/vm/cleancache.rst (v5.10); I1-I4, I6-I8, I14 of cleancache's",
      assumptions: ["A5", "A8"],
      appliesNot: noBackEnd,
    },
    [
      "a-hit-returns-the-last-put",
      "a-hit-is-the-newest",
      "a-miss-leaves-the-page-alone",
      "no-hit-without-a-put",
      "no-hit-after-a-dropped-put",
      "a-miss-stays-a-miss",
      "a-consuming-get-empties-the-key",
      "no-hit-after-an-invalidate",
      "no-hit-after-a-direct-write",
      "no-hit-after-a-truncate",
      "no-hit-after-an-unlink",
      "no-hit-after-an-unmount",
    ],
    ({ kind }, outcome) => kind === "get" && outcome === "hit",
  ),
  {
    ...stateRow(
      {
        id: "nothing-older-than-the-last-put",
        sentence:
          "Each copy is under one key, and is the last put of it; a failed put leaves none.",
        source: "Linux fb993fa1a2f6, ca56489c2f1d; I3 and I13 of cleancache's",
        assumptions: ["A5"],
        appliesNot: noBackEnd,
      },
      ({ site, judge, design }, world) => {
        const { files } = judge.memory(world.truth);
        const seen = new Set<number>();
        for (const [storage, { use, key }] of world.storage.entries()) {
          if (use !== "cached") continue;
          if (seen.has(key)) return `two storage pages hold key ${key}`;
          seen.add(key);
          const { pagesPerFile } = site.scope;
          const page = files[Math.floor(key / pagesPerFile)]?.pages[key % pagesPerFile];
          if (page?.cached.kind !== "holds") return `key ${key} is empty, a copy of it is left`;
          if (design.findsOut?.(world, storage)) continue;
          if (page.cached.bytes !== loadData(world, site, storage))
            return `storage page ${storage} holds other bytes than the last put of key ${key}`;
        }
        return null;
      },
      (_machinery, world) => world.storage.some(({ use }) => use === "cached"),
    ),
    theme: "cache",
  },
  {
    ...stateRow(
      {
        id: "a-swapped-page-is-never-lost",
        sentence: "The newest bytes of each swapped page are in the pool, or on the device alone.",
        source: "Linux 25cd241408a2, 678e54d4bb9a, 04fc7816089c; I35 of cleancache's",
        assumptions: ["A7", "A34"],
        appliesNot: ({ design }) =>
          design.marks.includes("pool-stores") ? null : "it keeps no swapped pages in tag storage",
      },
      ({ site, judge }, world) => {
        const { slots } = judge.memory(world.truth);
        for (const [slot, swapped] of slots.entries()) {
          /** One that is on its way in may have left the pool already. */
          if (!swapped || world.slots[slot]?.busy) continue;
          const entry = entryOf(world, slot);
          const bytes = entry < 0 ? world.slots[slot]?.bytes : loadData(world, site, entry);
          const place = entry < 0 ? "the device" : `storage page ${entry}`;
          if (bytes !== swapped.bytes)
            return `${place} holds other bytes than went to slot ${slot}`;
        }
        return null;
      },
      ({ judge }, world) => judge.memory(world.truth).slots.some((slot) => slot !== null),
    ),
    theme: "cache",
  },
  rulesRow(
    {
      id: "reads-do-not-tell-the-cache",
      theme: "cache",
      sentence: "Every file read returns what it would return with the cache off.",
      source: "I5 of cleancache's invariants: for every interleaving with recalls and drops",
      assumptions: ["A5", "A8"],
    },
    ["reads-return-the-newest-bytes"],
    ({ kind }) => kind === "read-file",
  ),
  rulesRow(
    {
      id: "no-dirty-data-is-dropped",
      theme: "cache",
      sentence: "Only clean pages leave the page cache, and only their bytes are put.",
      source: "Linux __remove_mapping(); I9 of cleancache's",
      assumptions: ["A5"],
    },
    [
      "no-dirty-data-is-dropped",
      "only-clean-newest-bytes-are-put",
      "nothing-is-stored-without-a-pool",
    ],
    ({ kind }) => kind === "evict" || kind === "put",
  ),
];
