/** Gets: what is looked up, copied with the lock open, asked again, and taken. */
import { junk } from "../../model/index.ts";
import { mark, storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Parts } from "../manager.ts";
import { kindOf } from "../operations.ts";
import type { Registers } from "../registers.ts";
import { outcomeOf } from "../report.ts";
import { CopyStore } from "../scripts/cleancache.ts";
import { afterwards, type Bug, instead, patches, replacing } from "./bug.ts";

const both = ["cleancache-page", "cleancache-folio"];
const page = ["cleancache-page"];
const folio = ["cleancache-folio"];

/** Tells the caller of a hit, and leaves the copies as they are. */
const hit = ({ kit, units }: Parts, actor: Registers): number => {
  const first = units.missingFirst(actor);
  for (let position = 0; position < units.missingLength(actor); position++) {
    const bytes = position === 0 ? actor.value : actor.secondValue;
    units.report(kindOf.get, first + position, outcomeOf.hit, bytes);
  }
  kit.report.mark(mark["hit"]);
  return to["fill-page"];
};

/** A copy of any page of the same file, or -1. */
const copyOfFile = ({ kit, units }: Parts, file: number): number => {
  const { use, key } = kit.state.storage;
  for (let place = 0; place < kit.storagePages; place++)
    if (byte(use, place) === storageUse.cached && units.fileOf(word(key, place)) === file)
      return place;
  return -1;
};

/** Of the two pages of a folio, which only together are a hit. */
const copiesOfFolio = ({ kit, units }: Parts, actor: Registers) => {
  const first = units.missingFirst(actor);
  return { one: kit.copies.find(first), other: kit.copies.find(first + 1) };
};

export const getBugs: readonly Bug[] = [
  {
    id: "get-without-a-second-look",
    sentence: "A get that has copied with the lock open does not ask whether the copy is there.",
    source: "I14 of cleancache's: a get that overlaps a recall misses, or returns all the bytes",
    story: ["write-file", "write-back", "evict", "read-file", "allocate"],
    designs: both,
    patch: instead(["read-file"], "get-recheck", () => to["get-take"]),
  },
  {
    id: "second-look-at-the-use-alone",
    sentence: "The second look asks whether a copy lies there, and not whose.",
    source: "I13 of cleancache's: after any lock drop index and storage page are compared again",
    story: ["read-file", "evict", "read-file of another page", "read-file", "evict"],
    designs: page,
    patch: instead(["read-file"], "get-recheck", ({ storage: place }, _choice, { kit }) => {
      const cached = byte(kit.state.storage.use, place) === storageUse.cached;
      return to[cached ? "get-take" : "get-let-go"];
    }),
  },
  {
    id: "get-takes-after-the-lock-was-open",
    sentence: "Looking again and taking the copy are two critical sections.",
    source: "the design: asking and taking under one hold of the index",
    story: ["write-file", "write-back", "evict", "read-file", "allocate"],
    designs: both,
    patch: patches(
      replacing(["read-file"], "get-recheck", (action) => ({
        ...action,
        takes: null,
        within: "index",
      })),
      replacing(["read-file"], "get-take", (action) => ({
        ...action,
        drops: null,
        within: "index",
      })),
      replacing(["read-file"], "get-let-go", (action) => ({ ...action, drops: null })),
    ),
  },
  {
    id: "revoked-get-keeps-the-lock",
    sentence: "A get whose copy was recalled returns with the index locked.",
    source: "cleancache 11: CVE-2012-6031, a lock left held when the copy fails",
    story: ["write-file", "write-back", "evict", "read-file", "allocate"],
    designs: both,
    patch: replacing(["read-file"], "get-let-go", (action) => ({ ...action, drops: null })),
  },
  {
    id: "revoked-get-leaves-what-it-copied",
    sentence: "A get whose copy was recalled says miss, and the page counts as read.",
    source: "B1 of cleancache's: never a partly filled page on failure",
    story: ["write-file", "write-back", "evict", "read-file", "allocate"],
    designs: both,
    patch: instead(["read-file"], "get-let-go", (actor, _choice, { units }) => {
      units.reportMissed(actor);
      return to["fill-page"];
    }),
  },
  {
    id: "get-lets-the-copy-go-before-it-is-read",
    sentence: "A consuming get frees the storage page first, and copies from it afterwards.",
    source: "cleancache 9: 25cd241408a2, consumption before commitment; copies of tcache",
    story: ["write-file", "write-back", "evict", "read-file"],
    designs: both,
    patch: patches(
      afterwards(["read-file"], "get-look-up", (actor, next, { kit, units }) => {
        if (next !== to["get-copy-first"] || kit.scope.getForm !== "consuming") return next;
        const store = new CopyStore(kit, units);
        store.forget(actor.storage);
        if (actor.target >= 0) store.forget(actor.target);
        return next;
      }),
      instead(["read-file"], "get-recheck", () => to["get-take"]),
      instead(["read-file"], "get-take", (actor, _choice, parts) => hit(parts, actor)),
    ),
  },
  {
    id: "consuming-get-leaves-the-copy",
    sentence: "A get that consumes returns the bytes and leaves the copy in the index.",
    source: "I12 of cleancache's; exclusive gets, 71024cb4a0bf",
    story: ["write-file", "write-back", "evict", "read-file"],
    designs: both,
    patch: instead(["read-file"], "get-take", (actor, _choice, parts) => hit(parts, actor)),
  },
  {
    id: "get-compares-the-file-alone",
    sentence: "A get takes a copy of the same file for its own, whatever its index.",
    source: "I1 of cleancache's: a key is pool, object and index",
    story: ["write-file", "write-back", "evict", "read-file of another page"],
    designs: page,
    patch: patches(
      instead(["read-file"], "get-look-up", (actor, _choice, parts) => {
        actor.storage = copyOfFile(parts, actor.first);
        return to[actor.storage < 0 ? "get-missed" : "get-copy-first"];
      }),
      instead(["read-file"], "get-recheck", (actor, _choice, parts) => {
        const still = copyOfFile(parts, actor.first) === actor.storage;
        return to[still ? "get-take" : "get-let-go"];
      }),
    ),
  },
  {
    id: "hit-leaves-the-page-without-the-bytes",
    sentence: "A hit marks the page as read, and its bytes never reach it.",
    source: "cleancache 18: btrfs in 5.12, the hit path leaves the page not up to date",
    story: ["write-file", "write-back", "evict", "read-file"],
    designs: both,
    patch: afterwards(["read-file"], "get-take", (actor, next) => {
      actor.value = junk;
      actor.secondValue = junk;
      return next;
    }),
  },
  {
    id: "part-of-a-folio-is-a-hit",
    sentence: "A get that finds the first page of a folio alone is a hit for both.",
    source: "cleancache 14: c63f210d4891, one page found marks a large folio as loaded",
    story: ["read-file", "direct-write", "evict", "read-file"],
    designs: folio,
    patch: patches(
      replacing(["read-file"], "get-look-up", (action, parts) => ({
        ...action,
        do: (actor, choice) => {
          const { one, other } = copiesOfFolio(parts, actor);
          if (parts.units.missingLength(actor) === 1 || one < 0 || other >= 0)
            return action.do(actor, choice);
          actor.storage = one;
          return to["get-copy-first"];
        },
      })),
      replacing(["read-file"], "get-recheck", (action, parts) => ({
        ...action,
        do: (actor, choice) => {
          if (parts.units.missingLength(actor) === 1 || actor.target >= 0)
            return action.do(actor, choice);
          return to[copiesOfFolio(parts, actor).one === actor.storage ? "get-take" : "get-let-go"];
        },
      })),
    ),
  },
  {
    id: "folio-get-copies-one-page",
    sentence: "A get copies the first page of a folio, and the register of the second is stale.",
    source: "G5: a hit on one index fills the whole folio, cleancache of 2025",
    story: ["read-file", "evict", "read-file"],
    designs: folio,
    patch: afterwards(["read-file"], "get-copy-second", () => to["get-recheck"]),
  },
  {
    id: "partial-get-leaves-the-rest",
    sentence: "A get that finds part of a folio says miss for all of it and drops nothing.",
    source: "I4 of cleancache's: a miss stays a miss until the next put",
    story: ["read-file", "direct-write", "evict", "read-file"],
    designs: folio,
    patch: replacing(["read-file"], "get-look-up", (action, parts) => ({
      ...action,
      do: (actor, choice) => {
        const { one, other } = copiesOfFolio(parts, actor);
        const part = parts.units.missingLength(actor) === 2 && one >= 0 !== other >= 0;
        return part ? to["get-missed"] : action.do(actor, choice);
      },
    })),
  },
];
