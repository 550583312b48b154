/** What RFC v1, v2 and v3 have in common as designs: storage holds data, and a claim migrates it. */
import type { Design } from "../design.ts";
import type { Mark } from "../script.ts";
import { boundOfClaim, type MigratingClaim, migratingLabels } from "./migrating-claim.ts";
import type { MovingDesign } from "./moving.ts";

type Common = Pick<
  Design,
  "locks" | "claiming" | "claimBound" | "folioOrder" | "dataInStorage" | "claimsAt" | "stash"
>;

export const migratingDesign = (memory: MovingDesign, claim: MigratingClaim): Common => ({
  locks: {
    "tag-blocks": "sleeping",
    index: "spin-irqsave",
    "page-table": "spin",
    "file-page": "sleeping",
  },
  claiming: new Set(migratingLabels),
  claimBound: boundOfClaim(claim),
  folioOrder: 0,
  dataInStorage: memory.dataInStorage,
  claimsAt: memory.claimsAt,
  stash: true,
});

/** What each of them has to reach. */
export const migratingMarks: readonly Mark[] = [
  "no-free-page",
  "claim-joins-other-users",
  "claim-takes-a-free-block",
  "last-user-gives-the-block-back",
  "data-moves-into-tag-storage",
  "claim-moves-data-away",
  "claim-finds-a-pinned-page",
  "claim-gives-up",
  "tags-wait-for-a-fault",
  "fault-replaces-the-page",
  "fault-is-replayed",
  "tags-are-stashed",
  "stash-is-replayed",
  "a-tagged-page-is-copied",
  "a-tagged-page-is-migrated",
  "tags-are-saved",
  "save-fails",
  "tags-are-restored",
  "a-slot-is-shared",
  "write-back-fails",
  "a-line-is-written-back",
];
