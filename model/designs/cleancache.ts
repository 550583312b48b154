/**
 * cleancache-page and cleancache-folio: tag storage holds only clean copies of file pages. A claim
 * drops the copy (or the whole cached folio) that lies in the block; it allocates nothing, never
 * sleeps and cannot fail. One lock with interrupts off guards the index and the use of storage;
 * filling and both changes of use run under it, and only a reader can be revoked.
 *
 * Transitions T1 to T12 of the storage page:
 *   free -> filling -> cached      put-claim, put-copy, put-publish      (T1, T2, T4)
 *   cached -> free                 forget-keys, get-take, put-claim      (T3, T5, T6, T7, T12)
 *   free, cached -> to-tags -> tags   recall, invalidate-data-lines, count-user  (T8)
 *   tags(n) -> tags(n + 1)         count-user                             (T9)
 *   tags(1) -> free                invalidate-tag-lines, uncount          (T10)
 * (T11, registration, is no operation of a running system.)
 */
import type { Offer, Scope } from "../world/scope.ts";
import { at } from "../world/site.ts";
import { cleancacheBackEnd } from "./cleancache-back-end.ts";
import { dropKey, type FolioPolicy } from "./cleancache-index.ts";
import type { Design } from "./design.ts";
import type { Mark, TagStorage } from "./script.ts";
import { claimByDropping, claimingByDropping } from "./shared/dropping.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { emptyStorage } from "./shared/places.ts";
import { releaseScript } from "./shared/releasing.ts";
import { withFewerPages, withoutOffers } from "./shared/scopes.ts";
import { scriptsOf } from "./shared/scripts.ts";

/** A claim drops the copies that lie in the block, and what goes together with them. */
const tagStorage = (policy: FolioPolicy): TagStorage => ({
  claim: claimByDropping({
    take: "reserving tag storage: cleancache_backend_get_folio()",
    drop: (turn, storage) => dropKey(policy, turn, at(turn.world.storage, storage).key),
  }),
  release: (then) =>
    releaseScript(
      {
        invalidate: "dcache_inval_tags_poc() on the page",
        uncount: "block_ref_sub(), cleancache_backend_put_folio()",
      },
      emptyStorage,
      then,
    ),
});

export const memoryOf = (policy: FolioPolicy): MovingDesign => ({
  tagStorage: tagStorage(policy),
  dataInStorage: false,
  claimsAt: "use",
});

const cleancache = (
  name: string,
  title: string,
  folioOrder: 0 | 1,
  policy: FolioPolicy,
  marks: readonly Mark[],
): Design => ({
  name,
  title,
  locks: { index: "spin-irqsave", "page-table": "spin", "file-page": "sleeping" },
  scripts: scriptsOf(memoryOf(policy), cleancacheBackEnd(policy)),
  claiming: new Set(claimingByDropping),
  claimBound: () => claimingByDropping.length,
  folioOrder,
  dataInStorage: false,
  claimsAt: "use",
  barsCma: false,
  stash: false,
  kernelTags: true,
  marks: [
    "no-free-page",
    "claim-joins-other-users",
    "claim-takes-a-free-block",
    "claim-drops-a-copy",
    "last-user-gives-the-block-back",
    "interrupt-during-an-operation",
    "second-initialiser-waits",
    "a-tagged-page-is-copied",
    "a-tagged-page-is-migrated",
    "tags-are-saved",
    "save-fails",
    "tags-are-restored",
    "a-slot-is-shared",
    "put-stored",
    "put-dropped",
    "hit",
    "miss",
    "claim-revokes-a-reader",
    "write-back-fails",
    "a-line-is-written-back",
    ...marks,
  ],
});

export const cleancachePage = cleancache(
  "cleancache-page",
  "clean copies, a claim drops one page",
  0,
  "whole",
  ["put-takes-the-place-of-another"],
);

export const cleancacheFolio = cleancache(
  "cleancache-folio",
  "clean copies, a claim drops the whole folio",
  1,
  "whole",
  ["claim-drops-a-whole-folio"],
);

/** What others are asked in these slices says nothing about policies. */
const unasked: Readonly<Record<string, readonly Offer[]>> = {
  cache: ["direct-write"],
  lines: ["read-tag"],
};

/** Without files nothing differs, and fewer pages do; the suites have files always. */
const scopeFor = (slice: string, scope: Scope): Scope | null => {
  if (scope.files === 0) return slice === "suite" ? null : withFewerPages(scope);
  return withoutOffers(scope, unasked[slice] ?? []);
};

export const cleancacheFolioHoles: Design = {
  ...cleancache(
    "cleancache-folio-holes",
    "a claim drops one page and leaves a hole in the folio",
    1,
    "holes",
    [],
  ),
  variantOf: cleancacheFolio.name,
  scopeFor,
};

const single = cleancache(
  "cleancache-folio-single",
  "pages of large folios are not kept",
  1,
  "single",
  [],
);

export const cleancacheFolioSingle: Design = {
  ...single,
  variantOf: cleancacheFolio.name,
  /** A copy that is read while it is claimed needs more than the one page that is kept here. */
  marks: single.marks.filter((mark) => mark !== "claim-revokes-a-reader"),
  /** What it keeps at all are files of single pages: `reuse` has one of those. */
  scopeFor: (slice, scope) =>
    slice === "reuse" ? { ...scope, folioOrder: 0 } : scopeFor(slice, scope),
};
