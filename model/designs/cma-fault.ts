/** The fault on access of RFC v3: how a page that is mapped without access comes to have tags. */

import type { Seen } from "../contract/memory/index.ts";
import { loadTags, storeTags } from "../hardware/arena.ts";
import { at } from "../world/site.ts";
import { nothing } from "../world/world.ts";
import { cmaVersion } from "./cma-claim.ts";
import { type Actions, type Script, type Turn, the, together } from "./script.ts";
import { initialisingUnderLock } from "./shared/memory.ts";
import { migratingClaim } from "./shared/migrating-claim.ts";
import { carryTags, isFlagged, type MovingDesign } from "./shared/moving.ts";
import { isStorage, loadPlace, seenAt, storePlace, waitsForStash } from "./shared/places.ts";
import { isForReplacement, replacing } from "./shared/replacing.ts";

/** Of the page that is moved: its own, else those kept aside for it. Nothing where it has none. */
const tagsToMove = ({ world, site, actor: { target } }: Turn): readonly number[] => {
  if (isFlagged(world, site, target)) return loadTags(world, site, target);
  const kept = world.stash.slice(target * site.granules, (target + 1) * site.granules);
  return kept.includes(nothing) ? [] : kept;
};

/**
 * Somebody else may have given the old page tags meanwhile: copy_highpage() takes them along, or
 * keeps them aside for the new page.
 */
const copying: Actions = {
  "move-bytes": {
    standsFor: "migrate_pages(), copy_highpage()",
    do: (turn) => {
      const { world, site, actor } = turn;
      storePlace(world, site, actor.frame, loadPlace(world, site, actor.target));
      if (tagsToMove(turn).length === 0) return { to: "move-mapping" };
      return { to: at(world.frames, actor.frame).claimed ? "move-tags" : "stash-tags" };
    },
  },
  "move-tags": {
    standsFor: "copy_highpage(), mte_copy_page_tags()",
    next: "move-mapping",
    do: (turn) => {
      const { world, site, actor } = turn;
      if (isFlagged(world, site, actor.target)) {
        carryTags(turn, actor.target, actor.frame);
        return { marks: ["a-tagged-page-is-migrated"] };
      }
      storeTags(world, site, actor.frame, tagsToMove(turn));
      const frame = at(world.frames, actor.frame);
      frame.locked = true;
      frame.flagged = true;
      return { marks: ["stash-is-replayed"] };
    },
  },
  "stash-tags": {
    standsFor: "copy_highpage(), mte_save_tags_for_pfn()",
    sleeps: true,
    next: "move-mapping",
    do: (turn) => {
      const { world, site, actor } = turn;
      for (const [granule, tag] of tagsToMove(turn).entries())
        world.stash[actor.frame * site.granules + granule] = tag;
      return { marks: ["tags-are-stashed"] };
    },
  },
};

/** The tags of a page that waits for its stash cannot be seen yet. */
const seenOf = (turn: Turn, frame: number): Seen => {
  const look = seenAt(turn, frame);
  return waitsForStash(turn) ? { bytes: look.bytes ?? 0 } : look;
};

/**
 * The fault on a page that has no place for its tags. A page that lies in CMA memory is moved out of
 * it. Else its storage is claimed; a first failure is VM_FAULT_RETRY, a later one moves the page to
 * another that may have its storage, and the fault is replayed whatever came of it.
 */
export const cmaFaultScript = (design: MovingDesign): Script => {
  const claim = migratingClaim(
    cmaVersion,
    (turn) => (isForReplacement(turn) ? "isolate-page" : "lock-page-table"),
    (turn) => (isForReplacement(turn) ? "isolate-page" : "retry-fault"),
  );
  const moving = replacing(design, {
    asking: "replace_folio_with_tagged(), alloc_migration_target()",
    claimTarget: claim.entry,
    copying,
    seen: seenOf,
  });
  return {
    entry: "look-at-page",
    actions: together(claim.actions, initialisingUnderLock(), moving, {
      "look-at-page": {
        standsFor: "handle_folio_missing_tag_storage()",
        when: (turn) => {
          const { state } = at(turn.world.held, the(turn, "enable-tags").handle);
          return state === "mapped" || state === "deferred";
        },
        do: (turn) => {
          const { world, site, actor } = turn;
          actor.handle = the(turn, "enable-tags").handle;
          const page = at(world.held, actor.handle);
          page.uses++;
          actor.frame = page.at;
          if (isStorage(site, page.at) || page.at >= site.taggableFrames)
            return { to: "replace-page" };
          return { to: at(world.frames, page.at).flagged ? "lock-page-table" : claim.entry };
        },
      },
      "retry-fault": {
        standsFor: "VM_FAULT_RETRY",
        do: ({ actor }) => {
          /** The register holds junk until the fault was retried once. */
          const first = actor.value !== 0;
          actor.value = 0;
          return { to: first ? "replay-fault" : "replace-page" };
        },
      },
    }),
  };
};
