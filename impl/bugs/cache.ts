/** The page cache, and the hooks that tell the back end what becomes of a page. */
import type { Label } from "../../model/index.ts";
import { residence, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import type { Parts, Patch } from "../manager.ts";
import type { Registers } from "../registers.ts";
import { afterwards, type Bug, patches, replacing } from "./bug.ts";

const both = ["cleancache-page", "cleancache-folio"];
const page = ["cleancache-page"];

/** A script begins with an action that only the bug has; it says where to go on. */
const beginningWith =
  (
    kind: "unlink" | "unmount",
    label: Label,
    first: (actor: Registers, parts: Parts) => number,
  ): Patch =>
  (parts) => {
    const script = parts.scripts[kind];
    if (!script) return parts.scripts;
    const begins = { [label]: { do: (actor: Registers) => first(actor, parts) } };
    const actions = { ...script.actions, ...begins };
    return { ...parts.scripts, [kind]: { entry: label, actions } };
  };

const isResident = ({ state: { cached } }: Kit, key: number): boolean =>
  byte(cached.resident, key) !== residence.none;

export const cacheBugs: readonly Bug[] = [
  {
    id: "unlink-of-an-empty-mapping-keeps-its-keys",
    sentence: "A removed file of which no page is resident keeps its copies.",
    source: "cleancache 1: CVE-2018-16862, missed inode invalidation",
    story: ["read-file", "evict", "unlink", "create", "read-file"],
    designs: both,
    patch: beginningWith("unlink", "find-page", ({ key: first }, { kit }) => {
      let resident = false;
      for (let key = first; key < first + kit.scope.pagesPerFile; key++)
        if (isResident(kit, key)) resident = true;
      return to[resident ? "empty-keys" : "finish-change"];
    }),
  },
  {
    id: "direct-write-keeps-the-key-of-a-page-not-resident",
    sentence: "Direct I/O invalidates a page that is resident, and no other.",
    source: "cleancache 2: direct I/O with an empty page cache, fixes c515e1fd361c",
    story: ["read-file", "evict", "direct-write", "read-file"],
    designs: both,
    patch: replacing(["direct-write"], "find-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) =>
        isResident(kit, actor.key) ? action.do(actor, choice) : to["finish-change"],
    })),
  },
  {
    id: "unmount-keeps-the-pool",
    sentence: "Unmounting gives the pool's number back and leaves what is stored under it.",
    source: "cleancache 3: invalidate_bdev(); a pool's number used again, I11",
    story: ["read-file", "evict", "unmount", "mount", "read-file"],
    designs: both,
    patch: beginningWith("unmount", "find-page", () => to["finish-change"]),
  },
  {
    id: "truncate-keeps-the-key",
    sentence: "Truncation drops the page and never calls the back end.",
    source: "G2: nothing is invalidated at truncate, cleancache of 2025",
    story: ["read-file", "evict", "truncate", "read-file"],
    designs: both,
    patch: afterwards(["truncate"], "find-page", () => to["finish-change"]),
  },
  {
    id: "unlink-keeps-the-last-key",
    sentence: "The loop over the keys of a removed file ends one page too early.",
    source: "I8 of cleancache's: nothing stored under a removed file is reachable",
    story: ["read-file", "evict", "unlink", "create", "read-file"],
    designs: page,
    patch: afterwards(["unlink"], "forget-keys", ({ count }, next, { kit }) =>
      count === kit.scope.pagesPerFile - 1 ? to["finish-change"] : next,
    ),
  },
  {
    id: "direct-write-leaves-a-clean-page",
    sentence: "Direct I/O changes the disk beneath a clean page and leaves it in the page cache.",
    source: "I7 of cleancache's; invalidate_inode_pages2_range() before a direct write",
    story: ["write-file", "write-back", "direct-write", "read-file"],
    designs: both,
    patch: replacing(["direct-write"], "find-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const clean = byte(kit.state.cached.resident, actor.key) === residence.clean;
        return clean ? to["empty-keys"] : action.do(actor, choice);
      },
    })),
  },
  {
    id: "put-is-skipped-by-policy",
    sentence: "A page of zeroes is not worth a put; what was stored before stays.",
    source: "cleancache 6: 678e54d4bb9a, a put that is skipped keeps older data",
    story: [
      "write-file",
      "write-back",
      "evict",
      "write-file with zeroes",
      "write-back",
      "evict",
      "read-file",
    ],
    designs: page,
    patch: replacing(["evict"], "find-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const zeroes = word(kit.state.cached.bytes, actor.key) === 0;
        return zeroes ? to["remove-page"] : action.do(actor, choice);
      },
    })),
  },
  {
    id: "put-is-left-out-where-a-copy-is",
    sentence: "A page whose key is stored already is evicted without a put.",
    source: "the decision of Android's GCMA whether to store; I3 of cleancache's",
    story: [
      "write-file",
      "write-back",
      "evict",
      "write-file with other bytes",
      "write-back",
      "evict",
      "read-file",
    ],
    designs: page,
    patch: replacing(["evict"], "find-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) =>
        kit.copies.find(actor.key) >= 0 ? to["remove-page"] : action.do(actor, choice),
    })),
  },
  {
    id: "evict-without-the-page-lock",
    sentence: "Reclaim sees a clean page, lets its lock go for the put, and does not look again.",
    source: "cleancache 10: 6c8e2a256915, discarding on too few facts",
    story: ["write-file", "write-back", "evict", "write-file"],
    designs: both,
    patch: patches(
      replacing(["evict"], "find-page", (action) => ({
        ...action,
        takes: null,
        within: "file-page",
      })),
      replacing(["evict"], "remove-page", (action) => ({
        ...action,
        drops: null,
        within: "file-page",
      })),
    ),
  },
  {
    id: "write-leaves-the-page-clean",
    sentence: "A page is written to and not marked dirty.",
    source: "cleancache 10; I9 of cleancache's: only clean pages are put",
    story: ["write-file", "evict"],
    designs: both,
    patch: afterwards(["write-file"], "change-file", ({ key }, next, { kit }) => {
      kit.state.cached.resident[key] = residence.clean;
      return next;
    }),
  },
];
