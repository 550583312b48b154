/**
 * What becomes of an allocation whose page cannot have its tag storage. RFC v3 hands the page out all
 * the same. RFC v1 and v2 put it back, at the tail of its list, and try the next one; when every page
 * has been tried there is no memory, however much of it is free.
 */
import type { Label } from "../../world/labels.ts";
import {
  type Actions,
  type Next,
  type Script,
  type TagStorage,
  type Turn,
  together,
} from "../script.ts";
import { freeFrames, givePlaceBack, orNone, takePlace } from "./places.ts";
import { forgetTries, rememberTry } from "./tried.ts";

export type Reserving = {
  /** `null`: every frame has its storage for ever. */
  readonly tagStorage: TagStorage | null;
  /**
   * What becomes of a page whose claim failed. Unless told, it is handed out all the same, to fault
   * until there is a place for its tags. Or nobody gets it: the caller is told that there is no
   * memory, at once, or when the next pages were tried in vain.
   */
  readonly failedClaim?: "no-memory" | "next-page";
};

/** A page goes back, and another is taken that was not tried yet. */
export const tryingNextPage = (
  retry: Label,
  /** Every page was tried. */
  giveUp: (turn: Turn) => Next,
): Actions => ({
  "return-page": {
    standsFor: "return_page_to_buddy() at the tail, get_page_from_freelist()",
    choose: (turn) => orNone(freeFrames(turn, true, "not-tried")),
    do: (turn, place) => {
      const { actor } = turn;
      rememberTry(turn, actor.frame);
      givePlaceBack(turn, actor.frame, "left");
      actor.frame = place;
      if (place < 0) {
        forgetTries(turn);
        return { ...giveUp(turn), marks: ["page-without-storage-is-returned"] };
      }
      takePlace(turn, place);
      return { to: retry, marks: ["page-without-storage-is-returned"] };
    },
  },
});

/** Claims storage for a page that was just allocated; `without`: where best effort goes on. */
export const claimForAllocation = (
  { tagStorage, failedClaim }: Reserving,
  then: Label,
  without: Label,
  giveUp: (turn: Turn) => Next,
): Script | undefined => {
  if (!tagStorage) return undefined;
  if (failedClaim !== "next-page") return tagStorage.claim(then, without);
  const claim = tagStorage.claim(then, "return-page");
  const actions = together(claim.actions, tryingNextPage(claim.entry, giveUp));
  return { entry: claim.entry, actions };
};
