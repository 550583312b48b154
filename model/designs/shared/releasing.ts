/**
 * Letting tag storage go, the same way in every design that claims it: the page's tag lines are
 * cleaned before anybody can put data where its tags were, and its block is given back with its last
 * user. Any context may do it.
 */
import { invalidateTagLines, poisonTags } from "../../hardware/arena.ts";
import type { Label } from "../../world/labels.ts";
import { at } from "../../world/site.ts";
import type { LockName, Script, Turn } from "../script.ts";

export const releaseScript = (
  standsFor: { readonly invalidate: string; readonly uncount: string },
  /** What becomes of a storage page whose block has no user left. */
  giveBack: (turn: Turn, storage: number) => void,
  then: Label,
  /** The lock of the blocks, and the one under which a page is free again, if that is another. */
  locks: { readonly blocks: LockName; readonly free?: LockName } = { blocks: "index" },
): Script => ({
  entry: "invalidate-tag-lines",
  actions: {
    "invalidate-tag-lines": {
      standsFor: standsFor.invalidate,
      takes: locks.blocks,
      next: "uncount",
      do: ({ world, site, actor }) => {
        invalidateTagLines(world, site, actor.frame);
        return undefined;
      },
    },
    uncount: {
      standsFor: standsFor.uncount,
      ...(locks.free && { within: locks.free }),
      drops: locks.blocks,
      next: then,
      do: (turn) => {
        const { world, site, actor } = turn;
        const block = at(site.blockOf, actor.frame);
        const users = at(world.users, block) - 1;
        world.users[block] = users;
        at(world.frames, actor.frame).claimed = false;
        poisonTags(world, site, actor.frame);
        if (users > 0) return undefined;
        for (const storage of at(site.storageOfBlock, block)) giveBack(turn, storage);
        return { marks: ["last-user-gives-the-block-back"] };
      },
    },
  },
});
