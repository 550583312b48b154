/** The stash and the shelves as the model has them, where no walk puts two pages beside each other. */
import { expect, test } from "vitest";
import { abstractionOf, Manager } from "../../../impl/index.ts";
import { designNamed, nothing } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

test("tags in the stash are those of their page, and nothing where there are none", () => {
  const cma = designNamed("cma") ?? expect.unreachable("cma");
  const manager = new Manager(cma, scopeOf({ granules: 3 }));
  const { state, kit } = manager;
  for (const frame of [1, 2])
    for (const granule of [0, 1, 2]) {
      kit.arena.storeTag(frame, granule, 2 * frame + granule);
      kit.arena.saveTags(frame, state.stash, frame);
      kit.arena.saveTags(frame, state.slotTags, frame - 1);
    }
  state.stashed[1] = 1;
  state.stashed[2] = 1;
  state.slots.saved[1] = 1;
  const { stash, slots, truth } = abstractionOf(manager, 7);
  expect(stash.slice(0, 9)).toEqual([nothing, nothing, nothing, 2, 3, 4, 4, 5, 6]);
  expect(stash.slice(9).every((tag) => tag === nothing)).toBe(true);
  expect(slots.map(({ tags }) => tags)).toEqual([
    [nothing, nothing, nothing],
    [4, 5, 6],
  ]);
  expect(truth).toBe(7);
});
