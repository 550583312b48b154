/**
 * Four ways for a guest to find out that its host took a page of volatile memory. Each is what the
 * host does when it takes one, and what the back end asks before it trusts one (cache-memory.ts).
 * What both sides share for it lies in memory that is not volatile.
 */
import { discard } from "../hardware/device-memory.ts";
import { totalStoragePages } from "../machine/geometry.ts";
import { ExtraField } from "../world/extra.ts";
import { at } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { OwnMove } from "./own.ts";
import { type CacheMemory, ownMemory } from "./shared/cache-memory.ts";

export type Detection = {
  readonly fields: readonly ExtraField[];
  readonly host: readonly OwnMove[];
  readonly memory: CacheMemory;
  /** Would whoever reads the copy in this page find out that it is gone? */
  readonly findsOut: (world: World, storage: number) => boolean;
};

/** One number for each page, at first `initially`. */
const perPage = (name: string, most: number, initially: number): ExtraField =>
  new ExtraField(name, {
    length: ({ geometry }) => totalStoragePages(geometry),
    least: 0,
    most,
    initially,
    about: { by: ["storage"] },
  });

/** Pages that something lies in: taking another makes no difference to anybody. */
export const pagesInUse = (
  { storage }: World,
  may: (storage: number) => boolean = () => true,
): readonly number[] =>
  storage.flatMap(({ use }, page) =>
    (use === "cached" || use === "filling") && may(page) ? [page] : [],
  );

/** Is the page there? It comes back, empty, when a put begins to fill it. */
const present = perPage("present", 1, 1);
const isPresent = (world: World, storage: number): boolean => at(present.of(world), storage) === 1;

const discardsPage = (may: (world: World, storage: number) => boolean): OwnMove => ({
  name: "discards-page",
  objects: (world) =>
    pagesInUse(world, (storage) => isPresent(world, storage) && may(world, storage)),
  do: (world, _site, storage) => {
    present.of(world)[storage] = 0;
    discard(world, storage);
    return { marks: ["a-page-is-discarded"] };
  },
});

/** An access to a page that is gone faults; the host unmaps it in one go with its bytes. */
export const accessFault: Detection = {
  fields: [present],
  host: [discardsPage(() => true)],
  memory: {
    ...ownMemory,
    isOutOfOurHands: true,
    beginFilling: (world, storage) => {
      present.of(world)[storage] = 1;
    },
    faults: (world, storage) => !isPresent(world, storage),
  },
  findsOut: (world, storage) => !isPresent(world, storage),
};

/** How many are at a page and have made it stable: two can be, for different keys one by one. */
export const stableUsers = perPage("stableUsers", 3, 0);
const changeUsers = (world: World, storage: number, by: 1 | -1): void => {
  stableUsers.of(world)[storage] = at(stableUsers.of(world), storage) + by;
};

/** A host leaves stable pages alone; a page is made stable in one go with the look whether it is there. */
export const setStableIfPresent: Detection = {
  fields: [present, stableUsers],
  host: [discardsPage((world, storage) => at(stableUsers.of(world), storage) === 0)],
  memory: {
    ...ownMemory,
    isOutOfOurHands: true,
    beginFilling: (world, storage) => {
      present.of(world)[storage] = 1;
      changeUsers(world, storage, 1);
    },
    beginReading: (world, storage) => {
      if (!isPresent(world, storage)) return false;
      changeUsers(world, storage, 1);
      return true;
    },
    endUse: (world, storage) => changeUsers(world, storage, -1),
  },
  findsOut: (world, storage) => !isPresent(world, storage),
};

/** The host is about to take the page, and not done yet: what is put there now would be lost too. */
export const taking = perPage("beingTaken", 1, 0);
const isBeingTaken = (world: World, storage: number): boolean =>
  at(taking.of(world), storage) === 1;

/** A host that tells before it takes a page, and again after, by setting a number of that page. */
const tellingTwice = (field: ExtraField): readonly OwnMove[] => [
  {
    name: "announces-the-discard-of-page",
    objects: (world) => pagesInUse(world, (storage) => !isBeingTaken(world, storage)),
    do: (world, _site, storage) => {
      taking.of(world)[storage] = 1;
      field.of(world)[storage] = 1;
      return undefined;
    },
  },
  {
    name: "discards-page",
    objects: (world) =>
      world.storage.flatMap((_, storage) => (isBeingTaken(world, storage) ? [storage] : [])),
    do: (world, _site, storage) => {
      taking.of(world)[storage] = 0;
      field.of(world)[storage] = 1;
      discard(world, storage);
      return { marks: ["a-page-is-discarded"] };
    },
  },
];

/**
 * Each page has a word that the host counts up before it discards the page, and again after; it is
 * odd in between. Whoever fills a page remembers the word, and whoever has read the copy compares.
 * All that ever matters is whether the two differ (a word that is wide enough never comes round).
 */
export const wordMoved = perPage("wordMoved", 1, 0);
const hasMoved = (world: World, storage: number): boolean => at(wordMoved.of(world), storage) === 1;

export const generationWord: Detection = {
  fields: [taking, wordMoved],
  host: tellingTwice(wordMoved),
  memory: {
    ...ownMemory,
    isOutOfOurHands: true,
    isUsable: (world, storage) => !isBeingTaken(world, storage),
    beginFilling: (world, storage) => {
      wordMoved.of(world)[storage] = 0;
    },
    beginReading: (world, storage) => !hasMoved(world, storage),
    isKnownLost: hasMoved,
  },
  findsOut: hasMoved,
};

/**
 * One queue for all pages: whoever reads it takes the notices out, those about other pages too, and
 * has to act on all of them. As a set: how many there are of one page, and in which order, says
 * nothing more. A page is not filled again before the second notice.
 */
const notices = perPage("notices", 1, 0);
const isNoticed = (world: World, storage: number): boolean => at(notices.of(world), storage) === 1;

export const notificationQueue: Detection = {
  fields: [taking, notices],
  host: tellingTwice(notices),
  memory: {
    ...ownMemory,
    isOutOfOurHands: true,
    hear: (world) => {
      const queue = notices.of(world);
      const heard = queue.flatMap((_, storage) => (isNoticed(world, storage) ? [storage] : []));
      queue.fill(0);
      return heard;
    },
    isUsable: (world, storage) => !isBeingTaken(world, storage),
  },
  findsOut: isNoticed,
};
