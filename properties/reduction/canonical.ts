/**
 * One representative for all states of a design that behave alike. What tells interchangeable
 * things apart is what they hold, who holds them, and which register of which actor names them: by
 * that, written as text, frames are sorted, then blocks with their frames. Handles go by the places
 * that they name, and slots by what lies in them; a name that nobody will ask for again is
 * forgotten first. Of all namings of tag values, file pages and actors the one with the least key
 * counts.
 *
 * The smallest free handle, slot or frame is taken when one is needed. That too is alike in alike
 * states, because free ones do not differ.
 */
import { type Actor, at, type Machinery, type Memory, type World } from "../../model/index.ts";
import { askedBy, isOfFiles, remembers } from "./asked.ts";
import { fieldSigns } from "./fields.ts";
import type { Interchangeable } from "./interchangeable.ts";
import { Renamer, type Roles } from "./naming.ts";

/** A text for each thing by which it differs from others of its kind. */
type Signs = {
  readonly frames: readonly string[];
  readonly storage: readonly string[];
  readonly slots: readonly string[];
};

const noRoles: Roles = { tags: [], keys: [], actors: [] };

const upTo = (length: number): number[] => Array.from({ length }, (_, index) => index);

const bySign =
  (signs: readonly string[]) =>
  (one: number, other: number): number => {
    const left = at(signs, one);
    const right = at(signs, other);
    return left < right ? -1 : left > right ? 1 : one - other;
  };

export class Canonical {
  private readonly machinery: Machinery;
  private readonly alike: Interchangeable;
  private readonly renamer: Renamer;
  /** Of what the contract says of a page or slot; its objects never change. */
  private readonly texts = new WeakMap<object, string>();

  constructor(machinery: Machinery, alike: Interchangeable) {
    this.machinery = machinery;
    this.alike = alike;
    this.renamer = new Renamer(machinery);
  }

  /** The representative. Parts of it may be parts of `world`. */
  of(world: World): World {
    const plain = { ...world, actors: world.actors.map((actor, me) => this.forgetful(actor, me)) };
    const [first, ...others] = this.alike.roles;
    let best = this.sorted(plain, first);
    let least = others.length === 0 ? "" : this.machinery.key(best);
    for (const roles of others) {
      const next = this.sorted(plain, roles);
      const key = this.machinery.key(next);
      if (key >= least) continue;
      best = next;
      least = key;
    }
    return best;
  }

  private forgetful(actor: Actor, me: number): Actor {
    const asked = at(this.machinery.operations, actor.operation);
    if (asked === null) return actor;
    const known = remembers(asked, actor);
    if (known.handle && known.slot) return actor;
    const gone = askedBy(asked, actor) === null;
    return {
      ...actor,
      operation: gone ? this.renamer.operationOn(me, actor.operation, 0) : actor.operation,
      handle: known.handle ? actor.handle : -1,
      slot: known.slot ? actor.slot : -1,
    };
  }

  /** The world with these tag values, file pages and actors, and everything else sorted. */
  private sorted(world: World, roles: Roles): World {
    const { site } = this.machinery;
    const { frames: frameCount } = site;
    const other = this.renamer.renamed(world, {
      places: upTo(frameCount + site.storagePages),
      blocks: upTo(site.blocks),
      handles: upTo(world.held.length),
      slots: upTo(world.slots.length),
      ...roles,
    });
    const memory = this.machinery.judge.memory(other.truth);
    const signs = this.signsOf(other, memory);
    const places = upTo(frameCount + site.storagePages);
    const blocks = upTo(site.blocks);
    for (const group of this.alike.frames)
      for (const [position, frame] of group.toSorted(bySign(signs.frames)).entries())
        places[at(group, position)] = frame;
    for (const group of this.alike.blocks) this.sortBlocks(group, signs, places, blocks);
    const slots = upTo(other.slots.length).sort(bySign(signs.slots));
    return this.renamer.renamed(other, {
      places,
      blocks,
      handles: handlesBy(places, other, memory),
      slots,
      ...noRoles,
    });
  }

  /** Frames lie sorted in their blocks already; now blocks are exchanged with all that is in them. */
  private sortBlocks(
    group: readonly number[],
    { frames: frameSigns, storage: storageSigns }: Signs,
    places: number[],
    blocks: number[],
  ): void {
    const { site } = this.machinery;
    const signs: string[] = [];
    for (const block of group)
      signs[block] = at(site.storageOfBlock, block)
        .map((storage) =>
          [
            at(storageSigns, storage),
            ...at(site.framesOf, storage).map((frame) => at(frameSigns, at(places, frame))),
          ].join("\n"),
        )
        .join("\n\n");
    const before = [...places];
    for (const [position, from] of group.toSorted(bySign(signs)).entries()) {
      const to = at(group, position);
      blocks[to] = from;
      for (const [nth, storage] of at(site.storageOfBlock, to).entries()) {
        const source = at(at(site.storageOfBlock, from), nth);
        places[site.frames + storage] = site.frames + source;
        for (const [index, frame] of at(site.framesOf, storage).entries())
          places[frame] = at(before, at(at(site.framesOf, source), index));
      }
    }
  }

  private signsOf(world: World, memory: Memory): Signs {
    const { operations, site, design } = this.machinery;
    const { frames: frameCount, granules } = site;
    const { extra: fields = [], storageHoldsSlots, movedNamesContent } = design;
    const fieldsOf = (kind: "frame" | "storage" | "block" | "slot", count: number) =>
      fieldSigns(world, fields, kind, count);
    const ofBlocks = fieldsOf("block", site.blocks);
    const ofStorage = fieldsOf("storage", site.storagePages);
    const ofFrames = fieldsOf("frame", frameCount);
    const ofSlots = fieldsOf("slot", world.slots.length);
    const placeNames = new Array<string>(frameCount + site.storagePages).fill("");
    const storageNames = ofStorage.map(
      (sign, storage) => sign + at(ofBlocks, at(site.blockOfStorage, storage)),
    );
    const handleNames = new Array<string>(world.held.length).fill("");
    const slotNames = new Array<string>(world.slots.length).fill("");
    const add = (names: string[], name: number, register: string): void => {
      if (name >= 0) names[name] += register;
    };
    for (const [me, actor] of world.actors.entries()) {
      const operation = operations[actor.operation];
      if (!operation) continue;
      add(placeNames, actor.frame, `${me}f`);
      add(isOfFiles(operation) ? storageNames : placeNames, actor.target, `${me}t`);
      if (!movedNamesContent) add(placeNames, actor.moved, `${me}m`);
      else if (storageHoldsSlots) add(slotNames, actor.moved, `${me}m`);
      add(storageNames, actor.storage, `${me}s`);
      add(handleNames, actor.handle, `${me}h`);
      add(slotNames, actor.slot, `${me}l`);
      const asked = askedBy(operation, actor);
      if (asked) add(asked.of === "handle" ? handleNames : slotNames, asked.name, `${me}o`);
    }
    for (const [handle, page] of world.held.entries()) {
      if (page.at < 0) continue;
      const { owner, state, uses, tagged, pinned } = page;
      const own = `${owner}${state}${uses}${tagged}${pinned}`;
      placeNames[page.at] += `:${own}${this.textOf(memory.pages[handle])}${handleNames[handle]}`;
    }
    const byGranule = (list: readonly number[], frame: number): string =>
      list.slice(frame * granules, (frame + 1) * granules).join();
    return {
      frames: world.frames.map(({ use, locked, flagged, claimed, bytes }, frame) => {
        const own = `${use}${locked}${flagged}${claimed}${bytes}`;
        const tags = byGranule(world.nibbles, frame);
        const lines = `${byGranule(world.tagLines, frame)}/${byGranule(world.stash, frame)}`;
        return `${own}|${tags}/${lines}|${placeNames[frame]}${ofFrames[frame]}`;
      }),
      storage: world.storage.map(({ use, key }, storage) => {
        const own = `${use}${key}/${world.dataLines[storage] ?? ""}`;
        return `${own}|${placeNames[frameCount + storage]}|${storageNames[storage]}`;
      }),
      slots: world.slots.map(({ sharers, owner, busy, saved, tags, bytes }, slot) => {
        const own = `${sharers}${owner}${busy}${saved}${bytes}/${tags.join()}`;
        return `${own}|${this.textOf(memory.slots[slot])}|${slotNames[slot]}${ofSlots[slot]}`;
      }),
    };
  }

  private textOf(said: Memory["pages"][number] | Memory["slots"][number] | undefined): string {
    if (!said) return "";
    const known = this.texts.get(said);
    if (known !== undefined) return known;
    const text = JSON.stringify(said);
    this.texts.set(said, text);
    return text;
  }
}

/** Handles in the order of their places; free ones behind them. */
const handlesBy = (places: readonly number[], { held }: World, memory: Memory): number[] => {
  const rank: number[] = [];
  for (const [name, before] of places.entries()) rank[before] = name;
  const rankOf = (handle: number): number => {
    const { at: place } = at(held, handle);
    return place >= 0 ? at(rank, place) : places.length + (memory.pages[handle] ? 0 : 1);
  };
  return upTo(held.length).sort((one, other) => rankOf(one) - rankOf(other) || one - other);
};
