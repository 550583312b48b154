/**
 * Copies and migration. Both end in copy_highpage(), which is called under the page-table lock and
 * cannot fail: a design either claims storage right there, or has claimed it when the page was
 * allocated and must keep the tags aside if it could not.
 */
import { loadTags, storeTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import type { World } from "../../world/world.ts";
import {
  type Actions,
  commit,
  type Next,
  type Script,
  type Turn,
  the,
  together,
} from "../script.ts";
import { givingBack, letsStorageGo, type MemoryDesign } from "./memory.ts";
import {
  freeFrames,
  freeStorage,
  givePlaceBack,
  hold,
  isStorage,
  loadPlace,
  noMemoryCommit,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
  waitsForStash,
} from "./places.ts";
import { claimForAllocation } from "./reserving.ts";
import type { SwapPool } from "./swap-pool.ts";

export type MovingDesign = MemoryDesign & {
  /** Where storage for the target is claimed: when it is allocated, or when it is used. */
  readonly claimsAt: "allocation" | "use";
  /** Where tag storage keeps swapped pages. */
  readonly pool?: SwapPool;
};

export const isFlagged = (
  world: World,
  site: { readonly frames: number },
  place: number,
): boolean => place < site.frames && at(world.frames, place).flagged;

/** The tags of one frame become those of another, which is flagged as tagged. */
export const carryTags = ({ world, site }: Turn, from: number, to: number): void => {
  storeTags(world, site, to, loadTags(world, site, from));
  const frame = at(world.frames, to);
  frame.locked = true;
  frame.flagged = true;
};

export const copyScript = (design: MovingDesign): Script => {
  const { tagStorage, claimsAt } = design;
  const refuses = design.failedClaim === "no-memory";
  const afterBytes: Label = "copy-tags";
  /** The source is let go as it was. */
  const giveUp = (turn: Turn): Next => {
    const source = at(turn.world.held, turn.actor.handle);
    source.state = "mapped";
    source.uses--;
    return { to: "end", commits: [noMemoryCommit(turn)] };
  };
  const claim =
    claimsAt === "use"
      ? tagStorage?.claim(afterBytes, afterBytes)
      : claimForAllocation(design, "copy-bytes", refuses ? "undo-copy" : "copy-bytes", giveUp);
  const claimAtUse = claimsAt === "use" ? claim : undefined;
  const claimAtAllocation = claimsAt === "allocation" ? claim : undefined;
  return {
    entry: "take-page",
    actions: together(claim?.actions ?? {}, {
      "take-page": {
        standsFor: "folio_prealloc()",
        choose: (turn) => {
          const source = at(turn.world.held, the(turn, "copy").from).at;
          return orNone(freeFrames(turn, isFlagged(turn.world, turn.site, source)));
        },
        do: (turn, place) => {
          const { world, site, actor } = turn;
          const { from } = the(turn, "copy");
          if (place < 0) return { to: "end", commits: [noMemoryCommit(turn)] };
          const source = at(world.held, from);
          takePlace(turn, place);
          source.state = "read-only";
          source.uses++;
          actor.frame = place;
          actor.target = source.at;
          actor.handle = from;
          const tagged = isFlagged(world, site, source.at);
          return { to: tagged && claimAtAllocation ? claimAtAllocation.entry : "copy-bytes" };
        },
      },
      ...(refuses && {
        "undo-copy": {
          standsFor: "folio_prealloc() failing",
          next: "end",
          do: (turn) => {
            const source = at(turn.world.held, turn.actor.handle);
            source.state = "mapped";
            source.uses--;
            givePlaceBack(turn, turn.actor.frame);
            return { commits: [noMemoryCommit(turn)] };
          },
        },
      }),
      "copy-bytes": {
        standsFor: "copy_page()",
        takes: "page-table",
        do: ({ world, site, actor }) => {
          storePlace(world, site, actor.frame, loadPlace(world, site, actor.target));
          if (!isFlagged(world, site, actor.target)) return { to: "publish-copy" };
          if (claimAtUse) return { to: claimAtUse.entry };
          const claimed = !tagStorage || at(world.frames, actor.frame).claimed;
          return { to: claimed ? "copy-tags" : "stash-tags" };
        },
      },
      "copy-tags": {
        standsFor: "mte_copy_page_tags()",
        next: "publish-copy",
        do: (turn) => {
          carryTags(turn, turn.actor.target, turn.actor.frame);
          return { marks: ["a-tagged-page-is-copied"] };
        },
      },
      "publish-copy": {
        standsFor: "copy_present_page(), set_pte_at()",
        drops: "page-table",
        next: "end",
        do: (turn) => {
          const { world, site, actor } = turn;
          const source = at(world.held, actor.handle);
          source.state = "mapped";
          source.uses--;
          const waits = waitsForStash(turn);
          const { owner } = the(turn, "copy");
          const handle = hold(turn, actor.frame, owner, waits ? "deferred" : "mapped");
          const look = seenAt(turn, actor.frame);
          /** Tags that wait in the stash cannot be seen yet; they are looked at when they can. */
          const seen = waits ? { bytes: look.bytes ?? 0 } : look;
          return {
            commits: [commit({ kind: "page", handle, seen }, placed(site, actor.frame))],
          };
        },
      },
      ...stashing(
        design,
        "mte_save_tags_for_pfn()",
        ({ world, site, actor }) => loadTags(world, site, at(world.held, actor.handle).at),
        "publish-copy",
      ),
    }),
  };
};

/**
 * Tags are kept aside by page number until `actor.frame` has a place for them; in designs that claim
 * storage when a page is used, there is always one. mte_save_tags_for_pfn() allocates: it may sleep.
 */
export const stashing = (
  { tagStorage, claimsAt, failedClaim }: MovingDesign,
  standsFor: string,
  tagsOf: (turn: Turn) => readonly number[],
  next: Label,
): Actions =>
  tagStorage && claimsAt === "allocation" && failedClaim !== "no-memory"
    ? {
        "stash-tags": {
          standsFor,
          sleeps: true,
          next,
          do: (turn) => {
            const { world, site, actor } = turn;
            for (const [granule, tag] of tagsOf(turn).entries())
              world.stash[actor.frame * site.granules + granule] = tag;
            return { marks: ["tags-are-stashed"] };
          },
        },
      }
    : {};

/** Compaction moves a page: nobody can tell afterwards. */
export const migrateScript = (design: MovingDesign): Script => {
  const { tagStorage, dataInStorage, claimsAt } = design;
  const atAllocation = claimsAt === "allocation";
  const giveUp = (): Next => ({ to: "undo-move" });
  const claim = atAllocation
    ? claimForAllocation(design, "move-bytes", "undo-move", giveUp)
    : tagStorage?.claim("move-tags", "move-tags");
  const rest = givingBack(design);
  return {
    entry: "isolate-page",
    actions: together(claim?.actions ?? {}, rest.actions, {
      "isolate-page": {
        standsFor: "folio_isolate_lru(), try_to_migrate()",
        next: "take-target",
        do: (turn) => {
          const { world, actor } = turn;
          actor.handle = the(turn, "migrate").handle;
          const page = at(world.held, actor.handle);
          page.state = "moving";
          actor.target = page.at;
          return undefined;
        },
      },
      "take-target": {
        standsFor: "alloc_migration_target()",
        choose: (turn) => {
          const tagged = isFlagged(turn.world, turn.site, turn.actor.target);
          const spare = dataInStorage && !tagged ? freeStorage(turn) : [];
          return orNone([...freeFrames(turn, tagged), ...spare]);
        },
        do: (turn, place) => {
          const { world, site, actor } = turn;
          if (place < 0) return { to: "undo-move" };
          takePlace(turn, place);
          actor.frame = place;
          const tagged = isFlagged(world, site, actor.target);
          return { to: tagged && claim && atAllocation ? claim.entry : "move-bytes" };
        },
      },
      "move-bytes": {
        standsFor: "copy_highpage(), the bytes",
        do: ({ world, site, actor }) => {
          storePlace(world, site, actor.frame, loadPlace(world, site, actor.target));
          const tagged = isFlagged(world, site, actor.target);
          return { to: tagged && claim && !atAllocation ? claim.entry : "move-tags" };
        },
      },
      "move-tags": {
        standsFor: "copy_highpage(), the tags",
        next: "move-mapping",
        do: (turn) => {
          const { world, site, actor } = turn;
          if (!isFlagged(world, site, actor.target)) return undefined;
          carryTags(turn, actor.target, actor.frame);
          return { marks: ["a-tagged-page-is-migrated"] };
        },
      },
      "move-mapping": {
        standsFor: "remove_migration_ptes()",
        do: (turn) => {
          const { world, site, actor } = turn;
          const page = at(world.held, actor.handle);
          const { frame: to, target: from } = actor;
          page.at = to;
          page.state = "mapped";
          if (!isStorage(site, to)) at(world.frames, to).use = "held";
          if (!isStorage(site, from)) at(world.frames, from).use = "busy";
          const seen = seenAt(turn, to);
          actor.frame = from;
          actor.target = -1;
          return {
            to: letsStorageGo(design, turn, from) ? rest.entry : "give-back",
            commits: [commit({ kind: "page", handle: actor.handle, seen }, placed(site, to))],
          };
        },
      },
      "undo-move": {
        standsFor: "putback_movable_pages()",
        next: "end",
        do: (turn) => {
          const { world, actor } = turn;
          const page = at(world.held, actor.handle);
          if (actor.frame >= 0) givePlaceBack(turn, actor.frame);
          page.state = "mapped";
          const seen = seenAt(turn, page.at);
          const outcome = { kind: "page", handle: actor.handle, seen } as const;
          return { commits: [commit(outcome, placed(turn.site, page.at))] };
        },
      },
    }),
  };
};
