/** Claims and the index: what a recall does to a copy, and which locks it meets on its way. */
import { storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import type { Registers } from "../registers.ts";
import { type Bug, before, patches, replacing, rewiring } from "./bug.ts";

const both = ["cleancache-page", "cleancache-folio"];

/** The storage pages of the block that a claim or a release is about. */
const blockOf = (kit: Kit, { frame }: Registers): readonly number[] => {
  const first = kit.firstStorageOf(kit.blockOf(frame));
  return Array.from({ length: kit.blockPages }, (_, page) => first + page);
};

const copiesIn = (kit: Kit, actor: Registers): readonly number[] =>
  blockOf(kit, actor).filter((place) => byte(kit.state.storage.use, place) === storageUse.cached);

export const recallBugs: readonly Bug[] = [
  {
    id: "claim-leaves-the-copy",
    sentence: "A claim counts its page and leaves the copy that lies in the block in the index.",
    source: "I22 of cleancache's: a recall unlinks before the storage is used for tags",
    story: ["write-file", "write-back", "evict", "allocate"],
    designs: both,
    patch: patches(
      replacing(null, "recall", (action, { kit }) => ({
        ...action,
        do: (actor, choice) =>
          copiesIn(kit, actor).length > 0 ? to["count-user"] : action.do(actor, choice),
      })),
      replacing(null, "count-user", (action, { kit }) => ({
        ...action,
        do: (actor, choice) => {
          const left = copiesIn(kit, actor);
          const next = action.do(actor, choice);
          for (const place of left) kit.useStorage(place, storageUse.cached);
          return next;
        },
      })),
    ),
  },
  {
    id: "claim-waits-for-a-reader",
    sentence: "A claim waits until nobody reads the copy, also in an interrupt of the reader.",
    source: "cleancache 4.2: a reader is revoked, or waited for; I20, I21",
    story: ["write-file", "write-back", "evict", "read-file", "allocate"],
    designs: both,
    patch: replacing(null, "recall", (action, { kit }) => ({
      ...action,
      when: (actor) => {
        const block = blockOf(kit, actor);
        return !kit.actors.some(({ me, storage }) => me !== actor.me && block.includes(storage));
      },
    })),
  },
  {
    id: "released-block-shows-the-old-copy",
    sentence: "A recalled copy is only hidden: when its block is released the key finds it again.",
    source: "I13, I22 of cleancache's: what a recall unlinks stays unlinked",
    story: ["write-file", "write-back", "evict", "allocate", "free", "read-file"],
    designs: both,
    patch: patches(
      replacing(null, "recall", (action, { kit }) => ({
        ...action,
        do: (actor, choice) => {
          const hidden = copiesIn(kit, actor);
          const keys = hidden.map((place) => word(kit.state.storage.key, place));
          const next = action.do(actor, choice);
          for (const [at, place] of hidden.entries()) kit.state.storage.key[place] = keys[at] ?? -1;
          return next;
        },
      })),
      replacing(null, "uncount", (action, { kit }) => ({
        ...action,
        do: (actor, choice) => {
          const { storage } = kit.state;
          const hidden = blockOf(kit, actor).filter((place) => word(storage.key, place) >= 0);
          const keys = hidden.map((place) => word(storage.key, place));
          const next = action.do(actor, choice);
          for (const [at, place] of hidden.entries()) {
            if (byte(storage.use, place) !== storageUse.free) continue;
            storage.key[place] = keys[at] ?? -1;
            kit.useStorage(place, storageUse.cached);
            kit.copies.insert(place);
          }
          return next;
        },
      })),
    ),
  },
  {
    id: "invalidate-forgets-what-it-found-before",
    sentence: "An invalidation lets the index go between finding a copy and forgetting it.",
    source: "cleancache 7: CVE-2023-53178, presence asked again and not identity",
    story: ["write-file", "write-back", "evict", "truncate", "allocate"],
    designs: both,
    patch: patches(
      replacing(null, "empty-keys", (action) => ({ ...action, takes: null, within: "index" })),
      replacing(null, "forget-keys", (action) => ({ ...action, drops: null, within: "index" })),
    ),
  },
  {
    id: "look-up-walks-all-storage",
    sentence: "The index is not asked: a look-up walks all storage pages until it finds the key.",
    source: "no bug: how a copy is found is nobody's business",
    story: [],
    designs: both,
    harmless: true,
    patch: rewiring(({ kit }) => {
      const { use, key } = kit.state.storage;
      kit.copies.find = (wanted) => {
        for (let place = 0; place < kit.storagePages; place++)
          if (byte(use, place) === storageUse.cached && word(key, place) === wanted) return place;
        return -1;
      };
    }),
  },
  {
    id: "joining-claim-cleans-the-block-again",
    sentence: "A claim of a block that holds tags already invalidates its data lines once more.",
    source: "no bug: no data line over tags is dirty",
    story: [],
    designs: both,
    harmless: true,
    patch: before(null, "count-user", (actor, { kit }) => {
      for (const place of blockOf(kit, actor)) kit.arena.invalidateDataLines(place);
    }),
  },
];
