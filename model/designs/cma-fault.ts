/** The fault on access of RFC v3: how a page that is mapped without access comes to have tags. */

import { at } from "../world/site.ts";
import { cmaTagStorage } from "./cma-claim.ts";
import { commit, type Script, the, together } from "./script.ts";
import { initialisingTags } from "./shared/memory.ts";
import {
  freeFrames,
  givePlaceBack,
  hasStash,
  isStorage,
  loadPlace,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
} from "./shared/places.ts";

/**
 * The fault on a page that has no place for its tags. A page that lies in CMA memory is moved out of
 * it. Else its storage is claimed; a first failure is VM_FAULT_RETRY, a later one moves the page to
 * another that may have its storage, and the fault is replayed whatever came of it.
 */
export const cmaFaultScript = (): Script => {
  const claim = cmaTagStorage.claim("lock-page-table", "retry-fault");
  return {
    entry: "look-at-page",
    actions: together(claim.actions, initialisingTags(), {
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
      "replace-page": {
        standsFor: "replace_folio_with_tagged()",
        sleeps: true,
        choose: (turn) => orNone(freeFrames(turn, true)),
        do: (turn, place) => {
          const { world, actor } = turn;
          const page = at(world.held, actor.handle);
          if (place < 0 || page.pinned || page.uses > 1 || hasStash(turn))
            return { to: "replay-fault" };
          takePlace(turn, place);
          page.state = "moving";
          actor.target = actor.frame;
          actor.frame = place;
          return { to: "move-bytes" };
        },
      },
      "move-bytes": {
        standsFor: "migrate_pages(), copy_highpage()",
        next: "move-mapping",
        do: ({ world, site, actor }) => {
          storePlace(world, site, actor.frame, loadPlace(world, site, actor.target));
          return undefined;
        },
      },
      "move-mapping": {
        standsFor: "migrate_pages(), remove_migration_ptes()",
        next: "replay-fault",
        do: (turn) => {
          const { world, site, actor } = turn;
          const page = at(world.held, actor.handle);
          page.at = actor.frame;
          page.state = "deferred";
          at(world.frames, actor.frame).use = "held";
          givePlaceBack(turn, actor.target);
          actor.target = -1;
          const seen = seenAt(turn, actor.frame);
          const outcome = { kind: "page", handle: actor.handle, seen } as const;
          const move = { kind: "migrate", handle: actor.handle } as const;
          return {
            commits: [commit(outcome, placed(site, actor.frame), move)],
            marks: ["fault-replaces-the-page"],
          };
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
