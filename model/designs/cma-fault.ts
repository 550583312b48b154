/** The fault on access of RFC v3: how a page that is mapped without access comes to have tags. */

import { loadTags, storeTags } from "../hardware/arena.ts";
import type { Label } from "../world/labels.ts";
import { at } from "../world/site.ts";
import { nothing } from "../world/world.ts";
import { cmaVersion } from "./cma-claim.ts";
import { type Actions, commit, type Script, type Turn, the, together } from "./script.ts";
import { givingBack, initialisingTags, letsStorageGo } from "./shared/memory.ts";
import { migratingClaim } from "./shared/migrating-claim.ts";
import { carryTags, isFlagged, type MovingDesign } from "./shared/moving.ts";
import {
  freeFrames,
  isStorage,
  loadPlace,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
  waitsForStash,
} from "./shared/places.ts";

/** Of the page that is moved: its own, else those kept aside for it. Nothing where it has none. */
const tagsToMove = ({ world, site, actor: { target } }: Turn): readonly number[] => {
  if (isFlagged(world, site, target)) return loadTags(world, site, target);
  const kept = world.stash.slice(target * site.granules, (target + 1) * site.granules);
  return kept.includes(nothing) ? [] : kept;
};

/**
 * The move to another page, as migrate_pages() does it. The new page is asked for with __GFP_TAGGED,
 * so it may have its storage; that it could not be had stops nobody. Somebody else may have given the
 * old page tags meanwhile: copy_highpage() takes them along, or keeps them aside for the new page.
 */
const replacing = (design: MovingDesign, claimTarget: Label): Actions => {
  const rest = givingBack(design, "replay-fault");
  return together(rest.actions, {
    "replace-page": {
      standsFor: "replace_folio_with_tagged(), alloc_migration_target()",
      sleeps: true,
      choose: (turn) => orNone(freeFrames(turn, true)),
      do: (turn, place) => {
        const { actor } = turn;
        if (place < 0) return { to: "replay-fault" };
        takePlace(turn, place);
        actor.target = actor.frame;
        actor.frame = place;
        return { to: claimTarget };
      },
    },
    "isolate-page": {
      standsFor: "migrate_pages(), try_to_migrate()",
      do: ({ world, actor }) => {
        const page = at(world.held, actor.handle);
        if (page.pinned || page.uses > 1) return { to: "undo-replace" };
        page.state = "moving";
        return { to: "move-bytes" };
      },
    },
    "undo-replace": {
      standsFor: "migrate_pages() refused, folio_put() on the target",
      do: (turn) => {
        turn.actor.target = -1;
        return { to: letsStorageGo(design, turn, turn.actor.frame) ? rest.entry : "give-back" };
      },
    },
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
    "move-mapping": {
      standsFor: "migrate_pages(), remove_migration_ptes()",
      do: (turn) => {
        const { world, site, actor } = turn;
        const { frame: to, target: from } = actor;
        const page = at(world.held, actor.handle);
        const waits = waitsForStash(turn);
        page.at = to;
        page.state = "deferred";
        at(world.frames, to).use = "held";
        if (!isStorage(site, from)) at(world.frames, from).use = "busy";
        const look = seenAt(turn, to);
        const seen = waits ? { bytes: look.bytes ?? 0 } : look;
        actor.frame = from;
        actor.target = -1;
        const outcome = { kind: "page", handle: actor.handle, seen } as const;
        const move = { kind: "migrate", handle: actor.handle } as const;
        return {
          to: letsStorageGo(design, turn, from) ? rest.entry : "give-back",
          commits: [commit(outcome, placed(site, to), move)],
          marks: ["fault-replaces-the-page"],
        };
      },
    },
  });
};

/**
 * The fault on a page that has no place for its tags. A page that lies in CMA memory is moved out of
 * it. Else its storage is claimed; a first failure is VM_FAULT_RETRY, a later one moves the page to
 * another that may have its storage, and the fault is replayed whatever came of it.
 */
export const cmaFaultScript = (design: MovingDesign): Script => {
  /** Storage is claimed for the page itself, or for the one that takes its place. */
  const forReplacement = ({ actor }: Turn): boolean => actor.target >= 0;
  const claim = migratingClaim(
    cmaVersion,
    (turn) => (forReplacement(turn) ? "isolate-page" : "lock-page-table"),
    (turn) => (forReplacement(turn) ? "isolate-page" : "retry-fault"),
  );
  return {
    entry: "look-at-page",
    actions: together(claim.actions, initialisingTags(), replacing(design, claim.entry), {
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
      "lock-page-table": {
        standsFor: "pte_offset_map_lock()",
        takes: "page-table",
        do: ({ world, actor }) => ({
          to: at(world.frames, actor.frame).flagged ? "map-tagged" : "lock-tags",
        }),
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
      "replay-fault": {
        standsFor: "the access faults again",
        next: "look-at-page",
        do: ({ world, actor }) => {
          at(world.held, actor.handle).uses--;
          return { marks: ["fault-is-replayed"] };
        },
      },
    }),
  };
};
