/** Copies and migration: what is carried, from where, and which page is let go. */
import { end, frameUse, heldState, storageUse, to } from "../codes.ts";
import { word } from "../columns.ts";
import type { Registers } from "../registers.ts";
import { flagAsTagged } from "../scripts/memory.ts";
import { afterwards, type Bug, before, instead, patches } from "./bug.ts";

const everywhere = ["carveout", "cma", "cleancache-page"];
const cleancache = ["cleancache-page", "cleancache-folio"];
const migrating = ["cma"];

const changeRoles = (actor: Registers): void => {
  const { frame } = actor;
  actor.frame = actor.target;
  actor.target = frame;
};

export const copyBugs: readonly Bug[] = [
  {
    id: "copy-without-tags",
    sentence: "copy_highpage() returns before the tags of a tagged source are copied.",
    source: "D4: Linux cf3b16dae4ca, the wrong test ends copy_highpage()",
    story: ["allocate", "copy"],
    designs: everywhere,
    patch: instead(["copy"], "copy-tags", () => to["publish-copy"]),
  },
  {
    id: "tags-copied-backwards",
    sentence: "The tags of the new page are copied over those of the source.",
    source: "beside D1: Linux e74a68468062, source and target of copy_highpage() mixed up",
    story: ["allocate", "copy", "read-tag"],
    designs: everywhere,
    patch: instead(["copy"], "copy-tags", ({ target, frame }, _choice, { kit }) => {
      kit.arena.copyTags(frame, target);
      flagAsTagged(kit, frame);
      return to["publish-copy"];
    }),
  },
  {
    id: "copied-before-write-protected",
    sentence: "The source of a copy is neither write-protected nor referenced while it is copied.",
    source: "beside B1: Linux e059853d14ca, a copy of what is still being changed",
    story: ["allocate", "copy", "migrate"],
    designs: ["carveout"],
    patch: patches(
      afterwards(["copy"], "take-page", ({ handle }, next, { kit: { state } }) => {
        if (next === end) return next;
        state.held.state[handle] = heldState.mapped;
        state.held.uses[handle] = word(state.held.uses, handle) - 1;
        return next;
      }),
      before(["copy"], "publish-copy", ({ handle }, { kit: { state } }) => {
        state.held.uses[handle] = word(state.held.uses, handle) + 1;
      }),
    ),
  },
  {
    id: "copy-claims-for-its-source",
    sentence: "Storage is claimed for the source of a copy once more, and not for its target.",
    source: "beside S7: RFC v3 11/35, no storage on one path",
    story: ["allocate", "copy"],
    designs: cleancache,
    patch: patches(
      afterwards(["copy"], "copy-bytes", (actor, next) => {
        if (next === to["recall"]) changeRoles(actor);
        return next;
      }),
      before(["copy"], "copy-tags", changeRoles),
    ),
  },
  {
    id: "migration-without-tags",
    sentence: "Migration copies the bytes of a tagged page and not its tags.",
    source: "beside D4: Linux cf3b16dae4ca",
    story: ["allocate", "migrate"],
    designs: everywhere,
    patch: instead(["migrate"], "move-tags", () => to["move-mapping"]),
  },
  {
    id: "migration-gives-back-the-new-page",
    sentence: "After a migration the new page goes to the free list, not the old one.",
    source: "beside S16: RFC v3 20/35, the current one taken for the earlier one",
    story: ["allocate", "migrate"],
    designs: everywhere,
    patch: afterwards(["migrate"], "move-mapping", (actor, next, { kit }) => {
      actor.frame = word(kit.state.held.at, actor.handle);
      return next;
    }),
  },
  {
    id: "failed-migration-leaves-the-page-isolated",
    sentence: "A page that could not be migrated is not put back to where it can be moved.",
    source: "beside F4: Linux ae41d7dbaeb4, a page is kept on the refusal path",
    story: ["allocate", "allocate", "allocate", "migrate"],
    designs: everywhere,
    patch: afterwards(["migrate"], "undo-move", ({ handle }, next, { kit: { state } }) => {
      state.held.state[handle] = heldState.moving;
      return next;
    }),
  },
  {
    id: "failed-copy-keeps-its-reference",
    sentence: "A copy that finds no free page keeps its reference to the source.",
    source: "F4: Linux ae41d7dbaeb4",
    story: ["allocate", "allocate", "allocate", "copy"],
    designs: everywhere,
    patch: afterwards(["copy"], "take-page", ({ first, frame }, next, { kit: { state } }) => {
      if (next === end && frame < 0) state.held.uses[first] = word(state.held.uses, first) + 1;
      return next;
    }),
  },
  {
    id: "moved-data-is-flagged",
    sentence: "Untagged data that a claim moves away is flagged as tagged where it comes to lie.",
    source: "A5: Linux a8e5e5146ad0, flagged on the way back from a migration entry",
    story: ["allocate untagged", "allocate tagged"],
    designs: migrating,
    patch: before(null, "remap-storage", ({ moved }, { kit }) => {
      if (!kit.isStorage(moved)) flagAsTagged(kit, moved);
    }),
  },
  {
    id: "data-moved-without-its-bytes",
    sentence: "A claim maps the data of a storage page elsewhere before it is copied there.",
    source: "beside S16: RFC v3 20/35, the steps of a migration",
    story: ["allocate untagged", "allocate tagged"],
    designs: migrating,
    patch: instead(null, "move-storage", () => to["remap-storage"]),
  },
  {
    id: "target-of-a-move-not-taken",
    sentence: "The page that a claim moves data to stays on the free list until it is mapped.",
    source: "beside H2: Linux 7b086755fb8c, what is free is told wrongly",
    story: ["allocate untagged", "allocate tagged", "allocate untagged"],
    designs: migrating,
    patch: afterwards(null, "isolate-storage", ({ moved }, next, { kit }) => {
      if (next !== to["move-storage"]) return next;
      if (kit.isStorage(moved)) kit.useStorage(moved - kit.frames, storageUse.free);
      else kit.useFrame(moved, frameUse.free);
      return next;
    }),
  },
];
