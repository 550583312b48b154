/** Contexts: what may sleep, who has interrupts off, who waits for himself. */
import type { Design, LockKind, LockName } from "../../model/index.ts";
import { end, mark, storageUse } from "../codes.ts";
import { byte } from "../columns.ts";
import type { Patch } from "../manager.ts";
import { afterwards, type Bug, replacing } from "./bug.ts";

const cleancache = ["cleancache-page", "cleancache-folio"];
const claiming = ["cma", "cleancache-page", "cleancache-folio"];

const lockAs =
  (name: LockName, kind: LockKind) =>
  (design: Design): Design => ({ ...design, locks: { ...design.locks, [name]: kind } });

type Kinds = Parameters<typeof replacing>[0];
type Label = Parameters<typeof replacing>[1];

/** It allocates with GFP_KERNEL, or waits for something. */
const sleeping = (kinds: Kinds, label: Label): Patch =>
  replacing(kinds, label, (action) => ({ ...action, sleeps: true }));

export const contextBugs: readonly Bug[] = [
  {
    id: "claim-behind-a-mutex",
    sentence: "The lock of a claim is a mutex, and claims are made under spin locks.",
    source: "S1: RFC v1 20/37",
    story: ["allocate in an interrupt"],
    designs: cleancache,
    design: lockAs("index", "sleeping"),
  },
  {
    id: "claim-with-interrupts-on",
    sentence: "The lock of a claim leaves interrupts on, and an interrupt claims as well.",
    source: "S13: RFC v3 stash release, a lock that is held already",
    story: ["allocate", "allocate in an interrupt"],
    designs: cleancache,
    design: lockAs("index", "spin"),
  },
  {
    id: "claim-allocates-its-record",
    sentence: "A claim allocates the record of the block where it may not sleep.",
    source: "S1: RFC v1 20/37, reserving with a spin lock held",
    story: ["allocate untagged", "enable-tags"],
    designs: cleancache,
    patch: sleeping(["enable-tags"], "recall"),
  },
  {
    id: "page-table-walk-allocates",
    sentence: "Initialising the tags of a page allocates with the page-table lock held.",
    source: "G10: Linux b6ea95a34cbd",
    story: ["allocate untagged", "enable-tags"],
    designs: ["carveout", ...cleancache],
    patch: sleeping(["enable-tags"], "lock-tags"),
  },
  {
    id: "copy-allocates-a-stash",
    sentence: "copy_highpage() allocates a buffer for the tags with the page-table lock held.",
    source: "S5: RFC v3 28/35",
    story: ["allocate", "copy"],
    designs: ["carveout", ...cleancache],
    patch: sleeping(["copy"], "copy-tags"),
  },
  {
    id: "release-takes-its-lock-twice",
    sentence: "The helper that counts a user down takes the lock that its caller holds.",
    source: "S13: RFC v3 stash release",
    story: ["allocate", "free"],
    designs: claiming,
    patch: replacing(null, "uncount", (action) => ({ ...action, takes: "index" })),
  },
  {
    id: "no-memory-in-atomic-context",
    sentence: "An atomic allocation fails where it would have to claim a block.",
    source: "LKML 2024-02-20, alternatives to MIGRATE_CMA",
    story: ["allocate in an interrupt"],
    designs: cleancache,
    patch: afterwards(["allocate"], "take-page", (actor, next, { kit }) => {
      const page = kit.firstStorageOf(kit.blockOf(actor.frame));
      const isTags = byte(kit.state.storage.use, page) === storageUse.tags;
      if (next === end || isTags || !kit.isAtomic(actor)) return next;
      kit.giveBack(actor.frame);
      kit.noMemory(actor);
      kit.report.mark(mark["no-free-page"]);
      return end;
    }),
  },
];
