/**
 * A fault on a page that has no place for its tags moves the page to another frame, as
 * migrate_pages() does it, from under everybody's eyes. The new page is asked for with __GFP_TAGGED,
 * so it may have its storage from the start. Whatever came of it, the access faults again.
 */
import type { Seen } from "../../contract/memory/index.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import { type Actions, commit, type Turn, together } from "../script.ts";
import { givingBack, letsStorageGo } from "./memory.ts";
import type { MovingDesign } from "./moving.ts";
import { freeFrames, isStorage, orNone, placed, takePlace } from "./places.ts";

type Replacing = {
  /** The function that asks for the new page. */
  readonly asking: string;
  /** Where its storage is claimed; afterwards the page is isolated. */
  readonly claimTarget: Label;
  /** From "move-bytes" to before "move-mapping": bytes, and tags if there are any. */
  readonly copying: Actions;
  /** What the caller sees of the page in the frame that it was moved to. */
  readonly seen: (turn: Turn, frame: number) => Seen;
};

/** Is storage claimed for the frame that takes the page's place, and not for its own? */
export const isForReplacement = ({ actor }: Turn): boolean => actor.target >= 0;

export const replacing = (
  design: MovingDesign,
  { asking, claimTarget, copying, seen }: Replacing,
): Actions => {
  const rest = givingBack(design, "replay-fault");
  return together(rest.actions, copying, {
    "replace-page": {
      standsFor: asking,
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
    "move-mapping": {
      standsFor: "migrate_pages(), remove_migration_ptes()",
      do: (turn) => {
        const { world, site, actor } = turn;
        const { frame: to, target: from } = actor;
        const page = at(world.held, actor.handle);
        const shown = seen(turn, to);
        page.at = to;
        page.state = "deferred";
        at(world.frames, to).use = "held";
        if (!isStorage(site, from)) at(world.frames, from).use = "busy";
        actor.frame = from;
        actor.target = -1;
        const outcome = { kind: "page", handle: actor.handle, seen: shown } as const;
        const move = { kind: "migrate", handle: actor.handle } as const;
        return {
          to: letsStorageGo(design, turn, from) ? rest.entry : "give-back",
          commits: [commit(outcome, placed(site, to), move)],
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
  });
};
