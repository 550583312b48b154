/**
 * What goes wrong where a host takes memory at any moment: the right questions in the wrong order, or
 * not all of them. Each is a way of finding out that is one step short.
 */
import { discard } from "../../hardware/device-memory.ts";
import { at } from "../../world/site.ts";
import { junk, nothing, type World } from "../../world/world.ts";
import type { Design } from "../design.ts";
import type { OwnMove } from "../own.ts";
import { foundOutBy } from "../volatile.ts";
import {
  accessFault,
  type Detection,
  generationWord,
  notificationQueue,
  pagesInUse,
  setStableIfPresent,
  stableUsers,
  taking,
  wordMoved,
} from "../volatile-detection.ts";
import { beforehand, changes, type DesignBug, replacing, unchecked } from "./bug.ts";

/** The design with another way of finding out. */
const detecting =
  (how: Detection) =>
  (design: Design): Design => ({ ...design, ...foundOutBy(how) });

const remembering = (how: Detection, memory: Partial<Detection["memory"]>): Detection => ({
  ...how,
  memory: { ...how.memory, ...memory },
});

/** Something more is done to the page, just before what the action does. */
const before = (more: (world: World, storage: number) => unknown) =>
  beforehand(({ world, actor }) => {
    more(world, actor.storage);
  });

const isTaken = (world: World, storage: number): boolean => at(taking.of(world), storage) === 1;

/** The host discards in one move and tells in the next. */
const discardsFirst: readonly OwnMove[] = [
  {
    name: "discards-page",
    objects: (world) => pagesInUse(world, (storage) => !isTaken(world, storage)),
    do: (world, _site, storage) => {
      taking.of(world)[storage] = 1;
      discard(world, storage);
      return { marks: ["a-page-is-discarded"] };
    },
  },
  {
    name: "tells-of-page",
    objects: (world) =>
      world.storage.flatMap((_, storage) => (isTaken(world, storage) ? [storage] : [])),
    do: (world, _site, storage) => {
      taking.of(world)[storage] = 0;
      wordMoved.of(world)[storage] = 1;
      return undefined;
    },
  },
];

/** The host tells before it discards, and says no more. */
const saysNoMore = (move: OwnMove): OwnMove =>
  move.name === "discards-page"
    ? {
        ...move,
        do: (world, _site, storage) => {
          taking.of(world)[storage] = 0;
          discard(world, storage);
          return { marks: ["a-page-is-discarded"] };
        },
      }
    : move;

/** What the guest knows of a page goes with the page: it reads as zeroes, the first key. */
const losingKeys = (move: OwnMove): OwnMove =>
  move.name === "discards-page"
    ? {
        ...move,
        do: (world, site, storage) => {
          const page = at(world.storage, storage);
          if (page.use === "cached") page.key = 0;
          return move.do(world, site, storage);
        },
      }
    : move;

const hinting = "guest page hinting (s390), 2006";
const discussion = "LKML 2024-02-20: the driver is notified of a discard, or detects it";

export const volatileBugs: readonly DesignBug[] = [
  {
    id: "zeroes-in-place-of-a-fault",
    sentence: "A page that the host took is there again at the next access, full of zeroes.",
    source: "madvise(2), MADV_FREE: reads after the discard see zeroes",
    story: ["a page is read", "it is put", "the host discards it", "it is read again"],
    designs: ["volatile"],
    design: detecting(remembering(accessFault, { faults: () => false })),
  },
  {
    id: "store-fault-brings-the-page-back",
    sentence: "A put whose store faults half way goes on with the other half on a fresh page.",
    source: "madvise(2), MADV_FREE: a write after the call keeps what is written, not the rest",
    story: ["a put copies half a page", "the host discards it", "the put goes on", "it is read"],
    designs: ["volatile"],
    design: replacing(["evict"], "put-copy-rest", before(accessFault.memory.beginFilling)),
  },
  {
    id: "second-fault-is-not-looked-at",
    sentence: "A get whose second half faults keeps what it has, as if the rest were zeroes.",
    source: `${hinting}: any access may fault, not the first alone`,
    story: ["a page is put", "a get copies half of it", "the host discards it", "the get goes on"],
    designs: ["volatile"],
    design: replacing(["read-file"], "get-copy-second", (action) =>
      action.next === undefined
        ? {
            ...action,
            do: (turn, choice) => {
              const half = turn.actor.value;
              const next = action.do(turn, choice);
              if (turn.actor.value === nothing && half !== nothing) turn.actor.value = junk;
              return next;
            },
          }
        : action,
    ),
  },
  {
    id: "stable-without-being-present",
    sentence: "A get makes the page stable and does not ask whether it is still there.",
    source: `${hinting}: set stable if present answers no where the page is gone`,
    story: ["a page is read", "it is put", "the host discards it", "it is read again"],
    designs: ["volatile-stable"],
    design: detecting(
      remembering(setStableIfPresent, {
        beginReading: (world, storage) => {
          stableUsers.of(world)[storage] = at(stableUsers.of(world), storage) + 1;
          return true;
        },
      }),
    ),
  },
  {
    id: "word-is-compared-before-the-copy-alone",
    sentence: "A get compares the word when it finds the copy, and not when it has copied it.",
    source: `${discussion}; a reader of a sequence count tries again when it has changed`,
    story: ["a page is put", "a get finds it", "the host discards it", "the get copies it"],
    designs: ["volatile-word"],
    design: detecting(remembering(generationWord, { isKnownLost: () => false })),
  },
  {
    id: "queue-is-read-before-the-copy-alone",
    sentence: "A get reads the queue when it finds the copy, and not when it has copied it.",
    source: `${discussion}; a notice that comes in between is heard by the next one`,
    story: ["a page is put", "a get finds it", "the host discards it", "the get copies it"],
    designs: ["volatile-queue"],
    design: replacing(["read-file"], "get-recheck", unchecked),
  },
  {
    id: "looked-at-then-made-stable",
    sentence: "A get looks whether the page is present and makes it stable one action later.",
    source: `${hinting}: set stable if present is one operation`,
    story: [
      "a page is put",
      "a get finds it present",
      "the host discards it",
      "the get makes it stable",
    ],
    designs: ["volatile-stable"],
    design: changes(
      detecting(
        remembering(setStableIfPresent, {
          beginReading: (world, storage) => !setStableIfPresent.findsOut(world, storage),
        }),
      ),
      replacing(["read-file"], "get-copy-first", before(setStableIfPresent.memory.beginFilling)),
    ),
  },
  {
    id: "volatile-before-the-copy",
    sentence: "A get makes the page volatile again once it has found it, and copies it then.",
    source: `${hinting}: stable until the last use`,
    story: ["a page is put", "a get finds it", "the host discards it", "the get copies it"],
    designs: ["volatile-stable"],
    design: changes(
      detecting(remembering(setStableIfPresent, { endUse: () => {} })),
      replacing(["read-file"], "get-copy-first", before(setStableIfPresent.memory.endUse)),
      replacing(["evict"], "put-publish", before(setStableIfPresent.memory.endUse)),
    ),
  },
  {
    id: "word-changed-only-before",
    sentence: "The host changes the word before it discards a page, and not again when it is done.",
    source: `${discussion}; a sequence count is odd while its writer is at work`,
    story: [
      "a page is read",
      "it is put",
      "the host changes the word",
      "it is read again and the word found changed",
      "it is put there again",
      "the host discards it",
    ],
    designs: ["volatile-word"],
    design: detecting({
      ...remembering(generationWord, { isUsable: () => true }),
      host: generationWord.host.map(saysNoMore),
    }),
  },
  {
    id: "word-changed-after-the-discard",
    sentence: "The host discards a page first and changes its word then.",
    source: `${discussion}; the order of a sequence count`,
    story: ["a page is put", "the host discards it", "it is read", "the host changes the word"],
    designs: ["volatile-word"],
    design: detecting({ ...generationWord, host: discardsFirst }),
  },
  {
    id: "page-filled-between-two-notices",
    sentence: "A page is filled again as soon as the host has announced that it will take it.",
    source: `${discussion}; the notice is read before the page is gone`,
    story: [
      "a page is read",
      "it is put",
      "the host announces",
      "it is read again and the notice with it",
      "it is put there again",
      "the host discards it",
    ],
    designs: ["volatile-queue"],
    design: detecting({
      ...remembering(notificationQueue, { isUsable: () => true }),
      host: notificationQueue.host.map(saysNoMore),
    }),
  },
  {
    id: "first-notice-alone-is-heeded",
    sentence: "Whoever reads the queue empties it, and acts on the first notice in it alone.",
    source: `${discussion}; a queue has one reader for all pages`,
    story: [
      "two pages are read",
      "one is put",
      "the other is put",
      "the host announces both",
      "one is read",
      "the other is read",
    ],
    designs: ["volatile-queue"],
    design: detecting(
      remembering(notificationQueue, {
        hear: (world) => notificationQueue.memory.hear(world).slice(0, 1),
      }),
    ),
  },
  {
    id: "index-in-the-page-itself",
    sentence: "What the guest knows of a copy lies in the volatile page, and goes with it.",
    source: "I34 of cleancache's invariants: what describes a copy lies in memory that stays",
    story: ["a page is put", "the host discards it", "another is put", "the keys are the same"],
    designs: ["volatile", "volatile-stable", "volatile-word", "volatile-queue"],
    design: (design) => ({ ...design, environment: (design.environment ?? []).map(losingKeys) }),
  },
];
