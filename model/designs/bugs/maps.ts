/** Mappings of tag storage that are made too late or let go too early. */

import { storageOfTurn } from "../cleancache-index.ts";
import { mappings, touching, unmap } from "../cleancache-maps.ts";
import type { Turn } from "../script.ts";
import { invalidatingDataLines, pagesOfBlock } from "../shared/blocks.ts";
import { afterwards, type DesignBug, replacing } from "./bug.ts";

const designs = ["cleancache-on-demand", "cleancache-map-allocates"];
const unmapOwn = (turn: Turn): void => {
  for (const storage of storageOfTurn(turn)) if (storage >= 0) unmap(turn.world, storage);
};

export const mapBugs: readonly DesignBug[] = [
  {
    id: "block-cleaned-without-a-mapping",
    sentence: "A claim cleans the lines of its block by address, and maps nothing for it.",
    source: "LKML 2024-02-20: maintenance needs the memory to be mapped",
    story: ["allocate"],
    designs,
    design: replacing(null, "invalidate-data-lines", () =>
      touching(pagesOfBlock)(invalidatingDataLines),
    ),
  },
  {
    id: "claim-takes-the-readers-mapping",
    sentence:
      "There is one mapping of a storage page, and a claim that is done with it lets it go.",
    source: "kmap_atomic() before it was local to a CPU; memtrace removes the mapping of all",
    story: ["read-file", "evict", "read-file", "allocate in an interrupt"],
    designs,
    design: replacing(
      null,
      "recall",
      afterwards((turn) => {
        for (const storage of pagesOfBlock(turn)) mappings.of(turn.world)[storage] = 0;
      }),
    ),
  },
  {
    id: "put-unmaps-before-it-copies",
    sentence: "A put lets its mapping go when it has taken the page, before it fills it.",
    source: "arch/powerpc/platforms/powernv/memtrace.c: the mapping goes last",
    story: ["read-file", "evict"],
    designs,
    design: replacing(null, "put-claim", afterwards(unmapOwn)),
  },
  {
    id: "get-unmaps-between-the-halves",
    sentence: "A get lets its mapping go when half of the page is copied.",
    source: "kunmap_local() one line too early",
    story: ["read-file", "evict", "read-file"],
    designs,
    design: replacing(null, "get-copy-first", afterwards(unmapOwn)),
  },
];
