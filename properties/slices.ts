/**
 * Slices: what is explored of each design. The whole of a design is too large to exhaust, so each
 * slice takes one theme, with the actors that make its problem real, and keeps every parameter
 * small. The geometry comes from the machine description, shrunk with its structure kept.
 */
import {
  type ActorSpec,
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

const nothingElse: Omit<Scope, "geometry" | "actors"> = {
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

/** The slices of one design on one machine. `folioOrder` is 1 where the design caches folios. */
export const slicesOf = (machine: Machine, folioOrder: 0 | 1): readonly Slice[] => {
  const shape = (blocks: number, pagesPerStoragePage: number): Geometry =>
    shrink(machine, { blocks, pagesPerStoragePage, granulesPerPage: 1 });
  const slice = (
    name: string,
    sentence: string,
    geometry: Geometry,
    actors: readonly ActorSpec[],
    more: Partial<Scope> = {},
  ): Slice => ({ name, sentence, scope: { ...nothingElse, geometry, actors, ...more } });
  const pagesPerFile = folioOrder + 1;
  return [
    slice(
      "tags",
      "a process and an interrupt allocate, tag, read and free; a second thread enables tags",
      shape(1, 3),
      [
        task("task", 0, 0, ...useTags, "allocate-untagged", "enable-tags"),
        interrupt(...useTags),
        task("thread", 1, 0, "enable-tags"),
      ],
    ),
    slice(
      "bytes",
      "two processes write and read bytes and tags of their own pages",
      shape(2, 2),
      [
        task("task", 0, 0, ...useTags, "allocate-untagged", "write-bytes", "read-bytes"),
        task("other", 1, 1, "allocate-tagged", "allocate-untagged", "free", "enable-tags"),
      ],
      { byteValues: 2 },
    ),
    slice(
      "copy",
      "pages are copied on write and migrated while a second thread enables tags",
      shape(1, 3),
      [
        task("task", 0, 0, "allocate-tagged", "free", "write-tag", "read-tag", "copy"),
        task("thread", 1, 0, "enable-tags", "allocate-untagged"),
        { ...kernelThread("compaction", "migrate"), cpu: 2 },
      ],
    ),
    slice(
      "swap",
      "a process uses tagged pages that reclaim swaps out; saving tags may fail",
      shape(1, 3),
      [
        task("task", 0, 0, ...useTags, "swap-in-fault", "swap-in-untagged", "share-slot"),
        kernelThread("kswapd", "swap-out"),
      ],
      { slots: 2, mayFail: true },
    ),
    slice(
      "swapoff",
      "swapped pages come back by swapoff and for shared memory; slots are freed unread",
      shape(1, 2),
      [
        task("task", 0, 0, ...useTags, "free-slot", "swap-in-shmem"),
        kernelThread("swapoff", "swap-out", "swap-in-swapoff"),
      ],
      { slots: 2 },
    ),
    slice(
      "cache",
      "files are read, written and evicted while an interrupt and a process claim tag storage",
      shape(folioOrder + 1, 1),
      [
        task("reader", 0, 0, "read-file", "write-file", "write-back"),
        interrupt("allocate-tagged", "free"),
        kernelThread("kswapd", "evict", "allocate-tagged", "free", "drop"),
      ],
      { files: 1, pagesPerFile, folioOrder, byteValues: 2 },
    ),
    slice(
      "files",
      "files change beneath the page cache, lose their identity and get it back",
      shape(folioOrder + 1, 1),
      [
        task("user", 0, 0, "read-file", "write-file", "write-back", "truncate", "direct-write"),
        kernelThread("kernel", "evict", "unlink", "create", "unmount", "mount"),
        interrupt("allocate-tagged", "free"),
      ],
      { files: 1, pagesPerFile, folioOrder, byteValues: 2, getForm: "keeping", mayFail: true },
    ),
    slice(
      "lines",
      "dirty cache lines are written back at any moment",
      shape(folioOrder + 1, 1),
      [
        task("task", 0, 0, ...useTags, "allocate-untagged"),
        kernelThread("kswapd", "read-file", "evict"),
      ],
      { files: 1, pagesPerFile, folioOrder, dirtyLines: true },
    ),
    slice(
      "pins",
      "a process that needs tags beside one that pins a page for as long as it likes",
      shape(1, 3),
      [
        task("victim", 0, 0, ...useTags, "enable-tags", "allocate-untagged"),
        task("adversary", 1, 1, "allocate-untagged", "free"),
      ],
      { pins: 1 },
    ),
    slice(
      "reuse",
      "what memory can be used for at all: some of it is CMA memory beside the tag storage",
      shape(folioOrder + 1, 2),
      [
        task("task", 0, 0, ...useTags, "allocate-untagged"),
        kernelThread("kswapd", "read-file", "evict"),
      ],
      { otherCmaPages: 1, files: 1, pagesPerFile, folioOrder },
    ),
  ];
};
