/**
 * A state of a design under other names: its places, blocks, handles, swap slots, tag values, pages
 * of files and actors are each exchanged among themselves. It is the same world described anew, so
 * that mechanism, operations under way and ghost are renamed alike.
 */
import { type Actor, at, type Machinery, type Memory, type World } from "../../model/index.ts";
import { askedBy, isOfFiles, type Said, saidOf } from "./asked.ts";
import { type Orders, renamedExtra } from "./fields.ts";

/** Old names in the order of the new ones: `handles[n]` is what handle n was called before. */
export type Naming = {
  /** Frames, and behind them storage pages. */
  readonly places: readonly number[];
  readonly blocks: readonly number[];
  readonly handles: readonly number[];
  readonly slots: readonly number[];
} & Roles;

/** What is exchanged as a whole, or stays: empty where all of a kind stay. */
export type Roles = {
  /** Of the values that a tag can take. */
  readonly tags: readonly number[];
  /** File pages, those of one file in a row as before. */
  readonly keys: readonly number[];
  /** With the owners that they act for. */
  readonly actors: readonly number[];
};

/** The new name of each old one. What is no name (-1, or a code above all names) stays. */
const inverse = (old: readonly number[]): ((name: number) => number) => {
  const fresh: number[] = [];
  for (const [name, before] of old.entries()) fresh[before] = name;
  return (name) => fresh[name] ?? name;
};

const pick = <T>(list: readonly T[], order: readonly number[]): T[] =>
  order.map((index) => at(list, index));

const isPlain = (order: readonly number[]): boolean => order.every((old, name) => old === name);

const isIdentity = (naming: Naming): boolean => Object.values(naming).every(isPlain);

const asItWas = {
  key: (key: number) => key,
  file: (file: number) => file,
  owner: (owner: number) => owner,
};

/** Of roles: nobody and no file page is exchanged. */
const isPlainName = (roles: string): boolean => roles.trim() === "";

/** All in their order where nothing is exchanged. */
const orAll = (order: readonly number[], count: number): readonly number[] =>
  order.length > 0 ? order : Array.from({ length: count }, (_, index) => index);

/** The two ways to use a naming: lists in its order, and new names of old ones. */
type Names = {
  readonly orders: Orders;
  readonly files: readonly number[];
  readonly owners: readonly number[];
  /** By owner and then lock of a file page: those that there is one of come first, and stay. */
  readonly locks: readonly number[];
  readonly place: (name: number) => number;
  readonly storage: (name: number) => number;
  readonly handle: (name: number) => number;
  readonly slot: (name: number) => number;
  readonly tag: (name: number) => number;
  readonly key: (name: number) => number;
  /** What lies in a storage page: a file page, or a slot. */
  readonly content: (name: number) => number;
  readonly actor: (name: number) => number;
  readonly owner: (name: number) => number;
  readonly file: (name: number) => number;
};

/** Gives worlds other names; what it has looked up once it remembers. */
export class Renamer {
  private readonly machinery: Machinery;
  private readonly numbers = new Map<string, number>();

  constructor(machinery: Machinery) {
    this.machinery = machinery;
  }

  /** The number of the operation with this number, on another handle or slot. */
  operationOn(actor: number, operation: number, name: number): number {
    return this.renamedOperation(operation, name, actor, { ...asItWas, pagesPerFile: 1 }, "");
  }

  /** The same world under other names. What no name is in is shared with `world`. */
  renamed(world: World, naming: Naming): World {
    if (isIdentity(naming)) return world;
    const { granules } = this.machinery.site;
    const { extra: fields = [] } = this.machinery.design;
    const names = this.namesOf(naming);
    const { orders, place, tag } = names;
    /** A list with an entry for each granule of each frame. */
    const byGranule = (list: readonly number[]): number[] =>
      list.length === 0
        ? []
        : orders.frame.flatMap((frame) =>
            list.slice(frame * granules, (frame + 1) * granules).map(tag),
          );
    return {
      ...world,
      frames: pick(world.frames, orders.frame),
      storage: pick(world.storage, orders.storage).map((page) => ({
        ...page,
        key: names.content(page.key),
      })),
      users: pick(world.users, orders.block),
      nibbles: byGranule(world.nibbles),
      dataLines: world.dataLines.length === 0 ? [] : pick(world.dataLines, orders.storage),
      tagLines: byGranule(world.tagLines),
      stash: byGranule(world.stash),
      held: pick(world.held, naming.handles).map((page) => ({
        ...page,
        at: place(page.at),
        owner: names.owner(page.owner),
      })),
      slots: pick(world.slots, orders.slot).map((slot) => ({
        ...slot,
        tags: slot.tags.map(tag),
        owner: names.owner(slot.owner),
      })),
      cached: pick(world.cached, orders.key),
      exists: pick(world.exists, names.files),
      extra: renamedExtra(world.extra, fields, orders),
      locks: this.renamedLocks(world.locks, names),
      actors: this.renamedActors(world, naming, names),
      truth: this.renamedTruth(world.truth, naming, names),
    };
  }

  private namesOf({ places, blocks, handles, slots, tags, keys, actors }: Naming): Names {
    const { site, design } = this.machinery;
    const { scope, frames } = site;
    const specs = scope.actors;
    const order = orAll(actors, specs.length);
    const owners: number[] = orAll([], 1 + Math.max(...specs.map(({ owner }) => owner))).slice();
    for (const [fresh, old] of order.entries())
      owners[at(specs, fresh).owner] = at(specs, old).owner;
    const keyOrder = orAll(keys, site.keys);
    const files = orAll([], scope.files).map((file) =>
      Math.floor(at(keyOrder, file * scope.pagesPerFile) / scope.pagesPerFile),
    );
    const place = inverse(places);
    return {
      orders: {
        actor: order,
        frame: places.slice(0, frames),
        storage: places.slice(frames).map((name) => name - frames),
        block: blocks,
        slot: slots,
        key: keyOrder,
      },
      files,
      owners,
      locks: [...keyOrder, ...owners.map((owner) => site.keys + owner)],
      place,
      storage: (name) => (name < 0 ? name : place(frames + name) - frames),
      handle: inverse(handles),
      slot: inverse(slots),
      tag: inverse(tags),
      key: inverse(keyOrder),
      content: inverse(design.storageHoldsSlots ? slots : keyOrder),
      actor: inverse(order),
      owner: inverse(owners),
      file: inverse(files),
    };
  }

  /** Locks that there is one of come first, then those of file pages, then those of owners. */
  private renamedLocks(locks: readonly number[], { locks: order, actor }: Names): number[] {
    const first = locks.length - order.length - (this.machinery.design.locks.pool ? 1 : 0);
    return locks.map((before, lock) => {
      const old = order[lock - first];
      const holder = old === undefined ? before : at(locks, first + old);
      return holder > 0 ? actor(holder - 1) + 1 : holder;
    });
  }

  private renamedActors(world: World, { keys, actors }: Naming, names: Names): Actor[] {
    const { operations, design, site } = this.machinery;
    const { place, storage, handle, slot, content } = names;
    const said = { ...names, pagesPerFile: site.scope.pagesPerFile };
    const roles = `${keys.join()} ${actors.join()}`;
    return names.orders.actor.map((old, index) => {
      const actor = at(world.actors, old);
      const operation = operations[actor.operation];
      if (!operation) return actor;
      const asked = askedBy(operation, actor);
      const name = asked && (asked.of === "handle" ? handle : slot)(asked.name);
      return {
        ...actor,
        operation: this.renamedOperation(actor.operation, name, index, said, roles),
        frame: place(actor.frame),
        target: isOfFiles(operation) ? storage(actor.target) : place(actor.target),
        moved: (design.movedNamesContent ? content : place)(actor.moved),
        storage: storage(actor.storage),
        handle: handle(actor.handle),
        slot: slot(actor.slot),
      };
    });
  }

  /** `roles`: a short unique name of what `said` says. */
  private renamedOperation(
    operation: number,
    name: number | null,
    actor: number,
    said: Said,
    roles: string,
  ): number {
    if (name === null && isPlainName(roles)) return operation;
    const key = `${actor} ${operation} ${name} ${roles}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const asked = at(this.machinery.operations, operation);
    const number = asked && this.machinery.numberOf(actor, saidOf(asked, name, said));
    if (number === null) throw new RangeError(`actor ${actor} cannot ask that of ${name}`);
    this.numbers.set(key, number);
    return number;
  }

  /** The contract knows handles, slots, tags, file pages and owners; places are nothing to it. */
  private renamedTruth(truth: number, naming: Naming, names: Names): number {
    const { handles, slots, tags, keys, actors } = naming;
    if ([handles, slots, tags, keys, actors].every(isPlain)) return truth;
    const name = [handles, slots, tags, keys, actors].join(" ");
    const { tag, handle, owner, orders, files } = names;
    const { pagesPerFile } = this.machinery.site.scope;
    return this.machinery.judge.rename(truth, name, (memory: Memory) => ({
      ...memory,
      pages: pick(memory.pages, handles).map(
        (page) =>
          page && {
            ...page,
            owner: owner(page.owner),
            tags: page.tags.map(tag),
            copyOf: page.copyOf === null ? null : handle(page.copyOf),
          },
      ),
      slots: pick(memory.slots, slots).map(
        (slot) =>
          slot && {
            ...slot,
            owner: owner(slot.owner),
            tags: slot.tags === null ? null : slot.tags.map(tag),
          },
      ),
      files: files.map((old, file) => ({
        ...at(memory.files, old),
        pages: orders.key
          .slice(file * pagesPerFile, (file + 1) * pagesPerFile)
          .map((key) =>
            at(at(memory.files, Math.floor(key / pagesPerFile)).pages, key % pagesPerFile),
          ),
      })),
    }));
  }
}
