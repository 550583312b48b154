/**
 * carveout: tag storage is never used for anything else (Linux 6.2 and later, with PG_mte_lock).
 * Every page has a place for its tags for ever, so there is nothing to claim and nothing to drop.
 */

import type { Design } from "./design.ts";
import { noBackEnd } from "./shared/keys.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { scriptsOf } from "./shared/scripts.ts";

const memory: MovingDesign = { tagStorage: null, dataInStorage: false, claimsAt: "use" };

export const carveout: Design = {
  name: "carveout",
  title: "storage kept for tags alone",
  locks: { "page-table": "spin", "file-page": "sleeping", index: "spin-irqsave" },
  scripts: scriptsOf(memory, noBackEnd),
  claiming: new Set(),
  claimBound: null,
  folioOrder: 0,
  dataInStorage: memory.dataInStorage,
  claimsAt: memory.claimsAt,
  barsCma: false,
  stash: false,
  kernelTags: true,
  marks: [
    "no-free-page",
    "interrupt-during-an-operation",
    "second-initialiser-waits",
    "a-tagged-page-is-copied",
    "a-tagged-page-is-migrated",
    "tags-are-saved",
    "save-fails",
    "tags-are-restored",
    "a-slot-is-shared",
    "write-back-fails",
    "a-line-is-written-back",
  ],
};
