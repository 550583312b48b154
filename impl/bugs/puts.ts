/** Puts: what becomes of the older copy, of the place that is taken, and of a put that fails. */
import { storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Parts } from "../manager.ts";
import type { Registers } from "../registers.ts";
import type { PackedAction } from "../script.ts";
import { CopyStore } from "../scripts/cleancache.ts";
import { afterwards, type Bug, patches, replacing } from "./bug.ts";

const both = ["cleancache-page", "cleancache-folio"];
const page = ["cleancache-page"];
const folio = ["cleancache-folio"];

/** Another's copy that lies where a put of one page goes: its key, or -1. */
const victimOf = ({ kit, units }: Parts, actor: Registers, place: number): number => {
  const { use, key } = kit.state.storage;
  const taken = place >= 0 && units.cleanLength(actor) === 1;
  if (!taken || byte(use, place) !== storageUse.cached) return -1;
  return word(key, place) === actor.key ? -1 : word(key, place);
};

const startFilling = ({ kit }: Parts, actor: Registers, place: number): number => {
  actor.storage = place;
  actor.target = -1;
  actor.count = 0;
  kit.useStorage(place, storageUse.filling);
  kit.state.storage.key[place] = actor.key;
  return to["put-copy"];
};

/** A put that finds room elsewhere leaves the older copy of its key for later. */
const besideTheOlder = (action: PackedAction, parts: Parts): PackedAction => ({
  ...action,
  do: (actor, choice) => {
    const { kit, units } = parts;
    const older = kit.copies.find(actor.key);
    const beside = older >= 0 && choice >= 0 && choice !== older && units.cleanLength(actor) === 1;
    return beside ? startFilling(parts, actor, choice) : action.do(actor, choice);
  },
});

export const putBugs: readonly Bug[] = [
  {
    id: "refused-put-keeps-the-older-copy",
    sentence: "A put that finds no room returns before it has deleted the older copy.",
    source: "cleancache 4, 5: fb993fa1a2f6, ca56489c2f1d, duplicate store failure",
    story: ["write-file", "write-back", "evict", "write-file", "write-back", "evict"],
    designs: both,
    patch: replacing(["evict"], "put-claim", (action) => ({
      ...action,
      do: (actor, choice) => (choice === -1 ? to["put-dropped"] : action.do(actor, choice)),
    })),
  },
  {
    id: "duplicate-put-is-refused-late",
    sentence: "A second copy is filled, cannot be inserted beside the first, and is given up.",
    source: "cleancache 16, 17: late refusal in tcache and zcache",
    story: ["write-file", "write-back", "evict", "write-file", "write-back", "evict"],
    designs: page,
    patch: patches(
      replacing(["evict"], "put-claim", besideTheOlder),
      replacing(["evict"], "put-publish", (action, { kit, units }) => ({
        ...action,
        do: (actor, choice) => {
          if (kit.copies.find(actor.key) < 0) return action.do(actor, choice);
          new CopyStore(kit, units).forget(actor.storage);
          units.reportDroppedPut(actor);
          return to["remove-page"];
        },
      })),
    ),
  },
  {
    id: "put-leaves-the-older-copy-beside-the-new",
    sentence: "A put inserts its copy and leaves the older one of the same key in the index.",
    source: "I13 of cleancache's: each copy is under exactly one key",
    story: ["write-file", "write-back", "evict", "write-file", "write-back", "evict"],
    designs: page,
    patch: replacing(["evict"], "put-claim", besideTheOlder),
  },
  {
    id: "put-takes-storage-of-tags",
    sentence: "A put that finds no free storage page takes one that holds tags.",
    source: "I16 of cleancache's: each storage page has one owner",
    story: ["allocate", "write-file", "write-back", "evict"],
    designs: page,
    patch: afterwards(["evict"], "put-claim", (actor, next, parts) => {
      const place = parts.kit.state.storage.use.indexOf(storageUse.tags);
      const takes = next === to["put-dropped"] && place >= 0;
      return takes ? startFilling(parts, actor, place) : next;
    }),
  },
  {
    id: "put-keeps-the-key-of-its-victim",
    sentence: "A put takes the place of another copy, which stays in the index under its own key.",
    source: "the design: a put drops the copy whose place it takes (T4, T12)",
    story: ["read-file", "evict", "read-file of another page", "evict", "read-file"],
    designs: page,
    patch: patches(
      replacing(["evict"], "put-claim", (action, parts) => ({
        ...action,
        do: (actor, choice) => {
          /** An eviction has no use for the register of swap slots. */
          actor.slot = victimOf(parts, actor, choice);
          return action.do(actor, choice);
        },
      })),
      replacing(["evict"], "put-publish", (action, { kit }) => ({
        ...action,
        do: (actor, choice) => {
          const { slot: victim, storage: place } = actor;
          const next = action.do(actor, choice);
          if (victim < 0) return next;
          kit.copies.remove(place);
          kit.state.storage.key[place] = victim;
          kit.copies.insert(place);
          return next;
        },
      })),
    ),
  },
  {
    id: "put-gives-up-and-leaves-its-page",
    sentence: "A put that had to drop another copy gives up, and leaves its page half filled.",
    source: "cleancache 8: e3b63e966cac, the early exit strands a folio",
    story: ["read-file", "evict", "read-file of another page", "evict"],
    designs: page,
    patch: replacing(["evict"], "put-claim", (action, parts) => ({
      ...action,
      do: (actor, choice) => {
        const victim = victimOf(parts, actor, choice);
        const next = action.do(actor, choice);
        return victim < 0 ? next : to["put-dropped"];
      },
    })),
  },
  {
    id: "put-publishes-before-it-fills",
    sentence: "The key is in the index before the bytes are in the storage page.",
    source: "the design: publish only after the bytes are complete (T2)",
    story: ["write-file", "write-back", "evict"],
    designs: both,
    patch: patches(
      afterwards(["evict"], "put-claim", (_actor, next) =>
        next === to["put-copy"] ? to["put-publish"] : next,
      ),
      replacing(["evict"], "put-publish", (action) => ({
        ...action,
        do: (actor, choice) => {
          const { storage, target } = actor;
          action.do(actor, choice);
          actor.storage = storage;
          actor.target = target;
          return to["put-copy"];
        },
      })),
      afterwards(["evict"], "put-copy", (_actor, next) =>
        next === to["put-publish"] ? to["remove-page"] : next,
      ),
    ),
  },
  {
    id: "put-fills-with-the-index-open",
    sentence: "A put lets the index go while it copies, and publishes whatever came between.",
    source: "G1: the page in flight looks free to a claim, cleancache of 2025",
    story: ["read-file", "evict", "allocate"],
    designs: both,
    patch: patches(
      replacing(["evict"], "put-claim", (action) => ({ ...action, drops: "index" })),
      replacing(["evict"], "put-publish", (action) => ({ ...action, takes: "index" })),
      replacing(["evict"], "put-dropped", (action) => ({ ...action, drops: null })),
    ),
  },
  {
    id: "put-sleeps-under-the-index-lock",
    sentence: "The node of the index is allocated under the lock, by an allocation that may sleep.",
    source: "I21 of cleancache's; metadata allocated inside the pool lock, cleancache of 2025",
    story: ["write-file", "write-back", "evict"],
    designs: both,
    patch: replacing(["evict"], "put-publish", (action) => ({ ...action, sleeps: true })),
  },
  {
    id: "put-claims-under-the-index-lock",
    sentence: "The node of the index is tagged memory, whose claim takes the same lock again.",
    source: "cleancache 4.6: an allocation that recalls on the path of a recall",
    story: ["write-file", "write-back", "evict"],
    designs: both,
    patch: replacing(["evict"], "put-publish", (action) => ({ ...action, takes: "index" })),
  },
  {
    id: "refused-folio-put-undoes-too-much",
    sentence: "A folio put that gets one page of two gives back both, with the one it never had.",
    source: "cleancache 15: 63895d20d63b, a partial store undone wrongly",
    story: ["allocate", "read-file", "evict"],
    designs: folio,
    patch: afterwards(["evict"], "put-claim", (actor, next, { kit, units }) => {
      if (next !== to["put-dropped"] || units.cleanLength(actor) === 1) return next;
      const store = new CopyStore(kit, units);
      for (let place = 0; place < 2; place++)
        if (byte(kit.state.storage.use, place) !== storageUse.free) store.forget(place);
      return next;
    }),
  },
  {
    id: "folio-put-copies-its-first-page-twice",
    sentence: "Both storage pages of a folio get the bytes of its first page.",
    source: "I1 of cleancache's, at the second index of a large folio",
    story: ["read-file", "direct-write", "read-file", "evict"],
    designs: folio,
    patch: afterwards(["evict"], "put-copy", (actor, next, { kit }) => {
      const { cached, storage } = kit.state;
      const first = word(cached.bytes, word(storage.key, actor.storage));
      if (actor.count === 2) kit.arena.storeData(actor.target, first);
      return next;
    }),
  },
];
