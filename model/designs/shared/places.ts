/** A page of data lies in a *place*: a frame, or (where a design allows it) a page of tag storage. */
import type { Choice, Home, Outcome, Seen } from "../../contract/memory/index.ts";
import {
  loadBytes,
  loadData,
  loadTags,
  poisonStorage,
  storeBytes,
  storeData,
} from "../../hardware/arena.ts";
import { at, type Site } from "../../world/site.ts";
import { type Held, junk, nothing, type World } from "../../world/world.ts";
import { type Commit, commit, type Turn } from "../script.ts";
import { isInUse } from "./block-views.ts";
import { triersOf } from "./tried.ts";

export const isStorage = (site: Site, place: number): boolean => place >= site.frames;
const storageAt = (site: Site, place: number): number => place - site.frames;

export const loadPlace = (world: World, site: Site, place: number): number =>
  isStorage(site, place) ? loadData(world, site, storageAt(site, place)) : loadBytes(world, place);

export const storePlace = (world: World, site: Site, place: number, bytes: number): void =>
  isStorage(site, place)
    ? storeData(world, site, storageAt(site, place), bytes)
    : storeBytes(world, place, bytes);

/** Only memory that can carry tags counts as such; other CMA areas are kept from them. */
const homeOfPlace = (site: Site, place: number): Home =>
  place < site.taggableFrames ? "taggable" : "untaggable";

/** A place that was on a free list is now somebody's, and seen by nobody yet. */
export const takePlace = ({ world, site }: Turn, place: number): void => {
  if (isStorage(site, place)) at(world.storage, storageAt(site, place)).use = "data";
  else at(world.frames, place).use = "busy";
};

/** `stash`: tags kept aside for the page go with it, or are left for whoever has the frame next. */
export const givePlaceBack = (
  { world, site }: Turn,
  place: number,
  stash: "dropped" | "left" = "dropped",
): void => {
  if (isStorage(site, place)) {
    const storage = storageAt(site, place);
    at(world.storage, storage).use = "free";
    poisonStorage(world, site, storage);
    return;
  }
  const frame = at(world.frames, place);
  frame.use = "free";
  frame.locked = false;
  frame.flagged = false;
  frame.bytes = junk;
  const { granules } = site;
  if (world.stash.length > 0 && stash === "dropped")
    world.stash.fill(nothing, place * granules, (place + 1) * granules);
};

/** What lay in a storage page is gone, and it is free for the next. */
export const emptyStorage = ({ world, site }: Pick<Turn, "world" | "site">, storage: number) => {
  const page = at(world.storage, storage);
  page.use = "free";
  page.key = -1;
  poisonStorage(world, site, storage);
};

/**
 * Free frames, one for each storage page: frames that one storage page serves (and that are barred
 * from tags, or not, alike) are interchangeable while they are free, unless a dirty line still
 * remembers what one of them was, or its last owner left tags in the stash.
 */
export const freeFrames = (
  turn: Turn,
  taggable: boolean,
  which: "any" | "not-tried" = "any",
): number[] => {
  const { world, site, me } = turn;
  const found: number[] = [];
  let last = -1;
  let lastTriers = 0;
  let lastStash = "";
  for (let frame = 0; frame < site.frames; frame++) {
    if (at(world.frames, frame).use !== "free") continue;
    if (taggable && frame >= site.taggableFrames) continue;
    const barred = frame >= site.taggableFrames ? site.storagePages : 0;
    const group = at(site.storageOf, frame) + barred;
    const triers = triersOf(turn, frame);
    if (which === "not-tried" && (triers & (1 << me)) !== 0) continue;
    const stash = world.stash.slice(frame * site.granules, (frame + 1) * site.granules).join();
    const same = group === last && triers === lastTriers && stash === lastStash;
    if (same && !site.scope.dirtyLines && !site.everyFrame) continue;
    found.push(frame);
    last = group;
    lastTriers = triers;
    lastStash = stash;
  }
  return found;
};

/** Free storage pages that are in use, for designs that put ordinary data there. */
export const freeStorage = ({ world, site }: Turn): number[] =>
  world.storage.flatMap(({ use }, storage) =>
    use === "free" && isInUse(world, site, storage) ? [site.frames + storage] : [],
  );

export const orNone = (places: readonly number[]): readonly number[] =>
  places.length > 0 ? places : [-1];

/** What a caller would find in the page right now. */
export const seenAt = ({ world, site }: Turn, place: number): Seen => {
  const bytes = loadPlace(world, site, place);
  return !isStorage(site, place) && at(world.frames, place).flagged
    ? { tagged: true, tags: loadTags(world, site, place), bytes }
    : { tagged: false, bytes };
};

export const placed = (site: Site, place: number): Choice => ({
  kind: "placed",
  homes: [homeOfPlace(site, place)],
});

/** The smallest free handle; there are as many handles as places. */
export const hold = (turn: Turn, place: number, owner: number, state: Held["state"]): number => {
  const { world, site } = turn;
  const handle = world.held.findIndex((page) => page.state === "none");
  const page = at(world.held, handle);
  page.at = place;
  page.owner = owner;
  page.state = state;
  if (isStorage(site, place)) return handle;
  const frame = at(world.frames, place);
  frame.use = "held";
  page.tagged = frame.flagged;
  return handle;
};

export const letGo = ({ world, site }: Turn, handle: number): number => {
  const page = at(world.held, handle);
  const place = page.at;
  page.at = -1;
  page.owner = -1;
  page.state = "none";
  page.uses = 0;
  page.tagged = false;
  page.pinned = false;
  if (!isStorage(site, place)) at(world.frames, place).use = "busy";
  return place;
};

export const noMemoryCommit = (turn: Turn): Commit => {
  const outcome: Outcome = { kind: "no-memory" };
  return commit(outcome, { kind: "short", inFlight: turn.inFlight() });
};

/** Are tags kept aside for `actor.frame` until it has a place for them? */
export const hasStash = ({ world, site, actor }: Turn): boolean =>
  (world.stash[actor.frame * site.granules] ?? nothing) !== nothing;

/** Has `actor.frame` no tags but those that are kept aside? Old ones may be left beside its own. */
export const waitsForStash = (turn: Turn): boolean =>
  hasStash(turn) && !at(turn.world.frames, turn.actor.frame).flagged;
