/** Letting tag storage go, from any context; the block is given back with its last user. */
import { mark, to } from "../codes.ts";
import { word } from "../columns.ts";
import type { Kit } from "../kit.ts";
import type { PackedScript } from "../script.ts";

export const releaseScript = (
  kit: Kit,
  giveBack: (page: number) => void,
  then: number,
): PackedScript => {
  const { state, arena, report } = kit;
  const { users, frames } = state;
  return {
    entry: "invalidate-tag-lines",
    actions: {
      "invalidate-tag-lines": {
        do: ({ frame }) => {
          arena.invalidateTagLines(frame);
          return to["uncount"];
        },
      },
      uncount: {
        do: ({ frame }) => {
          const block = kit.blockOf(frame);
          const left = word(users, block) - 1;
          users[block] = left;
          frames.claimed[frame] = 0;
          if (kit.poison) arena.poisonTags(frame);
          if (left > 0) return then;
          const first = kit.firstStorageOf(block);
          for (let page = first; page < first + kit.blockPages; page++) giveBack(page);
          report.mark(mark["last-user-gives-the-block-back"]);
          return then;
        },
      },
    },
  };
};
