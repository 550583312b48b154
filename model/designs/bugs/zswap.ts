/** A pool of swapped pages: sole copies that are lost, entries that are taken for others. */
import { loadData, storeData } from "../../hardware/arena.ts";
import { at } from "../../world/site.ts";
import { junk } from "../../world/world.ts";
import type { Action, Turn } from "../script.ts";
import { pagesOfBlock } from "../shared/blocks.ts";
import { emptyStorage } from "../shared/places.ts";
import { entryOf } from "../shared/swap-pool.ts";
import { beforehand, type DesignBug, deciding, replacing, unchecked } from "./bug.ts";

const sole = ["zswap"];
const writeThrough = ["zswap-write-through"];
const both = [...sole, ...writeThrough];

const dropEntries = (turn: Turn): void => {
  for (const storage of pagesOfBlock(turn))
    if (at(turn.world.storage, storage).use === "cached") emptyStorage(turn, storage);
};

/** Does its work, and leaves the entry of this slot as it was. */
const sparing =
  (slotOf: (turn: Turn) => number) =>
  (action: Action): Action => {
    const spare = (turn: Turn, work: () => void): void => {
      const { world, site } = turn;
      const slot = slotOf(turn);
      const entry = entryOf(world, slot);
      const bytes = entry < 0 ? 0 : loadData(world, site, entry);
      work();
      if (entry < 0) return;
      const page = at(world.storage, entry);
      page.use = "cached";
      page.key = slot;
      storeData(world, site, entry, bytes);
    };
    if (action.next === undefined) return action;
    return {
      ...action,
      do: (turn, choice) => {
        let effects: ReturnType<typeof action.do>;
        spare(turn, () => {
          effects = action.do(turn, choice);
        });
        return effects;
      },
    };
  };

export const zswapBugs: readonly DesignBug[] = [
  {
    id: "write-back-of-another-entry",
    sentence: "A write-back that waited for the slot does not ask whether the entry is the same.",
    source: "Linux 04fc7816089c, CVE-2023-53178",
    story: ["allocate", "swap-out", "allocate", "swap-in", "write-bytes", "swap-out"],
    designs: sole,
    design: replacing(null, "lock-entry", unchecked),
  },
  {
    id: "sole-copy-is-dropped",
    sentence: "A claim drops the entries of the block as if they were clean copies.",
    source: "I35 of cleancache's: bytes that exist nowhere else",
    story: ["allocate", "swap-out", "allocate"],
    designs: sole,
    design: replacing(null, "recall", beforehand(dropEntries)),
  },
  {
    id: "failed-write-back-erases-the-entry",
    sentence: "An entry whose write-back failed is erased all the same.",
    source: "Linux e3b63e966cac, what is left behind when a write-back ends early",
    story: ["allocate", "swap-out", "allocate"],
    designs: sole,
    design: replacing(
      null,
      "write-entry",
      deciding((_turn, fails) =>
        fails ? { to: "erase-entry", marks: ["write-back-fails"] } : undefined,
      ),
    ),
  },
  {
    id: "abandoned-load-takes-the-entry",
    sentence: "An exclusive load has taken the entry when its swap-in is given up.",
    source: "Linux 25cd241408a2, fixes b9c91c43412f",
    story: ["allocate", "swap-out", "allocate", "swap-out", "swap-in"],
    designs: sole,
    design: replacing(
      ["swap-in"],
      "undo-swap-in",
      beforehand((turn) => {
        const entry = entryOf(turn.world, turn.actor.slot);
        if (entry >= 0) emptyStorage(turn, entry);
      }),
    ),
  },
  {
    id: "atomic-claim-waits-for-write-back",
    sentence: "A claim in atomic context goes on to write entries back.",
    source: "LKML 2024-02-20: memory that has to be reclaimed where nobody may sleep",
    story: ["allocate", "swap-out", "allocate"],
    designs: sole,
    design: replacing(
      null,
      "may-sleep",
      deciding(() => ({ to: "lock-blocks" })),
    ),
  },
  {
    id: "entry-outlives-its-slot",
    sentence: "A slot is freed and its entry stays, to be found by the next user of the slot.",
    source: "Linux 678e54d4bb9a, ca56489c2f1d: an older entry under a slot that is used again",
    story: ["allocate", "swap-out", "free-slot", "allocate", "write-bytes", "swap-out", "swap-in"],
    designs: both,
    design: replacing(
      ["free-slot"],
      "change-slot",
      sparing(({ operation }) => (operation.kind === "free-slot" ? operation.slot : -1)),
    ),
  },
  {
    id: "load-trusts-what-it-read",
    sentence: "A load does not ask again whether the entry was there all the while.",
    source: "I14 of cleancache's: a read that overlaps a claim",
    story: ["allocate", "swap-out", "swap-in", "allocate"],
    designs: writeThrough,
    design: replacing(["swap-in"], "recheck-entry", unchecked),
  },
  {
    id: "stored-pages-are-not-written-through",
    sentence: "A page that the pool has taken is not written to the device.",
    source: "frontswap's write-through mode, 3d6035f13600",
    story: ["allocate", "swap-out", "allocate"],
    designs: writeThrough,
    design: replacing(["swap-out"], "write-out", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => {
              const stored = turn.actor.storage >= 0;
              const next = action.do(turn, choice);
              if (stored) at(turn.world.slots, turn.actor.slot).bytes = junk;
              return next;
            },
          }
        : action,
    ),
  },
];
