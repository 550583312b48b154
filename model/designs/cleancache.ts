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
import { invalidateDataLines } from "../hardware/arena.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { cleancacheBackEnd, dropKey, forget } from "./cleancache-back-end.ts";
import type { Design } from "./design.ts";
import type { Mark, TagStorage, Turn } from "./script.ts";
import type { MovingDesign } from "./shared/moving.ts";
import { releaseScript } from "./shared/releasing.ts";
import { scriptsOf } from "./shared/scripts.ts";

const blockOf = ({ site, actor }: Turn): number => at(site.blockOf, actor.frame);

/** Finding storage for tags: drop what lies there, clean the lines, count the user. */
const tagStorage: TagStorage = {
  claim: (then) => ({
    entry: "recall",
    actions: {
      recall: {
        standsFor: "reserving tag storage: cleancache_backend_get_folio()",
        takes: "index",
        do: (turn) => {
          const { world, site } = turn;
          const pages = at(site.storageOfBlock, blockOf(turn));
          if (pages.every((storage) => at(world.storage, storage).use === "tags"))
            return { to: "count-user", marks: ["claim-joins-other-users"] };
          const reader = world.actors.some(
            ({ storage }, actor) => actor !== turn.me && pages.includes(storage),
          );
          const commits = pages.flatMap((storage) => {
            const page = at(world.storage, storage);
            return page.use === "cached" ? dropKey(turn, page.key) : [];
          });
          for (const storage of pages) at(world.storage, storage).use = "to-tags";
          const dropped: Mark[] =
            commits.length > 1
              ? ["claim-drops-a-copy", "claim-drops-a-whole-folio"]
              : commits.length === 1
                ? ["claim-drops-a-copy"]
                : ["claim-takes-a-free-block"];
          return {
            to: "invalidate-data-lines",
            commits,
            marks: reader && commits.length > 0 ? [...dropped, "claim-revokes-a-reader"] : dropped,
          };
        },
      },
      "invalidate-data-lines": {
        standsFor: "dcache_inval_poc() on the block",
        next: "count-user",
        do: (turn) => {
          for (const storage of at(turn.site.storageOfBlock, blockOf(turn)))
            invalidateDataLines(turn.world, storage);
          return undefined;
        },
      },
      "count-user": {
        standsFor: "block_ref_add()",
        drops: "index",
        next: then,
        do: (turn) => {
          const { world, site, actor } = turn;
          const block = blockOf(turn);
          for (const storage of at(site.storageOfBlock, block))
            at(world.storage, storage).use = "tags";
          const frame = at(world.frames, actor.frame);
          if (!frame.claimed) world.users[block] = at(world.users, block) + 1;
          frame.claimed = true;
          return undefined;
        },
      },
    },
  }),
  release: (then) =>
    releaseScript(
      {
        invalidate: "dcache_inval_tags_poc() on the page",
        uncount: "block_ref_sub(), cleancache_backend_put_folio()",
      },
      forget,
      then,
    ),
};

const memory: MovingDesign = { tagStorage, dataInStorage: false, claimsAt: "use" };

/** Taking a page, joining or emptying the block, cleaning its lines, counting: no more than this. */
const claimActions = 3;

const cleancache = (
  name: string,
  title: string,
  folioOrder: 0 | 1,
  marks: readonly Mark[],
): Design => ({
  name,
  title,
  locks: { index: "spin-irqsave", "page-table": "spin", "file-page": "sleeping" },
  scripts: scriptsOf(memory, cleancacheBackEnd),
  claiming: new Set<Label>(["recall", "invalidate-data-lines", "count-user"]),
  claimBound: () => claimActions,
  folioOrder,
  dataInStorage: memory.dataInStorage,
  claimsAt: memory.claimsAt,
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
  ["put-takes-the-place-of-another"],
);

export const cleancacheFolio = cleancache(
  "cleancache-folio",
  "clean copies, a claim drops the whole folio",
  1,
  ["claim-drops-a-whole-folio"],
);
