/**
 * Variants of cleancache-page whose index is a tree with nodes: a put makes the node of its key if
 * there is none, and somebody frees the node later when its key is empty. With kernel tags on, a
 * node is a tagged page and needs storage for its tags, so making one is a claim.
 *
 * - `cleancache-node-inside` makes it under the lock of the index, which the claim needs too.
 * - `cleancache-node-preloaded` makes it before it takes the lock; a node that is not used is handed
 *   back.
 * - `cleancache-node-untagged` makes it under the lock, in a page without tags.
 *
 * (The third cure is cleancache-page itself: an array with an entry for each page of storage, and
 * nothing is ever allocated.)
 */
import { storeTags } from "../hardware/arena.ts";
import { ExtraField } from "../world/extra.ts";
import type { Label } from "../world/labels.ts";
import { fileKeys, type Offer, type Scope } from "../world/scope.ts";
import { at } from "../world/site.ts";
import { cleancachePage, memoryOf } from "./cleancache.ts";
import { cleancacheBackEnd } from "./cleancache-back-end.ts";
import type { Design } from "./design.ts";
import type { OwnWork } from "./own.ts";
import { type Action, commit, type Mark, type Script, type Turn, the, together } from "./script.ts";
import { type CacheBackEnd, keyOfOperation } from "./shared/keys.ts";
import { givingBack } from "./shared/memory.ts";
import {
  emptyStorage,
  freeFrames,
  hold,
  letGo,
  orNone,
  placed,
  seenAt,
  takePlace,
} from "./shared/places.ts";
import { shaped, withFewerPages, withoutOffers } from "./shared/scopes.ts";
import { scriptsOf } from "./shared/scripts.ts";

const memory = memoryOf("whole");
const backEnd = cleancacheBackEnd("whole");

type Making = "inside" | "preloaded" | "untagged";

/** By key of a file page: the frame of its node, plus one. */
const nodes = new ExtraField("nodes", {
  length: fileKeys,
  least: 0,
  most: ({ geometry }) =>
    geometry.pagesPerStoragePage *
    geometry.regions.reduce((sum, { storagePages }) => sum + storagePages, 0),
  initially: 0,
  about: { by: ["key"], names: "frame" },
});

/** Whom the contract takes nodes to belong to: an owner that acts in no scope. */
const kernelOfNodes = 7;

const keyOfTurn = ({ site, operation }: Turn): number => keyOfOperation(site, operation);

const hasNode = (turn: Turn): boolean => at(nodes.of(turn.world), keyOfTurn(turn)) > 0;

/** The page that holds the node is somebody's now, and the contract is told of it. */
const makeNode = (turn: Turn, tagged: boolean) => {
  const { world, site, actor } = turn;
  if (tagged) {
    storeTags(world, site, actor.frame, []);
    const frame = at(world.frames, actor.frame);
    frame.locked = true;
    frame.flagged = true;
  }
  const handle = hold(turn, actor.frame, kernelOfNodes, "unmovable");
  nodes.of(world)[keyOfTurn(turn)] = actor.frame + 1;
  const seen = [seenAt(turn, actor.frame)];
  const asked = {
    kind: "allocate",
    owner: kernelOfNodes,
    tagged,
    zeroed: false,
    context: "atomic",
    order: 0,
  } as const;
  const outcome = { kind: "pages", handles: [handle], seen } as const;
  const commits = [commit(outcome, placed(site, actor.frame), asked)];
  actor.frame = -1;
  return { commits, marks: ["a-node-is-made"] } as const;
};

/** A put whose node comes from `making`; `cleancachePage`'s put does the rest. */
const put =
  (making: Making): CacheBackEnd["put"] =>
  (then) => {
    const rest = backEnd.put(then);
    const claiming = rest.actions["put-claim"];
    if (!claiming) throw new Error("a put begins by claiming a page");
    const tagged = making !== "untagged";
    const claim = tagged ? memory.tagStorage?.claim("make-node", "make-node") : undefined;
    const before = making === "preloaded";
    const afterwards: Label = before ? "put-claim" : "put-copy";
    const takeNode: Action = {
      standsFor: "xa_store(), kmem_cache_alloc(GFP_NOWAIT)",
      choose: (turn) => (hasNode(turn) ? [-1] : orNone(freeFrames(turn, tagged))),
      do: (turn, place) => {
        const { actor } = turn;
        if (place >= 0) {
          takePlace(turn, place);
          actor.frame = place;
          return { to: claim?.entry ?? "make-node" };
        }
        if (before || hasNode(turn)) return { to: afterwards };
        emptyStorage(turn, actor.storage);
        actor.storage = -1;
        return { to: "put-dropped" };
      },
    };
    const withNode: Action = {
      standsFor: claiming.standsFor,
      takes: "index",
      choose: (turn) => (before && !hasNode(turn) ? [-1] : (claiming.choose?.(turn) ?? [0])),
      do: (turn, choice) => {
        const next = { to: "put-copy", ...claiming.do(turn, choice) } as const;
        return !before && next.to === "put-copy" ? { ...next, to: "take-node" } : next;
      },
    };
    return {
      entry: before ? "take-node" : "put-claim",
      actions: together(rest.actions, claim?.actions ?? {}, {
        "put-claim": withNode,
        "take-node": takeNode,
        "make-node": {
          standsFor: "xa_store(), xas_alloc()",
          next: afterwards,
          do: (turn) => makeNode(turn, tagged),
        },
      }),
    } satisfies Script;
  };

const isEmptyKey = ({ storage }: Turn["world"], key: number): boolean =>
  storage.every((page) => page.key !== key);

/**
 * Nodes are freed after a grace period (RCU), never under the lock of the index: freeing one lets
 * storage go, which needs that lock too. The lock of the file page keeps puts of that key away.
 */
const freeing: OwnWork = {
  name: "frees-node-of-key",
  objects: ({ keys }) => Array.from({ length: keys }, (_, key) => key),
  when: (world, _site, key) => at(nodes.of(world), key) > 0 && isEmptyKey(world, key),
  movesPages: true,
  fileKey: (key) => key,
  script: {
    entry: "unmap-node",
    actions: together(givingBack(memory).actions, {
      "unmap-node": {
        standsFor: "xas_delete_node(), call_rcu()",
        takes: "file-page",
        drops: "file-page",
        do: (turn) => {
          const { world, actor } = turn;
          const { object: key } = the(turn, "work");
          const frame = at(nodes.of(world), key) - 1;
          if (frame < 0 || !isEmptyKey(world, key)) return { to: "end" };
          nodes.of(world)[key] = 0;
          actor.frame = frame;
          const handle = world.held.findIndex(
            ({ state, at: place }) => state === "unmovable" && place === frame,
          );
          letGo(turn, handle);
          const claimed = at(world.frames, frame).claimed;
          return {
            to: claimed ? givingBack(memory).entry : "give-back",
            commits: [commit({ kind: "done" }, { kind: "none" }, { kind: "free", handle })],
            marks: ["a-node-is-freed"],
          };
        },
      },
    }),
  },
};

/** What others are asked in these slices says nothing about nodes: it would only make them larger. */
const unasked: Readonly<Record<string, readonly Offer[]>> = {
  cache: ["write-file", "write-back", "drop"],
  files: ["truncate", "direct-write"],
  lines: ["write-tag", "allocate-untagged"],
};

/**
 * A second block, for a tagged node keeps its own from holding copies, and somebody who frees nodes.
 * Without files nothing differs from cleancache-page, and a node tells no file from another. The suites are as large as they are.
 */
const scopeFor = (slice: string, scope: Scope): Scope | null => {
  if (slice === "suite") return scope.files > 0 ? scope : null;
  if (slice === "identity") return null;
  if (scope.files === 0) return withFewerPages(scope);
  const asked = withoutOffers(scope, unasked[slice] ?? []);
  return {
    ...asked,
    geometry: shaped(scope.geometry, 2, 1),
    actors: asked.actors.map((actor) =>
      actor.everyones ? { ...actor, may: [...actor.may, "background"] } : actor,
    ),
  };
};

const made = ["a-node-is-made", "a-node-is-freed"] as const;

/** Whatever needs a node; and where nodes are tagged, two copies do not fit beside their nodes. */
const unreached: { readonly [making in Making]: readonly Mark[] } = {
  inside: [
    "put-stored",
    "hit",
    "claim-drops-a-copy",
    "claim-revokes-a-reader",
    "put-takes-the-place-of-another",
    ...made,
  ],
  preloaded: ["put-takes-the-place-of-another"],
  untagged: [],
};

const variant = (making: Making, title: string): Design => ({
  ...cleancachePage,
  name: `cleancache-node-${making}`,
  title,
  variantOf: cleancachePage.name,
  extra: [nodes],
  works: [freeing],
  takesPagesIn: "evict",
  scripts: scriptsOf(memory, { ...backEnd, put: put(making) }),
  marks: [
    ...cleancachePage.marks.filter((mark) => !unreached[making].includes(mark)),
    ...made.filter((mark) => !unreached[making].includes(mark)),
  ],
  scopeFor,
});

export const cleancacheNodeInside = variant("inside", "its index allocates under its lock");
export const cleancacheNodePreloaded = variant("preloaded", "its index allocates before its lock");
export const cleancacheNodeUntagged = variant("untagged", "its index lies in untagged pages");
