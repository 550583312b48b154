/**
 * Slices: what is explored of each design. The whole of a design is too large to exhaust, so each
 * slice takes one theme, with the actors that make its problem real, and keeps every parameter
 * small. The geometry comes from the machine description, shrunk with its structure kept.
 */
import {
  type ActorSpec,
  type Design,
  type Geometry,
  type Machine,
  type Offer,
  type Scope,
  shrink,
} from "../model/index.ts";

export type Slice = {
  readonly name: string;
  readonly sentence: string;
  readonly scope: Scope;
  /** Nobody begins to take a page while so many are taken; left out: all there are. */
  readonly mostHeld?: number;
};

const task = (name: string, cpu: number, owner: number, ...may: readonly Offer[]): ActorSpec => ({
  name,
  kind: "task",
  cpu,
  owner,
  everyones: false,
  may,
});

/** A hard interrupt on CPU 0 that uses kernel memory. */
const interrupt = (...may: readonly Offer[]): ActorSpec => ({
  name: "interrupt",
  kind: "interrupt",
  cpu: 0,
  owner: 2,
  everyones: false,
  may,
});

/** Reclaim and compaction on CPU 1: any page of anybody. */
const kernelThread = (name: string, ...may: readonly Offer[]): ActorSpec => ({
  ...task(name, 1, 3, ...may),
  everyones: true,
});

/** Of everything but memory and actors as little as there can be; two tag values. */
export const nothingElse: Omit<Scope, "geometry" | "actors"> = {
  otherCmaPages: 0,
  tagValues: 2,
  byteValues: 1,
  slots: 0,
  files: 0,
  pagesPerFile: 0,
  getForm: "consuming",
  folioOrder: 0,
  pins: 0,
  dirtyLines: false,
  mayFail: false,
};

const useTags: readonly Offer[] = ["allocate-tagged", "free", "write-tag", "read-tag"];

/**
 * The slices of one design on one machine. A design that caches folios gets them (of two pages), and
 * room for one; one that puts data into tag storage has those places beside its pages, and gets
 * fewer pages, so that the scopes of all designs are about as large. What a design changes in its
 * scopes, and which slices it leaves out, it says itself.
 */
export const slicesOf = (machine: Machine, design: Design): readonly Slice[] => {
  const { folioOrder, dataInStorage } = design;
  /** Pages for each storage page. */
  const many = dataInStorage ? 2 : 3;
  /** `pages`: data pages of a block, as near as blocks of b storage pages come to it. */
  const shape = (blocks: number, pages: number): Geometry =>
    shrink(machine, {
      blocks,
      pagesPerStoragePage: Math.max(1, Math.floor(pages / machine.geometry.blockPages)),
      granulesPerPage: 1,
    });
  const slice = (
    name: string,
    sentence: string,
    geometry: Geometry,
    actors: readonly ActorSpec[],
    more: Partial<Scope> = {},
  ): Slice => ({ name, sentence, scope: { ...nothingElse, geometry, actors, ...more } });
  /** Folios double what the file side can do; the tag side does less beside them. */
  const folios = folioOrder > 0;
  const writers: readonly Offer[] = folios ? ["direct-write"] : ["write-file", "write-back"];
  const otherClaims: readonly Offer[] = folios ? [] : ["drop", "allocate-tagged", "free"];
  const tagUses: readonly Offer[] = folios
    ? ["read-tag"]
    : ["write-tag", "read-tag", "allocate-untagged"];
  const victimUses: readonly Offer[] = dataInStorage ? [] : ["write-tag", "allocate-untagged"];
  /** Where claims are short, enabling tags beside all this would make the scope too large. */
  const claims = design.claiming.size > 0;
  const shortClaims = claims && !dataInStorage;
  const enabling: readonly Offer[] = shortClaims ? [] : ["enable-tags"];
  const beneathCache: readonly Offer[] = folios ? [] : ["truncate", "direct-write"];
  const files = { files: 1, pagesPerFile: folioOrder + 1, folioOrder } as const;
  const untaggedUses: readonly Offer[] = ["allocate-untagged", "free", "write-bytes", "read-bytes"];
  const reuses: readonly Offer[] = folios ? ["allocate-tagged", "free"] : useTags;
  const slices = [
    slice("tags", "a process and an interrupt allocate, tag, read and free", shape(1, many), [
      task("task", 0, 0, ...useTags, "allocate-untagged", "enable-tags"),
      interrupt(...useTags),
    ]),
    slice(
      "bytes",
      "two processes write bytes and tags into pages that lie near each other",
      shape(1, many),
      [
        task("task", 0, 0, "allocate-untagged", "free", "write-bytes", "read-bytes", ...enabling),
        task("other", 1, 1, "allocate-tagged", "free", "write-tag"),
      ],
      { byteValues: 2 },
    ),
    slice(
      "threads",
      "two processes that share pages give them tags while an interrupt allocates",
      shape(1, many - 1),
      [
        task("task", 0, 0, "allocate-untagged", "free", "enable-tags"),
        { ...task("sharer", 1, 1, "enable-tags", "write-tag"), everyones: true },
        interrupt("allocate-tagged", "free"),
      ],
    ),
    slice("moves", "pages are copied on write and moved by compaction", shape(1, many), [
      task("task", 0, 0, ...useTags, "copy", ...enabling),
      kernelThread("compaction", "migrate"),
    ]),
    slice(
      "fork",
      "tagged pages are copied while another's data fills the tag storage",
      shape(2, 1),
      [
        task("task", 0, 0, "allocate-tagged", "free", "copy", "enable-tags"),
        task("other", 1, 1, "allocate-untagged"),
      ],
      { tagValues: 1 },
    ),
    slice(
      "swap",
      "a process uses tagged pages that reclaim swaps out; saving tags may fail",
      shape(1, 2),
      [
        task("task", 0, 0, ...useTags, "swap-in-fault", "swap-in-untagged", "share-slot"),
        kernelThread("kswapd", "swap-out"),
      ],
      { slots: 2, mayFail: true },
    ),
    slice(
      "swapoff",
      "swapped pages come back by swapoff and for shared memory; slots are freed unread",
      shape(1, claims ? 2 : 3),
      [
        task("task", 0, 0, ...useTags, "free-slot", "swap-in-shmem"),
        kernelThread("swapoff", "swap-out", "swap-in-swapoff"),
      ],
      { slots: claims ? 2 : 1 },
    ),
    ...(design.marks.includes("pool-stores")
      ? [
          slice(
            "pool",
            "pages are swapped out and in while an interrupt claims; a write-back may fail",
            shape(1, 2),
            [
              task("user", 0, 0, ...untaggedUses, "swap-in-fault", "free-slot"),
              interrupt("allocate-tagged", "free"),
              kernelThread("kswapd", "swap-out", "allocate-tagged"),
            ],
            { slots: 1, byteValues: 2, mayFail: true },
          ),
        ]
      : []),
    slice(
      "cache",
      "files are read, changed and evicted while an interrupt and reclaim claim tag storage",
      shape(folioOrder + 1, 1),
      [
        task("reader", 0, 0, "read-file", ...writers),
        interrupt("allocate-tagged", "free"),
        kernelThread("kswapd", "evict", ...otherClaims),
      ],
      { files: 1, pagesPerFile: 2, folioOrder, byteValues: 2 },
    ),
    slice(
      "files",
      "files are written in every way, also beneath the page cache; a write-back may fail",
      shape(folioOrder + 1, 1),
      [
        task("user", 0, 0, "read-file", "write-file", ...beneathCache),
        kernelThread("kernel", "evict", "write-back"),
        ...(folios ? [] : [interrupt("allocate-tagged", "free")]),
      ],
      { ...files, byteValues: 2, getForm: "keeping", mayFail: true },
    ),
    slice(
      "identity",
      "a file is removed and its identity used again while an interrupt claims tag storage",
      shape(folioOrder + 1, 1),
      [
        task("user", 0, 0, "read-file", "unlink", "create", "truncate"),
        interrupt("allocate-tagged", "free"),
        kernelThread("kernel", "evict", "drop", "unmount", "mount"),
      ],
      { files: 1, pagesPerFile: 2, folioOrder },
    ),
    slice(
      "lines",
      "dirty cache lines are written back at any moment",
      shape(folioOrder + 1, 2 - folioOrder),
      [
        task("task", 0, 0, "allocate-tagged", "free", ...tagUses),
        kernelThread("kswapd", "read-file", "evict"),
      ],
      { ...files, dirtyLines: true },
    ),
    ...[0, 1].map((pins) =>
      slice(
        pins === 0 ? "unpinned" : "pins",
        `a process that needs tags beside one that can hold ${pins} of its pages pinned`,
        shape(1, many),
        [
          task("victim", 0, 0, "allocate-tagged", "free", "enable-tags", ...victimUses),
          task("adversary", 1, 1, "allocate-untagged"),
        ],
        { pins, tagValues: 3 },
      ),
    ),
    slice(
      "reuse",
      "what memory can be used for at all: some of it is CMA memory beside the tag storage",
      shape(folioOrder + 1, folios ? 1 : claims ? 3 : 4),
      [
        task("task", 0, 0, ...reuses, "allocate-untagged"),
        kernelThread("kswapd", "read-file", "evict"),
      ],
      { ...files, otherCmaPages: 1 },
    ),
  ];
  if (design.hostMemory === "resized")
    slices.push(
      ...[0, 1].map((pins) =>
        slice(
          pins === 0 ? "resize" : "resize-pinned",
          `the host resizes its region while ${pins} page of a process can be held pinned`,
          shape(2, 1),
          [
            task("reader", 0, 0, "read-file"),
            task("adversary", 1, 1, "allocate-untagged"),
            kernelThread("kswapd", "evict"),
            { ...kernelThread("worker", "background"), cpu: 2 },
          ],
          { ...files, pins, tagValues: 1 },
        ),
      ),
    );
  return slices.flatMap((each) => {
    const scope = design.scopeFor ? design.scopeFor(each.name, each.scope) : each.scope;
    return scope ? [{ ...each, scope }] : [];
  });
};
