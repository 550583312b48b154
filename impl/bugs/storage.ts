/** Claiming a block: what lies there, whether it worked, and what is undone if it did not. */
import { end, frameUse, storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import { flagAsTagged } from "../scripts/memory.ts";
import { afterwards, type Bug, before, patches, replacing, rewiring } from "./bug.ts";

const everywhere = ["carveout", "cma", "cleancache-page"];
const migrating = ["cma"];
const claiming = ["cma", "cleancache-page", "cleancache-folio"];

export const storageBugs: readonly Bug[] = [
  {
    id: "reserved-before-the-stash-is-replayed",
    sentence: "A page counts as initialised once its block is reserved; its tags follow later.",
    source: "S3: RFC v2, reserve against replay of stashed tags",
    story: ["allocate tagged", "allocate by another", "copy", "free", "enable-tags"],
    designs: migrating,
    patch: patches(
      ...(["check-block", "count-user"] as const).map((label) =>
        afterwards(["enable-tags"], label, ({ frame }, next, { kit }) => {
          if (next !== to["replay-stash"]) return next;
          flagAsTagged(kit, frame);
          return to["unlock-claimed"];
        }),
      ),
      afterwards(["enable-tags"], "map-tagged", ({ frame }, next, { kit }) =>
        kit.hasStash(frame) ? to["replay-stash"] : next,
      ),
      afterwards(["enable-tags"], "replay-stash", () => end),
    ),
  },
  {
    id: "claim-tries-for-ever",
    sentence: "A claim does not count its tries against a page that cannot be moved.",
    source: "S4: RFC v2, fault on access beside a pinned storage page",
    story: ["allocate untagged", "allocate tagged"],
    designs: migrating,
    patch: afterwards(null, "isolate-storage", (actor, next) => {
      if (next === to["unlock-failed"] && actor.count > 0) {
        actor.count = 0;
        return to["isolate-storage"];
      }
      return next;
    }),
  },
  {
    id: "failure-taken-for-success",
    sentence: "The result of cma_alloc_range() is tested the wrong way round.",
    source: "S6: RFC v3 22/35",
    story: ["allocate untagged", "allocate untagged", "allocate tagged", "free"],
    designs: migrating,
    patch: afterwards(null, "isolate-storage", (_actor, next) =>
      next === to["unlock-failed"] ? to["count-user"] : next,
    ),
  },
  {
    id: "data-not-moved-away",
    sentence: "A claim takes a block although data lies in it.",
    source: "S3 of the series' invariants: a block holds tags or data, never both",
    story: ["allocate untagged", "allocate tagged", "read-bytes"],
    designs: migrating,
    patch: before(null, "check-block", ({ frame }, { kit }) => {
      const first = kit.firstStorageOf(kit.blockOf(frame));
      for (let page = first; page < first + kit.blockPages; page++)
        if (byte(kit.state.storage.use, page) === storageUse.data)
          kit.useStorage(page, storageUse.isolated);
    }),
  },
  {
    id: "claims-a-page-under-allocation",
    sentence: "A storage page that is nobody's yet is taken for free while it is being allocated.",
    source: "beside H1: Linux 98c6d259319e, references that do not show",
    story: ["allocate untagged", "allocate untagged", "enable-tags by a sharer", "free"],
    designs: migrating,
    patch: replacing(null, "isolate-storage", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        if (word(kit.state.holders, actor.storage) >= 0) return action.do(actor, choice);
        kit.useStorage(actor.storage, storageUse.isolated);
        return to["check-block"];
      },
    })),
  },
  {
    id: "replaced-while-referenced",
    sentence: "A fault moves its page although another fault holds a reference to it.",
    source: "beside H1: Linux 98c6d259319e, references that are not looked at",
    story: ["allocate untagged", "allocate untagged", "enable-tags", "enable-tags by a sharer"],
    designs: migrating,
    patch: replacing(["enable-tags"], "isolate-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const { uses } = kit.state.held;
        const now = word(uses, actor.handle);
        uses[actor.handle] = Math.min(now, 1);
        const next = action.do(actor, choice);
        uses[actor.handle] = now;
        return next;
      },
    })),
  },
  {
    id: "lock-kept-when-giving-up",
    sentence: "A claim that gives up does not let its mutex go.",
    source: "B7: Linux 6e6a8ef088e1",
    story: ["allocate untagged", "allocate untagged", "allocate tagged"],
    designs: migrating,
    patch: replacing(null, "unlock-failed", (action) => ({ ...action, drops: null })),
  },
  {
    id: "giving-up-leaves-pages-isolated",
    sentence: "A claim that fails at one page of a block does not undo the pages before it.",
    source: "S16: RFC v3 20/35, roll-back",
    story: ["allocate untagged", "allocate untagged", "allocate tagged"],
    designs: migrating,
    patch: replacing(null, "unlock-failed", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const first = kit.firstStorageOf(kit.blockOf(actor.frame));
        const isolated = byte(kit.state.storage.use, first) === storageUse.isolated;
        const next = action.do(actor, choice);
        if (isolated) kit.useStorage(first, storageUse.isolated);
        return next;
      },
    })),
  },
  {
    id: "wrong-storage-at-the-seam",
    sentence: "The last page that a storage page serves is taken to be served by the next one.",
    source: "S11: RFC v3, region splitting",
    story: ["allocate", "allocate", "allocate"],
    designs: claiming,
    patch: rewiring(({ kit: { arena, storagePages } }) => {
      const storageOf = arena.storageOf.bind(arena);
      arena.storageOf = (frame) => Math.min(storageOf(frame + 1), storagePages - 1);
    }),
  },
  {
    id: "two-pages-share-a-place",
    sentence: "Every second page is given the same place for its tags as the page before it.",
    source: "S11: RFC v3, the offset inside a region is off",
    story: ["allocate", "allocate", "write-tag", "read-tag"],
    designs: everywhere,
    patch: rewiring(({ kit: { arena } }) => {
      const tagPlace = arena.tagPlace.bind(arena);
      arena.tagPlace = (frame) => tagPlace(frame - (frame % 2));
    }),
  },
  {
    id: "tagged-page-from-other-cma-memory",
    sentence: "A tagged allocation takes a free page of another CMA area.",
    source: "H2: Linux 7b086755fb8c, the type of a free page guessed",
    story: ["allocate tagged"],
    designs: migrating,
    patch: replacing(["allocate"], "take-page", (action, { kit }) => ({
      ...action,
      do: (actor, choice) => {
        const other = kit.frames - 1;
        const free = byte(kit.state.frames.use, other) === frameUse.free;
        return action.do(actor, free && kit.taggableFrames <= other ? other : choice);
      },
    })),
  },
];
