/**
 * Walks of the lockstep suites, each from a number of its own. On the way everything that anybody
 * could ask for is asked and taken back: the manager says yes where the model does.
 */
import { packedDesigns, packOperation, reply } from "../../../impl/index.ts";
import { frameList, storageList } from "../../../impl/kit.ts";
import type { Lists } from "../../../impl/lists.ts";
import { at } from "../../../model/index.ts";
import { arenasOf } from "../../../properties/lockstep/arenas.ts";
import {
  type Arena,
  describeMismatch,
  Lockstep,
  type Step,
  type Theme,
  themeNamed,
} from "../../../properties/lockstep/index.ts";
import { scopeOf } from "./scopes.ts";
import { drawSwarm, type Random, walk } from "./stepping.ts";

/** The same numbers from the same seed, for ever (Numerical Recipes' linear congruences). */
export const numbersFrom = (seed: number): Random => {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
};

const task = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

/**
 * Memory so tight, and so often pinned, that claims fail and tags wait in the stash: too rare where
 * everybody does everything.
 */
const tight: Theme = {
  name: "tight",
  sentence: "claims fail: what they want is pinned, or there is nowhere to move it",
  designs: packedDesigns.filter(({ stash }) => stash),
  scopes: () =>
    [1, 2].map((pages) => ({
      ...scopeOf({ blocks: 3, pages, granules: 2, slots: 2, files: 0, pagesPerFile: 0, pins: 1 }),
      otherCmaPages: 1,
      actors: [
        {
          ...task,
          name: "task",
          may: ["allocate-tagged", "copy", "swap-in-fault", "enable-tags", "write-tag", "free"],
        },
        {
          ...task,
          name: "other",
          cpu: 1,
          owner: 1,
          may: ["allocate-untagged", "enable-tags", "free"],
        },
        { ...task, name: "kernel", cpu: 1, owner: 3, may: ["migrate", "swap-out", "enable-tags"] },
      ],
    })),
};

/** Tags of a page are whole words, which are moved in another way than bytes. */
const words: Theme = {
  name: "words",
  sentence: "tags are moved by words",
  designs: packedDesigns,
  scopes: ({ folioOrder }) => [
    {
      ...scopeOf({ blocks: 2, pages: 2, granules: 8, slots: 2, folioOrder }),
      actors: [
        {
          ...task,
          name: "task",
          may: ["allocate-tagged", "swap-out", "swap-in-fault", "write-tag", "free", "read-tag"],
        },
        { ...task, name: "kernel", cpu: 1, may: ["migrate", "copy", "read-file", "evict"] },
      ],
    },
  ],
};

const beside = [tight, words];

/** A suite, which of the places in which it runs, and a seed. */
export type Picked = readonly [theme: string, arena: number, seed: number];

/** What was done, as "operation action", and which marks were left. */
export type Reached = { readonly actions: Set<string>; readonly marks: Set<string> };

export const arenaOf = (name: string, index: number): Arena => {
  const theme = beside.find((each) => each.name === name) ?? themeNamed(name);
  if (!theme) throw new Error(`there is no suite ${name}`);
  return at(arenasOf(theme), index);
};

/** Steps of a walk at most. */
const length = 80;
/** After so many steps everything is asked. */
const asking = 20;

/** The nodes of a list, in their order; never more than there can be. */
const nodesOf = (lists: Lists, list: number, most: number): readonly number[] => {
  const nodes: number[] = [];
  for (let at = lists.first(list); at >= 0 && nodes.length <= most; at = lists.after(at))
    nodes.push(at);
  return nodes;
};

/** Lists hold what is free or cached, each page once. */
const wronglyListed = ({ world, manager: { state, kit } }: Lockstep): string | null => {
  const { freeFrames, storageLists } = state;
  if (!freeFrames.kept) return null;
  const free = world.frames.flatMap(({ use }, frame) => (use === "free" ? [frame] : []));
  const stored = (wanted: string) =>
    world.storage.flatMap(({ use }, page) => (use === wanted ? [page] : []));
  const expected = [
    [freeFrames, frameList.taggable, free.filter((frame) => frame < kit.taggableFrames)],
    [freeFrames, frameList.barred, free.filter((frame) => frame >= kit.taggableFrames)],
    [storageLists, storageList.free, stored("free")],
    [storageLists, storageList.copies, stored("cached")],
  ] as const;
  for (const [lists, list, pages] of expected) {
    const nodes = nodesOf(lists, list, kit.frames).toSorted((one, other) => one - other);
    if (nodes.join() !== pages.join() || lists.lengthOf(list) !== pages.length)
      return `list ${list} holds ${nodes}, not ${pages}`;
  }
  return null;
};

/** What a manager says to somebody who asks, or goes on, is what the model says. */
const wronglyAnswered = ({ walker, world, manager }: Lockstep): string | null => {
  const before = manager.snapshot();
  for (const [actor, { operation }] of world.actors.entries()) {
    if (operation > 0) {
      const goesOn = walker.movesAtWork(world, actor).length > 0;
      if (manager.isReady(actor) !== goesOn) return `actor ${actor} goes on: not ${goesOn}`;
      continue;
    }
    if (manager.isReady(actor)) return `actor ${actor} goes on with nothing`;
    const mayRun = walker.contexts.mayRun(world, actor);
    const refused = new Set(
      walker.kindsOf(actor).flatMap((k) => walker.refusedOf(world, actor, k)),
    );
    for (const number of walker.numbersOf(actor)) {
      const packed = packOperation(walker.operations[number] ?? { kind: "swapoff" });
      if (packed === null) continue;
      const expected = !mayRun ? reply.waits : refused.has(number) ? reply.refused : reply.ran;
      const said = manager.request(actor, number, packed);
      if (said !== expected) return `actor ${actor} asks ${packed}: ${said}, not ${expected}`;
      if (said === reply.ran) manager.actor(actor).reset();
    }
  }
  return Buffer.compare(before, manager.state.all) === 0 ? null : "asking changed something";
};

/** What differed on the way; null where nothing did. */
export const walkPicked = ([name, index, seed]: Picked, reached: Reached): string | null => {
  const { lockstep } = arenaOf(name, index);
  if (!(lockstep instanceof Lockstep)) throw new Error("its design has no implementation");
  const random = numbersFrom(seed);
  /** Where everybody stands: the action that the next step does. */
  const look = (): readonly (string | null)[] => {
    const { walker, world } = lockstep;
    return world.actors.map((_, actor) => {
      const operation = walker.operationOf(world, actor);
      return operation && `${operation.kind} ${walker.labelOf(world, actor)}`;
    });
  };
  let standing: readonly (string | null)[] = [];
  let wrong: string | null = null;
  let steps = 0;
  const see = (step: Step): void => {
    for (const event of lockstep.events) if (event.kind === "marked") reached.marks.add(event.mark);
    if (step.kind === "move" && step.move.kind === "act") {
      const { actor, starts } = step.move;
      const operation = starts === null ? null : lockstep.walker.operations[starts];
      const begun = operation && `${operation.kind} ${lockstep.walker.scriptOf(operation).entry}`;
      reached.actions.add(begun ?? standing[actor] ?? "nothing");
    }
    standing = look();
    steps++;
    if (steps % asking === 0) wrong ??= wronglyListed(lockstep) ?? wronglyAnswered(lockstep);
  };
  const { mismatch } = walk(random, lockstep, drawSwarm(random, lockstep), length, see);
  return mismatch ? describeMismatch(mismatch) : wrong;
};
