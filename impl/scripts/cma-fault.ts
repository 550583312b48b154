/** The fault on access of RFC v3: it claims once more, or moves the page to another. */
import { heldState, mark, none, own, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import type { Registers } from "../registers.ts";
import { look } from "../report.ts";
import { type PackedActions, type PackedScript, together } from "../script.ts";
import { cmaClaim } from "./cma.ts";
import { flagAsTagged, givingBack, initialisingTags, setAside } from "./memory.ts";
import { carryTags, isPinned, type PackedMovingDesign } from "./moving.ts";

/** The move to another page, with the tags that the old one has, or that are kept aside for it. */
const replacing = (kit: Kit, design: PackedMovingDesign, claimTarget: number): PackedActions => {
  const { state, arena, report } = kit;
  const { held, stash, stashed } = state;
  const rest = givingBack(kit, design, to["replay-fault"]);
  const lettingGo = (place: number): number =>
    kit.isClaimed(place) ? to[rest.entry] : to["give-back"];
  const isStashed = (place: number): boolean => !kit.isStorage(place) && kit.hasStash(place);
  return together(rest.actions, {
    "replace-page": {
      do: (actor, choice) => {
        const place = choice === own ? kit.freeTaggable() : choice;
        report.chose = place;
        if (place === none) return to["replay-fault"];
        kit.take(place);
        actor.target = actor.frame;
        actor.frame = place;
        return claimTarget;
      },
    },
    "isolate-page": {
      do: ({ handle }) => {
        if (isPinned(kit, handle) || word(held.uses, handle) > 1) return to["undo-replace"];
        held.state[handle] = heldState.moving;
        return to["move-bytes"];
      },
    },
    "undo-replace": {
      do: (actor) => {
        actor.target = none;
        return lettingGo(actor.frame);
      },
    },
    "move-bytes": {
      do: ({ frame, target }) => {
        kit.store(frame, kit.load(target));
        if (!kit.isFlagged(target) && !isStashed(target)) return to["move-mapping"];
        return kit.isClaimed(frame) ? to["move-tags"] : to["stash-tags"];
      },
    },
    "move-tags": {
      do: ({ frame, target }) => {
        if (kit.isFlagged(target)) {
          carryTags(kit, target, frame);
          report.mark(mark["a-tagged-page-is-migrated"]);
          return to["move-mapping"];
        }
        arena.restoreTags(frame, stash, target);
        flagAsTagged(kit, frame);
        report.mark(mark["stash-is-replayed"]);
        return to["move-mapping"];
      },
    },
    "stash-tags": {
      do: ({ frame, target }) => {
        if (kit.isFlagged(target)) arena.saveTags(target, stash, frame);
        else arena.moveShelved(stash, target, stash, frame);
        stashed[frame] = 1;
        report.mark(mark["tags-are-stashed"]);
        return to["move-mapping"];
      },
    },
    "move-mapping": {
      do: (actor) => {
        const { handle, frame: target, target: from } = actor;
        const waits = isStashed(target) && !kit.isFlagged(target);
        kit.putHandle(handle, target);
        held.state[handle] = heldState.deferred;
        setAside(kit, from);
        kit.migrated(handle, target, waits ? look.bytesAlone : look.everything);
        actor.frame = from;
        actor.target = none;
        report.mark(mark["fault-replaces-the-page"]);
        return lettingGo(from);
      },
    },
  });
};

export const cmaFaultScript = (kit: Kit, design: PackedMovingDesign): PackedScript => {
  const { state, report } = kit;
  const { held } = state;
  /** Storage is claimed for the page itself, or for the one that takes its place. */
  const forReplacement = ({ target }: Registers): boolean => target >= 0;
  const claim = cmaClaim(
    kit,
    (actor) => (forReplacement(actor) ? "isolate-page" : "lock-page-table"),
    (actor) => (forReplacement(actor) ? "isolate-page" : "retry-fault"),
  );
  return {
    entry: "look-at-page",
    actions: together(
      claim.actions,
      initialisingTags(kit),
      replacing(kit, design, to[claim.entry]),
      {
        "look-at-page": {
          when: ({ first: handle }) => {
            const now = byte(held.state, handle);
            return now === heldState.mapped || now === heldState.deferred;
          },
          do: (actor) => {
            const handle = actor.first;
            actor.handle = handle;
            held.uses[handle] = word(held.uses, handle) + 1;
            const place = word(held.at, handle);
            actor.frame = place;
            if (place >= kit.taggableFrames) return to["replace-page"];
            return kit.isFlagged(place) ? to["lock-page-table"] : to[claim.entry];
          },
        },
        "lock-page-table": {
          do: ({ frame }) => (kit.isFlagged(frame) ? to["map-tagged"] : to["lock-tags"]),
        },
        "retry-fault": {
          do: (actor) => {
            /** The register holds junk until the fault was retried once. */
            const first = actor.value !== 0;
            actor.value = 0;
            return first ? to["replay-fault"] : to["replace-page"];
          },
        },
        "replay-fault": {
          do: ({ handle }) => {
            held.uses[handle] = word(held.uses, handle) - 1;
            report.mark(mark["fault-is-replayed"]);
            return to["look-at-page"];
          },
        },
      },
    ),
  };
};
