/**
 * The back end of cleancache on a fixed index, and the claim that drops what lies in the way. One
 * lock with interrupts off guards both; nothing is allocated, and a claim drops no more copies than
 * a folio has pages.
 */
import { junk } from "../../model/index.ts";
import { mark, none, own, storageUse, to } from "../codes.ts";
import { byte, word } from "../columns.ts";
import { type Kit, storageList } from "../kit.ts";
import { kindOf } from "../operations.ts";
import type { Registers } from "../registers.ts";
import { choiceOf, outcomeOf } from "../report.ts";
import type { PackedBackEnd, PackedScript, PackedTagStorage } from "../script.ts";
import { releaseScript } from "./releasing.ts";
import type { Units } from "./units.ts";

/** Copies come and go here, whoever asks. */
export class CopyStore {
  private readonly kit: Kit;
  private readonly units: Units;
  /** The two storage pages that {@link copiesWith} found last, the smaller first; -1 is none. */
  first = -1;
  second = -1;

  constructor(kit: Kit, units: Units) {
    this.kit = kit;
    this.units = units;
  }

  /** The storage page is empty and free. */
  forget(page: number): void {
    const { kit } = this;
    const { storage } = kit.state;
    if (byte(storage.use, page) === storageUse.cached) kit.copies.remove(page);
    kit.useStorage(page, storageUse.free);
    storage.key[page] = -1;
    if (kit.poison) kit.arena.poisonStorage(page);
  }

  /** The copies that go with that of a key: its own, or (in the folio design) its folio's. */
  copiesWith(key: number): void {
    const { copies, scope } = this.kit;
    const head = this.units.folioOf(key);
    const one = copies.find(head);
    const other = scope.folioOrder === 1 ? copies.find(head + 1) : -1;
    const ordered = one >= 0 && (other < 0 || one < other);
    this.first = ordered ? one : other;
    this.second = ordered ? other : one;
  }

  forgetFound(page: number): void {
    if (page < 0) return;
    const key = word(this.kit.state.storage.key, page);
    this.forget(page);
    this.units.report(kindOf.drop, key, outcomeOf.done);
  }

  /** Forgets a key, with the rest of its folio: how many copies went. */
  dropKey(key: number): number {
    this.copiesWith(key);
    const { first, second } = this;
    this.forgetFound(first);
    this.forgetFound(second);
    return (first >= 0 ? 1 : 0) + (second >= 0 ? 1 : 0);
  }
}

/** The storage page for the key at a position of a put or get. */
const pageAt = ({ storage, target }: Registers, position: number): number =>
  position === 0 ? storage : target;

const pagesOf = ({ target }: Registers): number => (target >= 0 ? 2 : 1);

const getScript = (
  kit: Kit,
  units: Units,
  store: CopyStore,
  hit: number,
  miss: number,
): PackedScript => {
  const { state, arena, report, copies, scope } = kit;
  const { storage } = state;
  const consuming = scope.getForm === "consuming";
  return {
    entry: "get-look-up",
    actions: {
      "get-look-up": {
        do: (actor) => {
          const first = units.missingFirst(actor);
          const length = units.missingLength(actor);
          const one = copies.find(first);
          const other = length === 2 ? copies.find(first + 1) : one;
          if (one < 0 || other < 0) {
            /** Part of a folio is no hit, and what missed must not hit later: the rest goes too. */
            if (one >= 0) store.dropKey(first);
            if (length === 2 && other >= 0) store.dropKey(first + 1);
            return to["get-missed"];
          }
          actor.storage = one;
          actor.target = length === 2 ? other : -1;
          actor.count = 0;
          return to["get-copy-first"];
        },
      },
      "get-copy-first": {
        do: (actor) => {
          const bytes = arena.loadData(pageAt(actor, actor.count));
          if (actor.count === 0) actor.value = bytes;
          else actor.secondValue = bytes;
          return to["get-copy-second"];
        },
      },
      "get-copy-second": {
        do: (actor) => {
          const bytes = arena.loadData(pageAt(actor, actor.count));
          if (actor.count === 0) {
            if (bytes !== actor.value) actor.value = junk;
          } else if (bytes !== actor.secondValue) actor.secondValue = junk;
          actor.count++;
          return actor.count < pagesOf(actor) ? to["get-copy-first"] : to["get-recheck"];
        },
      },
      "get-recheck": {
        do: (actor) => {
          const first = units.missingFirst(actor);
          const length = units.missingLength(actor);
          for (let position = 0; position < length; position++) {
            const page = pageAt(actor, position);
            const still =
              byte(storage.use, page) === storageUse.cached &&
              word(storage.key, page) === first + position;
            if (!still) return to["get-let-go"];
          }
          return to["get-take"];
        },
      },
      "get-take": {
        do: (actor) => {
          for (let position = 0; position < pagesOf(actor); position++) {
            const page = pageAt(actor, position);
            if (consuming) store.forget(page);
            else kit.touchCopy(page);
          }
          const first = units.missingFirst(actor);
          const length = units.missingLength(actor);
          for (let position = 0; position < length; position++) {
            const bytes = position === 0 ? actor.value : actor.secondValue;
            units.report(kindOf.get, first + position, outcomeOf.hit, bytes);
          }
          report.mark(mark["hit"]);
          return hit;
        },
      },
      "get-let-go": { do: () => to["get-missed"] },
      "get-missed": {
        do: (actor) => {
          actor.storage = -1;
          actor.target = -1;
          units.reportMissed(actor);
          report.mark(mark["miss"]);
          return miss;
        },
      },
    },
  };
};

/** A choice of one storage page for each key, as one number. */
const bothPlaces = (kit: Kit, first: number, second: number): number =>
  first + kit.storagePages * (second + 1);

/**
 * Free storage first; if that does not do, the place of the copy that was not used for longest.
 * Called when the old copies of the keys themselves are gone already.
 */
const ownPlaces = (kit: Kit, keys: number): number => {
  const { storageLists } = kit.state;
  const free = storageLists.first(storageList.free);
  const oldest = storageLists.first(storageList.copies);
  const first = free >= 0 ? free : oldest;
  if (keys === 1 || first < 0) return first;
  const nextFree = free >= 0 ? storageLists.after(free) : -1;
  const nextOldest = free >= 0 ? oldest : storageLists.after(oldest);
  const second = nextFree >= 0 ? nextFree : nextOldest;
  return second < 0 ? none : bothPlaces(kit, first, second);
};

const putScript = (kit: Kit, units: Units, store: CopyStore, then: number): PackedScript => {
  const { state, arena, report, copies } = kit;
  const { storage, cached } = state;
  const fill = (page: number, key: number): number => {
    const victims =
      byte(storage.use, page) === storageUse.cached ? store.dropKey(word(storage.key, page)) : 0;
    kit.useStorage(page, storageUse.filling);
    storage.key[page] = key;
    return victims;
  };
  return {
    entry: "put-claim",
    actions: {
      "put-claim": {
        do: (actor, choice) => {
          const first = units.cleanFirst(actor);
          const keys = units.cleanLength(actor);
          for (let key = first; key < first + keys; key++) {
            const old = copies.find(key);
            if (old >= 0) store.forget(old);
          }
          const places = choice === own ? ownPlaces(kit, keys) : choice;
          report.chose = places;
          if (places < 0) return to["put-dropped"];
          actor.storage = places % kit.storagePages;
          actor.target = Math.floor(places / kit.storagePages) - 1;
          actor.count = 0;
          let victims = fill(actor.storage, first);
          if (keys === 2) victims += fill(actor.target, first + 1);
          if (victims > 0) report.mark(mark["put-takes-the-place-of-another"]);
          return to["put-copy"];
        },
      },
      "put-copy": {
        do: (actor) => {
          const page = pageAt(actor, actor.count);
          arena.storeData(page, word(cached.bytes, word(storage.key, page)));
          actor.count++;
          return actor.count < pagesOf(actor) ? to["put-copy"] : to["put-publish"];
        },
      },
      "put-publish": {
        do: (actor) => {
          for (let position = 0; position < pagesOf(actor); position++) {
            const page = pageAt(actor, position);
            kit.useStorage(page, storageUse.cached);
            copies.insert(page);
            units.reportPut(word(storage.key, page), choiceOf.stored);
          }
          actor.storage = -1;
          actor.target = -1;
          report.mark(mark["put-stored"]);
          return then;
        },
      },
      "put-dropped": {
        do: (actor) => {
          units.reportDroppedPut(actor);
          report.mark(mark["put-dropped"]);
          return then;
        },
      },
    },
  };
};

export const cleancacheBackEnd = (kit: Kit, units: Units, store: CopyStore): PackedBackEnd => ({
  get: (hit, miss) => getScript(kit, units, store, to[hit], to[miss]),
  put: (then) => putScript(kit, units, store, to[then]),
  find: (actor, key) => {
    store.copiesWith(key);
    actor.storage = store.first;
    actor.target = store.second;
  },
  forget: (first, second) => {
    store.forgetFound(first);
    store.forgetFound(second);
  },
});

/** Finding storage for tags: drop what lies there, clean the lines, count the user. */
export const cleancacheTagStorage = (kit: Kit, store: CopyStore): PackedTagStorage => {
  const { state, arena, report } = kit;
  const { storage, users, frames } = state;
  const isBeingRead = (me: number, first: number): boolean =>
    kit.actors.some(
      (other) =>
        other.me !== me && other.storage >= first && other.storage < first + kit.blockPages,
    );
  const useBlock = (first: number, use: number): void => {
    for (let page = first; page < first + kit.blockPages; page++) kit.useStorage(page, use);
  };
  return {
    claim: (then) => ({
      entry: "recall",
      actions: {
        recall: {
          do: (actor) => {
            const first = kit.firstStorageOf(kit.blockOf(actor.frame));
            let dropped = 0;
            let inTags = 0;
            for (let page = first; page < first + kit.blockPages; page++)
              if (byte(storage.use, page) === storageUse.tags) inTags++;
            if (inTags === kit.blockPages) {
              report.mark(mark["claim-joins-other-users"]);
              return to["count-user"];
            }
            const reader = isBeingRead(actor.me, first);
            for (let page = first; page < first + kit.blockPages; page++)
              if (byte(storage.use, page) === storageUse.cached)
                dropped += store.dropKey(word(storage.key, page));
            useBlock(first, storageUse["to-tags"]);
            if (dropped > 0) report.mark(mark["claim-drops-a-copy"]);
            else report.mark(mark["claim-takes-a-free-block"]);
            if (dropped > 1) report.mark(mark["claim-drops-a-whole-folio"]);
            if (reader && dropped > 0) report.mark(mark["claim-revokes-a-reader"]);
            return to["invalidate-data-lines"];
          },
        },
        "invalidate-data-lines": {
          do: (actor) => {
            const first = kit.firstStorageOf(kit.blockOf(actor.frame));
            for (let page = first; page < first + kit.blockPages; page++)
              arena.invalidateDataLines(page);
            return to["count-user"];
          },
        },
        "count-user": {
          do: ({ frame }) => {
            const block = kit.blockOf(frame);
            useBlock(kit.firstStorageOf(block), storageUse.tags);
            if (byte(frames.claimed, frame) === 0) users[block] = word(users, block) + 1;
            frames.claimed[frame] = 1;
            return to[then];
          },
        },
      },
    }),
    release: (then) => releaseScript(kit, (page) => store.forget(page), to[then]),
  };
};
