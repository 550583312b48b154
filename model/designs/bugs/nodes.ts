/** An index whose nodes are pages that may need tags themselves. */
import { storeTags } from "../../hardware/arena.ts";
import { at } from "../../world/site.ts";
import { beforehand, type DesignBug, replacing } from "./bug.ts";

const preloaded = ["cleancache-node-preloaded"];

export const nodeBugs: readonly DesignBug[] = [
  {
    id: "node-is-freed-under-the-lock",
    sentence:
      "A node is freed under the lock of the index, and letting its storage go needs it too.",
    source: "cleancache 4.6: kernel tags, the index and a claim; the same when memory is freed",
    story: ["read-file", "evict", "read-file", "free"],
    designs: preloaded,
    design: replacing(["frees-node-of-key"], "unmap-node", ({ drops: _dropped, ...action }) => ({
      ...action,
      takes: "index",
    })),
  },
  {
    id: "node-has-no-place-for-its-tags",
    sentence: "A node is tagged, and nobody has claimed storage for it.",
    source: "LKML 2024-02-20: every kernel page is tagged with HW KASAN",
    story: ["read-file", "evict"],
    designs: [...preloaded, "cleancache-node-inside"],
    design: replacing(["evict"], "take-node", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, place) => {
              const next = action.do(turn, place);
              return place < 0 ? next : { ...next, to: "make-node" };
            },
          }
        : action,
    ),
  },
  {
    id: "untagged-node-is-coloured",
    sentence: "The page of a node is coloured as every kernel page, though it was to have no tags.",
    source: "cleancache 4.6: metadata in untagged pages",
    story: ["read-file", "evict"],
    designs: ["cleancache-node-untagged"],
    design: replacing(
      ["evict"],
      "make-node",
      beforehand(({ world, site, actor }) => {
        storeTags(world, site, actor.frame, []);
        at(world.frames, actor.frame).flagged = true;
      }),
    ),
  },
  {
    id: "node-is-never-let-go",
    sentence: "A node that is freed does not let its tag storage go.",
    source: "RFC v2: pages that were reserved leak their references",
    story: ["read-file", "evict", "read-file", "free"],
    designs: preloaded,
    design: replacing(["frees-node-of-key"], "unmap-node", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => {
              const next = action.do(turn, choice);
              return next.to === "end" ? next : { ...next, to: "give-back" };
            },
          }
        : action,
    ),
  },
];
