/**
 * From packed state to the model's: what an observer who knows the design would write down.
 *
 * Left out, because nothing of it decides what anybody will ever see:
 * - the order of free lists and of the LRU: the model has sets, and policy is a choice there;
 * - the index of copies (buckets and chains): it repeats the keys of the storage pages;
 * - who holds the data in a storage page: it repeats where held pages lie;
 * - free handles and slots: they are those that nobody has;
 * - the operation unpacked and the counts of locks held, which repeat an actor's operation and the
 *   lock table;
 * - what a saved-tags row holds while it is not in use.
 * The ghost is no part of an implementation at all: it is passed in.
 */
import {
  type Actor,
  at,
  frameUses,
  heldStates,
  nothing,
  residences,
  storageUses,
  type World,
} from "../model/index.ts";
import { byte, word } from "./columns.ts";
import type { Manager } from "./manager.ts";
import type { Registers } from "./registers.ts";

const upTo = <T>(length: number, each: (index: number) => T): T[] => {
  const list: T[] = [];
  for (let index = 0; index < length; index++) list.push(each(index));
  return list;
};

const actorOf = (registers: Registers): Actor => ({
  operation: registers.operation,
  label: registers.label,
  commits: registers.commits,
  frame: registers.frame,
  target: registers.target,
  storage: registers.storage,
  moved: registers.moved,
  handle: registers.handle,
  slot: registers.slot,
  value: registers.value,
  secondValue: registers.secondValue,
  count: registers.count,
  claiming: registers.claiming,
});

/** The state as the model has it. `truth` is the ghost's number in the model's own judge. */
export const abstractionOf = (manager: Manager, truth: number): World => {
  const { state, kit } = manager;
  const { frames, storage, held, slots, cached } = state;
  const { granules } = kit.arena;
  return {
    frames: upTo(kit.frames, (frame) => ({
      use: at(frameUses, byte(frames.use, frame)),
      locked: byte(frames.locked, frame) === 1,
      flagged: byte(frames.flagged, frame) === 1,
      claimed: byte(frames.claimed, frame) === 1,
      bytes: word(frames.bytes, frame),
    })),
    storage: upTo(kit.storagePages, (page) => ({
      use: at(storageUses, byte(storage.use, page)),
      key: word(storage.key, page),
    })),
    users: Array.from(state.users),
    nibbles: upTo(kit.frames * granules, (place) => {
      const frame = Math.floor(place / granules);
      return kit.arena.nibbleOf(frame, place - frame * granules);
    }),
    dataLines: Array.from(state.dataLines),
    tagLines: Array.from(state.tagLines),
    stash: upTo(state.stashed.length * granules, (place) => {
      const frame = Math.floor(place / granules);
      if (byte(state.stashed, frame) === 0) return nothing;
      return kit.arena.shelvedTag(state.stash, frame, place - frame * granules);
    }),
    held: upTo(kit.frames + kit.storagePages, (handle) => ({
      at: word(held.at, handle),
      owner: word(held.owner, handle),
      state: at(heldStates, byte(held.state, handle)),
      uses: word(held.uses, handle),
      tagged: byte(held.tagged, handle) === 1,
      pinned: byte(held.pinned, handle) === 1,
    })),
    slots: upTo(manager.scope.slots, (slot) => ({
      sharers: word(slots.sharers, slot),
      owner: word(slots.owner, slot),
      busy: byte(slots.busy, slot) === 1,
      saved: byte(slots.saved, slot) === 1,
      tags: upTo(granules, (granule) =>
        byte(slots.saved, slot) === 1
          ? kit.arena.shelvedTag(state.slotTags, slot, granule)
          : nothing,
      ),
      bytes: word(slots.bytes, slot),
    })),
    cached: upTo(cached.disk.length, (key) => ({
      disk: word(cached.disk, key),
      resident: at(residences, byte(cached.resident, key)),
      bytes: word(cached.bytes, key),
    })),
    exists: upTo(state.exists.length, (file) => byte(state.exists, file) === 1),
    mounted: byte(state.mounted, 0) === 1,
    extra: {},
    locks: Array.from(state.locks),
    actors: kit.actors.map(actorOf),
    truth,
  };
};
