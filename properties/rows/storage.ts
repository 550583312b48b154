/** Tag storage itself: who uses it, who is counted, what is cleaned, what is left behind. */
import {
  at,
  colouredPointer,
  dataLineIsDirty,
  loadBytes,
  loadTags,
  type Machinery,
  mappings,
  mistaggedLoad,
  tagLineIsDirty,
  touchedUnmapped,
  type World,
} from "../../model/index.ts";
import { type Row, stateRow } from "../row.ts";

const noTagStorage = ({ design }: Machinery): string | null =>
  design.hostMemory ? "its storage pages are memory of a host, which holds no tags" : null;

const noClaims = ({ design }: Machinery): string | null =>
  design.claiming.size === 0 ? "storage is never claimed: it is there for ever" : null;

/** Tagged pages that somebody has; one on its way back to the free list keeps its flag to the end. */
const isTagged = (world: World, frame: number): boolean => {
  const { flagged, use } = at(world.frames, frame);
  return flagged && use === "held";
};

const taggedFrames = (world: World): readonly number[] =>
  world.frames.flatMap((_, frame) => (isTagged(world, frame) ? [frame] : []));

const isQuiet = (world: World): boolean => world.actors.every((actor) => actor.operation === 0);

const quietFault = (machinery: Machinery, world: World): string | null => {
  if (world.locks.some((holder) => holder !== 0)) return "a lock is held and nobody is at work";
  const busy = world.frames.findIndex((frame) => frame.use === "busy");
  if (busy >= 0) return `frame ${busy} is neither free nor anybody's`;
  const claimed = world.frames.findIndex((frame) => frame.claimed && frame.use === "free");
  if (claimed >= 0) return `free frame ${claimed} still claims tag storage`;
  const stuck = world.storage.findIndex(({ use }) =>
    ["filling", "to-tags", "isolated"].includes(use),
  );
  if (stuck >= 0) return `storage page ${stuck} is left ${world.storage[stuck]?.use}`;
  const lost = world.storage.findIndex(
    ({ use }, storage) =>
      use === "data" && !world.held.some((page) => page.at === machinery.site.frames + storage),
  );
  if (lost >= 0) return `storage page ${lost} holds data that is nobody's`;
  const kept = ({ uses, state }: World["held"][number]): boolean =>
    uses > 0 || state === "moving" || state === "read-only";
  if (world.held.some(kept)) return "a page is kept from moving and nobody is at work";
  return world.slots.some((slot) => slot.busy) ? "a slot is locked and nobody is at work" : null;
};

export const storageRows: readonly Row[] = [
  stateRow(
    {
      id: "a-tagged-page-has-its-storage",
      sentence: "A page is tagged only while its block is used for tags and counts it.",
      source: "I1 of the series' invariants, I25 of cleancache's",
      assumptions: ["A2"],
      appliesNot: noClaims,
    },
    ({ site }, world) => {
      for (const frame of taggedFrames(world)) {
        if (!at(world.frames, frame).claimed) return `frame ${frame} is tagged and claims nothing`;
        for (const storage of at(site.storageOfBlock, at(site.blockOf, frame)))
          if (at(world.storage, storage).use !== "tags")
            return `frame ${frame} is tagged and storage page ${storage} is not used for tags`;
      }
      return null;
    },
    (_machinery, world) => taggedFrames(world).length > 0,
  ),
  stateRow(
    {
      id: "tags-and-data-never-share-storage",
      sentence: "A storage page that holds data or a clean copy serves no tagged page.",
      source: "I3 of the series' invariants, I16 of cleancache's",
      assumptions: ["A2"],
      appliesNot: noTagStorage,
    },
    ({ site }, world) => {
      for (const [storage, { use }] of world.storage.entries()) {
        if (use !== "data" && use !== "cached" && use !== "filling") continue;
        const served = at(site.framesOf, storage).find((frame) => isTagged(world, frame));
        if (served !== undefined)
          return `storage page ${storage} is ${use}, frame ${served} tagged`;
      }
      const lost = world.held.find(
        ({ at: place }) =>
          place >= site.frames && world.storage[place - site.frames]?.use !== "data",
      );
      if (lost === undefined) return null;
      const storage = lost.at - site.frames;
      return `a page lies in storage page ${storage}, which is ${world.storage[storage]?.use}`;
    },
    (_machinery, world) => world.storage.some(({ use }) => use === "data" || use === "cached"),
  ),
  stateRow(
    {
      id: "the-count-equals-the-claims",
      sentence: "The users of a block are exactly the pages that claim it, those under way too.",
      source: "I2 of the series' invariants, I26 of cleancache's",
      assumptions: ["A2"],
      appliesNot: noClaims,
    },
    ({ site }, world) => {
      for (const [block, users] of world.users.entries()) {
        const claims = world.frames.filter(
          (frame, index) => frame.claimed && at(site.blockOf, index) === block,
        ).length;
        if (users !== claims)
          return `block ${block} counts ${users} users, ${claims} pages claim it`;
        const inTags = at(site.storageOfBlock, block).every(
          (storage) => at(world.storage, storage).use === "tags",
        );
        if (inTags !== users > 0) return `block ${block} has ${users} users`;
      }
      return null;
    },
    (_machinery, world) =>
      world.users.some((users) => users > 0) || world.storage.some(({ use }) => use === "tags"),
  ),
  stateRow(
    {
      id: "maintenance-before-use-changes",
      sentence: "No dirty data line lies over tags, no dirty tag line over data.",
      source: "RFC v3 24/35, dcache_inval_tags_poc(); I6 and I27",
      assumptions: ["A3", "A4"],
      slices: ["lines"],
      appliesNot: noTagStorage,
    },
    ({ site }, world) => {
      for (const [storage, { use }] of world.storage.entries()) {
        if (use === "tags" && dataLineIsDirty(world, storage))
          return `storage page ${storage} holds tags under a dirty data line`;
        if (use !== "data" && use !== "cached" && use !== "filling") continue;
        const dirty = at(site.framesOf, storage).find((each) => tagLineIsDirty(world, site, each));
        if (dirty !== undefined)
          return `storage page ${storage} is ${use} under a dirty tag line of frame ${dirty}`;
      }
      return null;
    },
    (_machinery, world) => world.storage.some(({ use }) => use !== "free"),
  ),
  stateRow(
    {
      id: "touched-only-while-mapped",
      sentence: "Tag storage is read, written and cleaned only while the kernel has it mapped.",
      source: "LKML 2024-02-20: maintenance needs a mapping, which may be made when it is needed",
      assumptions: [],
      appliesNot: ({ design }) =>
        design.extra?.includes(touchedUnmapped) ? null : "storage is mapped for ever, or never",
    },
    (_machinery, world) =>
      touchedUnmapped.of(world)[0] === 1 ? "storage was touched where it was not mapped" : null,
    (_machinery, world) =>
      touchedUnmapped.of(world)[0] === 1 || mappings.of(world).some((count) => count > 0),
  ),
  stateRow(
    {
      id: "a-page-tag-is-in-memory",
      sentence: "A pointer that is made with the tag in page->flags finds that tag in memory.",
      source: "Linux ed0a6d1d973e, 20794545c146, e74a68468062",
      assumptions: ["A1"],
      namesPlaces: true,
      appliesNot: ({ design }) =>
        design.extra?.includes(mistaggedLoad) ? null : "no tag is kept in page->flags",
    },
    (_machinery, world) => {
      const frame = at(mistaggedLoad.of(world), 0) - 1;
      return frame < 0 ? null : `a load through a pointer to frame ${frame} found another tag`;
    },
    (_machinery, world) =>
      at(colouredPointer.of(world), 0) > 0 || at(mistaggedLoad.of(world), 0) > 0,
  ),
  stateRow(
    {
      id: "published-only-when-initialised",
      sentence: "What a caller can reach is what the contract says: tags and bytes, at any moment.",
      source: "Linux e059853d14ca, 1d0cb4c8864a; I5 of the series' invariants",
      assumptions: ["A1"],
    },
    ({ site, judge }, world) => {
      const { pages } = judge.memory(world.truth);
      for (const [handle, held] of world.held.entries()) {
        const page = pages[handle];
        if (!held.tagged || held.state !== "mapped" || !page) continue;
        const tags = loadTags(world, site, held.at);
        if (page.tagged && tags.some((tag, granule) => tag !== page.tags[granule]))
          return `page ${handle} reads as tags ${tags.join(" ")}, not ${page.tags.join(" ")}`;
        if (loadBytes(world, held.at) !== page.bytes) return `page ${handle} shows other bytes`;
      }
      return null;
    },
    (_machinery, world) => world.held.some((page) => page.tagged),
  ),
  stateRow(
    {
      id: "nothing-is-left-behind",
      sentence: "When nobody is at work no page, lock, slot or block is left half way.",
      source: "I10 of the series' invariants: a failed reservation leaves no trace",
      assumptions: [],
    },
    quietFault,
    (_machinery, world) => isQuiet(world),
  ),
];
