/** The block of tag storage that an actor's page needs: its pages, and what a claim does to them. */
import { invalidateDataLines } from "../../hardware/arena.ts";
import { at } from "../../world/site.ts";
import type { Action, Turn } from "../script.ts";

const blockOf = ({ site, actor }: Turn): number => at(site.blockOf, actor.frame);

export const pagesOfBlock = (turn: Turn): readonly number[] =>
  at(turn.site.storageOfBlock, blockOf(turn));

export const isUsedForTags = (turn: Turn): boolean =>
  pagesOfBlock(turn).every((storage) => at(turn.world.storage, storage).use === "tags");

/** From here to the count the block is nobody's: no copy can come to lie there. */
export const takeForTags = (turn: Turn): void => {
  for (const storage of pagesOfBlock(turn)) at(turn.world.storage, storage).use = "to-tags";
};

/** The data lines of an empty block go, under the lock of the claim. */
export const invalidatingDataLines: Action = {
  standsFor: "dcache_inval_poc() on the block",
  next: "count-user",
  do: (turn) => {
    for (const storage of pagesOfBlock(turn)) invalidateDataLines(turn.world, storage);
    return undefined;
  },
};

/** The block is used for tags, and counts the page. */
export const countUser = (turn: Turn): undefined => {
  const { world, site, actor } = turn;
  const block = blockOf(turn);
  for (const storage of at(site.storageOfBlock, block)) at(world.storage, storage).use = "tags";
  const frame = at(world.frames, actor.frame);
  if (!frame.claimed) world.users[block] = at(world.users, block) + 1;
  frame.claimed = true;
  return undefined;
};
