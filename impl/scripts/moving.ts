/** Copies and migration; both end in copy_highpage(), which cannot fail. */
import { end, heldState, mark, none, own, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import type { Registers } from "../registers.ts";
import { look } from "../report.ts";
import { type PackedActions, type PackedScript, together } from "../script.ts";
import { flagAsTagged, givingBack, type PackedMemoryDesign, setAside } from "./memory.ts";

export type PackedMovingDesign = PackedMemoryDesign & {
  /** Where storage for the target is claimed: when it is allocated, or when it is used. */
  readonly claimsAt: "allocation" | "use";
};

/** The tags of one frame become those of another, which is flagged as tagged. */
export const carryTags = (kit: Kit, from: number, target: number): void => {
  kit.arena.copyTags(from, target);
  flagAsTagged(kit, target);
};

export const copyScript = (kit: Kit, design: PackedMovingDesign): PackedScript => {
  const { state, report } = kit;
  const { held } = state;
  const { tagStorage, claimsAt } = design;
  const atUse = claimsAt === "use";
  const claim = atUse
    ? tagStorage?.claim("copy-tags", "copy-tags")
    : tagStorage?.claim("copy-bytes", "copy-bytes");
  const afterTaking = to[!atUse && claim ? claim.entry : "copy-bytes"];
  const freePlace = (tagged: boolean): number => (tagged ? kit.freeTaggable() : kit.freeUntagged());
  const withTags = (actor: Registers): number => {
    if (atUse && claim) return to[claim.entry];
    return !tagStorage || kit.isClaimed(actor.frame) ? to["copy-tags"] : to["stash-tags"];
  };
  return {
    entry: "take-page",
    actions: together(claim?.actions ?? {}, {
      "take-page": {
        do: (actor, choice) => {
          const from = actor.first;
          const source = word(held.at, from);
          const tagged = kit.isFlagged(source);
          const place = choice === own ? freePlace(tagged) : choice;
          report.chose = place;
          if (place === none) {
            kit.noMemory(actor);
            return end;
          }
          kit.take(place);
          held.state[from] = heldState["read-only"];
          held.uses[from] = word(held.uses, from) + 1;
          actor.frame = place;
          actor.target = source;
          actor.handle = from;
          return tagged ? afterTaking : to["copy-bytes"];
        },
      },
      "copy-bytes": {
        do: (actor) => {
          kit.store(actor.frame, kit.load(actor.target));
          return kit.isFlagged(actor.target) ? withTags(actor) : to["publish-copy"];
        },
      },
      "copy-tags": {
        do: ({ target, frame }) => {
          carryTags(kit, target, frame);
          report.mark(mark["a-tagged-page-is-copied"]);
          return to["publish-copy"];
        },
      },
      "publish-copy": {
        do: (actor) => {
          const { frame, handle: from, second: owner } = actor;
          held.state[from] = heldState.mapped;
          held.uses[from] = word(held.uses, from) - 1;
          const waits = kit.hasStash(frame);
          const handle = kit.hold(frame, owner, waits ? heldState.deferred : heldState.mapped);
          kit.handOver(handle, frame, waits ? look.bytesAlone : look.everything);
          return end;
        },
      },
      ...stashing(
        kit,
        design,
        (actor) => kit.arena.saveTags(word(held.at, actor.handle), state.stash, actor.frame),
        to["publish-copy"],
      ),
    }),
  };
};

/** Tags are kept aside by page number until `actor.frame` has a place for them. */
export const stashing = (
  { state, report }: Kit,
  { tagStorage, claimsAt }: PackedMovingDesign,
  save: (actor: Registers) => void,
  next: number,
): PackedActions =>
  tagStorage && claimsAt === "allocation"
    ? {
        "stash-tags": {
          do: (actor) => {
            save(actor);
            state.stashed[actor.frame] = 1;
            report.mark(mark["tags-are-stashed"]);
            return next;
          },
        },
      }
    : {};

export const migrateScript = (kit: Kit, design: PackedMovingDesign): PackedScript => {
  const { state, report } = kit;
  const { held } = state;
  const { tagStorage, dataInStorage, claimsAt } = design;
  const atAllocation = claimsAt === "allocation";
  const claim = atAllocation
    ? tagStorage?.claim("move-bytes", "undo-move")
    : tagStorage?.claim("move-tags", "move-tags");
  const rest = givingBack(kit, design);
  const afterTaking = to[claim && atAllocation ? claim.entry : "move-bytes"];
  const afterBytes = to[claim && !atAllocation ? claim.entry : "move-tags"];
  const freeTarget = (tagged: boolean): number => {
    if (tagged) return kit.freeTaggable();
    return dataInStorage ? kit.freeAnywhere() : kit.freeUntagged();
  };
  return {
    entry: "isolate-page",
    actions: together(claim?.actions ?? {}, rest.actions, {
      "isolate-page": {
        do: (actor) => {
          actor.handle = actor.first;
          held.state[actor.handle] = heldState.moving;
          actor.target = word(held.at, actor.handle);
          return to["take-target"];
        },
      },
      "take-target": {
        do: (actor, choice) => {
          const tagged = kit.isFlagged(actor.target);
          const place = choice === own ? freeTarget(tagged) : choice;
          report.chose = place;
          if (place === none) return to["undo-move"];
          kit.take(place);
          actor.frame = place;
          return tagged ? afterTaking : to["move-bytes"];
        },
      },
      "move-bytes": {
        do: ({ frame, target }) => {
          kit.store(frame, kit.load(target));
          return kit.isFlagged(target) ? afterBytes : to["move-tags"];
        },
      },
      "move-tags": {
        do: ({ frame, target }) => {
          if (!kit.isFlagged(target)) return to["move-mapping"];
          carryTags(kit, target, frame);
          report.mark(mark["a-tagged-page-is-migrated"]);
          return to["move-mapping"];
        },
      },
      "move-mapping": {
        do: (actor) => {
          const { handle, frame: target, target: from } = actor;
          kit.putHandle(handle, target);
          held.state[handle] = heldState.mapped;
          setAside(kit, from);
          kit.handOver(handle, target);
          actor.frame = from;
          actor.target = none;
          return kit.isClaimed(from) ? to[rest.entry] : to["give-back"];
        },
      },
      "undo-move": {
        do: ({ handle, frame }) => {
          if (frame >= 0) kit.giveBack(frame);
          held.state[handle] = heldState.mapped;
          kit.handOver(handle, word(held.at, handle));
          return end;
        },
      },
    }),
  };
};

export const isPinned = ({ state: { held } }: Kit, handle: number): boolean =>
  byte(held.pinned, handle) === 1;
