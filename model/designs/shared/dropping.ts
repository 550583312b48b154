/**
 * Claiming tag storage by dropping what lies there: copies of which there is another somewhere. One
 * lock with interrupts off from the first look to the count, no allocation, no sleep, no failure.
 */
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import type { World } from "../../world/world.ts";
import type { Commit, Mark, Script, TagStorage, Turn } from "../script.ts";
import {
  countUser,
  invalidatingDataLines,
  isUsedForTags,
  pagesOfBlock,
  takeForTags,
} from "./blocks.ts";

/** Where an actor is while it claims so, and the most actions that it takes. */
export const claimingByDropping: readonly Label[] = [
  "recall",
  "invalidate-data-lines",
  "count-user",
];

const copiesIn = ({ storage }: World): number =>
  storage.filter(({ use }) => use === "cached").length;

const marksOf = (dropped: number): readonly Mark[] => {
  if (dropped === 0) return ["claim-takes-a-free-block"];
  return dropped === 1
    ? ["claim-drops-a-copy"]
    : ["claim-drops-a-copy", "claim-drops-a-whole-folio"];
};

export const claimByDropping =
  ({
    take,
    drop,
  }: {
    /** What the claim stands for. */
    readonly take: string;
    /** Lets the copy in a storage page go, and whatever goes with it. */
    readonly drop: (turn: Turn, storage: number) => readonly Commit[];
  }): TagStorage["claim"] =>
  (then): Script => ({
    entry: "recall",
    actions: {
      recall: {
        standsFor: take,
        takes: "index",
        do: (turn) => {
          const { world } = turn;
          if (isUsedForTags(turn)) return { to: "count-user", marks: ["claim-joins-other-users"] };
          const pages = pagesOfBlock(turn);
          const reader = world.actors.some(
            ({ storage }, actor) => actor !== turn.me && pages.includes(storage),
          );
          const before = copiesIn(world);
          const commits = pages.flatMap((storage) =>
            at(world.storage, storage).use === "cached" ? drop(turn, storage) : [],
          );
          const dropped = before - copiesIn(world);
          takeForTags(turn);
          const marks = marksOf(dropped);
          return {
            to: "invalidate-data-lines",
            commits,
            marks: reader && dropped > 0 ? [...marks, "claim-revokes-a-reader"] : marks,
          };
        },
      },
      "invalidate-data-lines": invalidatingDataLines,
      "count-user": {
        standsFor: "block_ref_add()",
        drops: "index",
        next: then,
        do: countUser,
      },
    },
  });
