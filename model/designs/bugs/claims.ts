/**
 * What a claim by dropping, and letting storage go again, can get wrong whatever else a variant of a
 * cleancache does: whom a block counts, and for how long it is theirs.
 */
import { at } from "../../world/site.ts";
import type { Turn } from "../script.ts";
import { emptyStorage } from "../shared/places.ts";
import { afterwards, type DesignBug, replacing } from "./bug.ts";

/** Variants of cleancaches, and the pool whose entries are copies. */
const droppers = [
  "cleancache-astray",
  "cleancache-map-allocates",
  "cleancache-node-inside",
  "cleancache-node-preloaded",
  "cleancache-node-untagged",
  "cleancache-folio-single",
  "zswap-write-through",
];

const blockOf = ({ site, actor }: Turn): number => at(site.blockOf, actor.frame);

export const claimBugs: readonly DesignBug[] = [
  {
    id: "claim-is-not-counted",
    sentence: "A claim gives the block to the tags of a page and does not count the page.",
    source: "S2 of the series' invariants: a block counts exactly its users",
    story: ["allocate"],
    designs: droppers,
    design: replacing(
      null,
      "count-user",
      afterwards((turn) => {
        turn.world.users[blockOf(turn)] = Math.max(0, at(turn.world.users, blockOf(turn)) - 1);
      }),
    ),
  },
  {
    id: "block-goes-with-its-first-user",
    sentence: "The first page that is freed gives the block back, whoever else has tags in it.",
    source: "S2 of the series' invariants: it holds tags while any page counts",
    story: ["allocate", "allocate", "free"],
    designs: droppers,
    design: replacing(
      null,
      "uncount",
      afterwards((turn) => {
        for (const storage of at(turn.site.storageOfBlock, blockOf(turn)))
          emptyStorage(turn, storage);
      }),
    ),
  },
  {
    id: "freed-page-keeps-its-claim",
    sentence: "A page that is freed goes back to the free list and keeps its claim on the block.",
    source: "I26 of cleancache's: the count is that of the live tagged pages",
    story: ["allocate", "free"],
    designs: droppers,
    design: replacing(["free"], "unmap-page", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => ({ ...action.do(turn, choice), to: "give-back" }),
          }
        : action,
    ),
  },
  {
    id: "release-is-not-counted",
    sentence: "A page that is freed is not counted down: its block never has a last user.",
    source: "I26 of cleancache's: the count is that of the live tagged pages; at 0 it is free",
    story: ["allocate", "free"],
    designs: droppers,
    design: replacing(
      null,
      "uncount",
      afterwards((turn) => {
        turn.world.users[blockOf(turn)] = at(turn.world.users, blockOf(turn)) + 1;
      }),
    ),
  },
];
