/**
 * Moving the data out of one storage page: find whose it is, isolate it unless somebody holds on to
 * it, copy it to a free place, map it there. So many tries, and then it is given up.
 */
import { poisonStorage } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import { heldStates, junk, type StorageUse } from "../../world/world.ts";
import { type Actions, commit, type Turn } from "../script.ts";
import {
  freeFrames,
  freeStorage,
  isStorage,
  loadPlace,
  orNone,
  placed,
  seenAt,
  storePlace,
  takePlace,
} from "./places.ts";

export type Evacuation = {
  /** What finds and isolates the page. */
  readonly standsFor: string;
  /** The storage pages that are to be emptied: nothing moves from one of them into another. */
  readonly pages: (turn: Turn) => readonly number[];
  readonly triesAtMost: number;
  /** Where the page is empty; what it is from then on. */
  readonly moved: Label;
  readonly leaves: StorageUse;
  readonly givenUp: Label;
};

/** Whoever holds the page that lies in a storage page; nobody while it is being allocated. */
const holderOf = ({ world, site }: Turn, storage: number): number =>
  world.held.findIndex((page) => page.state !== "none" && page.at === site.frames + storage);

/** Empties `actor.storage`, by way of `isolate-storage`; `actor.count` counts the tries. */
export const evacuating = (how: Evacuation): Actions => ({
  "isolate-storage": {
    standsFor: how.standsFor,
    sleeps: true,
    choose: (turn) => {
      const emptied = new Set(how.pages(turn).map((storage) => turn.site.frames + storage));
      const spare = freeStorage(turn).filter((place) => !emptied.has(place));
      return orNone([...freeFrames(turn, false), ...spare]);
    },
    do: (turn, place) => {
      const { world, actor } = turn;
      /** In atomic context nothing can be migrated at all. */
      if (turn.atomic()) return { to: how.givenUp };
      const page = world.held[holderOf(turn, actor.storage)];
      const mapped = page?.state === "mapped" || page?.state === "deferred";
      if (!page || !mapped || page.pinned || page.uses > 0) {
        actor.count++;
        const to = actor.count < how.triesAtMost ? "isolate-storage" : how.givenUp;
        return page?.pinned ? { to, marks: ["claim-finds-a-pinned-page"] } : { to };
      }
      if (place < 0) return { to: how.givenUp };
      takePlace(turn, place);
      /** A page that waits for a fault waits for it where it comes to lie, too. */
      if (page.state === "deferred") actor.secondValue = heldStates.indexOf("deferred");
      page.state = "moving";
      actor.moved = place;
      return { to: "move-storage" };
    },
  },
  "move-storage": {
    standsFor: "migrate_pages(), copy_highpage()",
    next: "remap-storage",
    do: ({ world, site, actor }) => {
      const bytes = loadPlace(world, site, site.frames + actor.storage);
      storePlace(world, site, actor.moved, bytes);
      return undefined;
    },
  },
  "remap-storage": {
    standsFor: "migrate_pages(), remove_migration_ptes()",
    next: how.moved,
    do: (turn) => {
      const { world, site, actor } = turn;
      const holder = holderOf(turn, actor.storage);
      const page = at(world.held, holder);
      page.at = actor.moved;
      page.state = actor.secondValue === junk ? "mapped" : "deferred";
      if (!isStorage(site, actor.moved)) at(world.frames, actor.moved).use = "held";
      at(world.storage, actor.storage).use = how.leaves;
      poisonStorage(world, site, actor.storage);
      const seen = seenAt(turn, actor.moved);
      const outcome = { kind: "page", handle: holder, seen } as const;
      const moved = commit(outcome, placed(site, actor.moved), { kind: "migrate", handle: holder });
      actor.storage = -1;
      actor.moved = -1;
      actor.secondValue = junk;
      return { commits: [moved], marks: ["claim-moves-data-away"] };
    },
  },
});
