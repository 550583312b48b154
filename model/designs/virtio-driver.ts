/**
 * The guest's side of a region whose size a host decides: a worker that goes after the requested
 * size, one block at a time. It reads sizes, and by the time its request arrives the host may have
 * changed its mind: a request can be refused, put off, or be about a block that is so already; then
 * the worker asks, or is queued again. How a block is emptied before it goes is what tells designs
 * apart.
 */

import type { Label } from "../world/labels.ts";
import { at, type Site } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { FairDecision, OwnWork } from "./own.ts";
import { type Action, type Actions, type Script, type Turn, the, together } from "./script.ts";
import { setView, viewOf } from "./shared/block-views.ts";
import {
  isPlugged,
  plug,
  pluggedSize,
  requestedSizeOf,
  unplug,
  unplugAll,
  usableSizeOf,
} from "./virtio-region.ts";

const blockOf = (turn: Turn): number => the(turn, "work").object;

/** The pages of the block that the worker is at. */
export const pagesOfBlock = (turn: Turn): readonly number[] =>
  at(turn.site.storageOfBlock, blockOf(turn));

/** Nobody puts anything into the block from now on. */
export const takeOutOfUse = (turn: Turn): void => setView(turn.world, blockOf(turn), "idle");
export const useAgain = (turn: Turn): void => setView(turn.world, blockOf(turn), "used");

/** The device may always be busy: then the work is queued again, with a growing delay. */
const answers = { now: 0, busy: 1 } as const;

const asking = (request: string, ask: (turn: Turn) => { readonly to: Label | "end" }): Action => ({
  standsFor: `virtio_mem_send_request(), ${request}`,
  sleeps: true,
  decidedBy: "environment",
  choose: () => [answers.now, answers.busy],
  do: (turn, answer) =>
    answer === answers.busy ? { to: "end", marks: ["the-device-is-busy"] } : ask(turn),
});

const readingSizes = (next: Label): Actions => ({
  "read-sizes": {
    standsFor: "virtio_mem_refresh_config()",
    next,
    do: () => undefined,
  },
});

/** After every block in turn: a driver that asked after one alone might always ask the wrong one. */
const askingState: Actions = {
  "ask-state": {
    standsFor: "virtio_mem_send_request(), VIRTIO_MEM_REQ_STATE",
    sleeps: true,
    do: ({ world, site, actor }) => {
      const block = actor.count;
      const is = isPlugged(world, block);
      const known = viewOf(world, block) !== "absent";
      if (is !== known) setView(world, block, is ? "idle" : "absent");
      actor.count++;
      return {
        to: actor.count < site.blocks ? "ask-state" : "end",
        ...(is && !known && { marks: ["the-driver-learns-of-a-block"] }),
      };
    },
  },
};

const usingBlock: Actions = {
  "use-block": {
    standsFor: "virtio_mem_sbm_plug_and_add_mb(), the block is given out",
    within: "index",
    next: "end",
    do: (turn) => {
      useAgain(turn);
      return undefined;
    },
  },
};

const plugScript: Script = {
  entry: "read-sizes",
  actions: together(readingSizes("send-plug"), usingBlock, askingState, {
    "send-plug": asking("VIRTIO_MEM_REQ_PLUG", ({ world, site, ...turn }) => {
      const answer = plug(world, site, blockOf({ world, site, ...turn }));
      if (answer === "ack") return { to: "use-block", marks: ["a-block-is-plugged"] };
      if (answer === "nack") return { to: "end", marks: ["the-device-refuses"] };
      return { to: "ask-state" };
    }),
  }),
};

/** `empties`: takes everything out of the block, and nothing comes in any more. */
const unplugScript = (empties: (then: Label) => Script): Script => {
  const emptying = empties("await-users");
  return {
    entry: emptying.entry,
    actions: together(emptying.actions, askingState, {
      "await-users": {
        standsFor: "the last reference to a page of the block is dropped",
        sleeps: true,
        when: (turn) => {
          const pages = pagesOfBlock(turn);
          return !turn.world.actors.some(({ storage, target }) =>
            [storage, target].some((used) => pages.includes(used)),
          );
        },
        next: "send-unplug",
        do: () => undefined,
      },
      "send-unplug": asking("VIRTIO_MEM_REQ_UNPLUG", (turn) => {
        const { world, site } = turn;
        if (unplug(world, site, blockOf(turn)) !== "ack") return { to: "ask-state" };
        setView(world, blockOf(turn), "absent");
        return { to: "end", marks: ["a-block-is-unplugged"] };
      }),
    }),
  };
};

const unplugAllScript: Script = {
  entry: "read-sizes",
  actions: together(readingSizes("unplug-all"), {
    "unplug-all": asking("VIRTIO_MEM_REQ_UNPLUG_ALL", ({ world, site }) => {
      unplugAll(world, site);
      return { to: "end", marks: ["everything-is-unplugged"] };
    }),
  }),
};

const useScript: Script = { entry: "use-block", actions: usingBlock };
const askScript: Script = { entry: "ask-state", actions: askingState };

const everyBlock = ({ blocks }: Site): readonly number[] =>
  Array.from({ length: blocks }, (_, block) => block);

const blocksKnown = (world: World, site: Site): number =>
  everyBlock(site).filter((block) => viewOf(world, block) !== "absent").length;

const isTooLarge = (world: World): boolean => pluggedSize(world) > requestedSizeOf(world);

/**
 * What the worker is queued for, whenever the sizes or a block say so. A driver that finds more
 * plugged than it knows of was loaded after another one: it asks which, or has everything unplugged.
 */
export const resizing = (empties: (then: Label) => Script): readonly OwnWork[] => [
  {
    name: "plugs-block",
    queued: true,
    objects: everyBlock,
    when: (world, _site, block) =>
      pluggedSize(world) < requestedSizeOf(world) &&
      block < usableSizeOf(world) &&
      viewOf(world, block) === "absent",
    script: plugScript,
  },
  {
    name: "unplugs-block",
    queued: true,
    objects: everyBlock,
    when: (world, _site, block) => isTooLarge(world) && viewOf(world, block) !== "absent",
    script: unplugScript(empties),
    movesPages: true,
  },
  {
    name: "uses-block",
    queued: true,
    objects: everyBlock,
    when: (world, _site, block) => !isTooLarge(world) && viewOf(world, block) === "idle",
    script: useScript,
  },
  {
    name: "asks-about-region",
    queued: true,
    objects: () => [0],
    when: (world, site) => !isTooLarge(world) && blocksKnown(world, site) < pluggedSize(world),
    script: askScript,
  },
  {
    name: "unplugs-all-of-region",
    queued: true,
    objects: () => [0],
    when: (world, site) => isTooLarge(world) && blocksKnown(world, site) === 0,
    script: unplugAllScript,
  },
];

/** Busy is an answer, and not the only one for ever. */
export const hostIsNotBusyForEver: readonly FairDecision[] = (
  ["send-plug", "send-unplug", "unplug-all"] as const
).map((label) => ({
  name: `the device is not busy for ever: ${label}`,
  at: label,
  isFor: (answer) => answer === answers.now,
}));
