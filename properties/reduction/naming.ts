/**
 * A state of a design under other names: its places, blocks, handles, swap slots and tag values are
 * each exchanged among themselves. It is the same world described anew, so that mechanism,
 * operations under way and ghost are renamed alike.
 */
import {
  type Actor,
  at,
  type Job,
  type Label,
  labels,
  type Machinery,
  type Memory,
  type World,
} from "../../model/index.ts";

/** Old names in the order of the new ones: `handles[n]` is what handle n was called before. */
export type Naming = {
  /** Frames, and behind them storage pages. */
  readonly places: readonly number[];
  readonly blocks: readonly number[];
  readonly handles: readonly number[];
  readonly slots: readonly number[];
  /** Of the values that a tag can take; empty where all stay. */
  readonly tags: readonly number[];
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

const isIdentity = ({ places, blocks, handles, slots, tags }: Naming): boolean =>
  [places, blocks, handles, slots, tags].every(isPlain);

/** The page is on its way to the free list, or the slot is: nobody asks any more which it was. */
const forgetsHandle: ReadonlySet<Label> = new Set(["invalidate-tag-lines", "uncount", "give-back"]);
const forgetsSlot: ReadonlySet<Label> = new Set([...forgetsHandle, "map-swapped"]);

/**
 * What an actor still knows of the names that it began with. A fault that replaced a page gives the
 * old one back and goes on with the handle.
 */
export const remembers = (
  { kind }: Job,
  { label }: Actor,
): { readonly handle: boolean; readonly slot: boolean } => {
  const name = at(labels, label);
  return {
    handle: kind === "enable-tags" || !forgetsHandle.has(name),
    slot: !forgetsSlot.has(name),
  };
};

/** The handle or slot that an operation was asked for. */
type Asked = { readonly of: "handle" | "slot"; readonly name: number };

const askedOf = (operation: Job): Asked | null => {
  switch (operation.kind) {
    case "copy":
      return { of: "handle", name: operation.from };
    case "swap-out":
      return { of: "handle", name: at(operation.handles, 0) };
    case "swap-in":
      return { of: "slot", name: operation.slot };
    default:
      return "handle" in operation ? { of: "handle", name: operation.handle } : null;
  }
};

/** The same operation on another handle or slot. */
const on = (operation: Job, name: number): Job => {
  switch (operation.kind) {
    case "copy":
      return { ...operation, from: name };
    case "swap-out":
      return { ...operation, handles: [name] };
    case "swap-in":
      return { ...operation, slot: name };
    default:
      return "handle" in operation ? { ...operation, handle: name } : operation;
  }
};

/** The handle or slot that an actor was asked to work on, if that still counts. */
export const askedBy = (operation: Job, actor: Actor): Asked | null => {
  const asked = askedOf(operation);
  return asked && remembers(operation, actor)[asked.of] ? asked : null;
};

/** Operations on files have a storage page in `target`, all others a place. */
export const isOfFiles = (operation: Job): boolean =>
  "file" in operation || operation.kind === "mount" || operation.kind === "unmount";

/** Gives worlds other names; what it has looked up once it remembers. */
export class Renamer {
  private readonly machinery: Machinery;
  private readonly numbers = new Map<string, number>();

  constructor(machinery: Machinery) {
    this.machinery = machinery;
  }

  /** The number of the operation with this number, on another handle or slot. */
  operationOn(actor: number, operation: number, name: number): number {
    const key = `${actor} ${operation} ${name}`;
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const asked = at(this.machinery.operations, operation);
    const number = asked && this.machinery.numberOf(actor, on(asked, name));
    if (number === null) throw new RangeError(`actor ${actor} cannot ask that of ${name}`);
    this.numbers.set(key, number);
    return number;
  }

  /** The same world under other names. What no name is in is shared with `world`. */
  renamed(world: World, naming: Naming): World {
    if (isIdentity(naming)) return world;
    const { granules, frames } = this.machinery.site;
    const { places, blocks, handles, slots, tags } = naming;
    const place = inverse(places);
    const tag = inverse(tags);
    const frameOrder = places.slice(0, frames);
    const storageOrder = places.slice(frames).map((name) => name - frames);
    /** A list with an entry for each granule of each frame. */
    const byGranule = (list: readonly number[]): number[] =>
      list.length === 0
        ? []
        : frameOrder.flatMap((frame) =>
            list.slice(frame * granules, (frame + 1) * granules).map(tag),
          );
    return {
      ...world,
      frames: pick(world.frames, frameOrder),
      storage: pick(world.storage, storageOrder),
      users: pick(world.users, blocks),
      nibbles: byGranule(world.nibbles),
      dataLines: world.dataLines.length === 0 ? [] : pick(world.dataLines, storageOrder),
      tagLines: byGranule(world.tagLines),
      stash: byGranule(world.stash),
      held: pick(world.held, handles).map((page) => ({ ...page, at: place(page.at) })),
      slots: pick(world.slots, slots).map((slot) => ({ ...slot, tags: slot.tags.map(tag) })),
      actors: this.renamedActors(world, naming),
      truth: this.renamedTruth(world.truth, naming),
    };
  }

  private renamedActors({ actors }: World, { places, handles, slots }: Naming): Actor[] {
    const { operations, site } = this.machinery;
    const { frames } = site;
    const place = inverse(places);
    const handle = inverse(handles);
    const slot = inverse(slots);
    const storage = (name: number): number => (name < 0 ? name : place(frames + name) - frames);
    return actors.map((actor, index) => {
      const operation = operations[actor.operation];
      if (!operation) return actor;
      const asked = askedBy(operation, actor);
      const name = asked && (asked.of === "handle" ? handle : slot)(asked.name);
      return {
        ...actor,
        operation: name === null ? actor.operation : this.operationOn(index, actor.operation, name),
        frame: place(actor.frame),
        target: isOfFiles(operation) ? storage(actor.target) : place(actor.target),
        moved: place(actor.moved),
        storage: storage(actor.storage),
        handle: handle(actor.handle),
        slot: slot(actor.slot),
      };
    });
  }

  /** The contract knows handles, slots and tags; places are nothing to it. */
  private renamedTruth(truth: number, { handles, slots, tags }: Naming): number {
    if ([handles, slots, tags].every(isPlain)) return truth;
    const name = `${handles.join()} ${slots.join()} ${tags.join()}`;
    const tag = inverse(tags);
    const handle = inverse(handles);
    return this.machinery.judge.rename(truth, name, (memory: Memory) => ({
      ...memory,
      pages: pick(memory.pages, handles).map(
        (page) =>
          page && {
            ...page,
            tags: page.tags.map(tag),
            copyOf: page.copyOf === null ? null : handle(page.copyOf),
          },
      ),
      slots: pick(memory.slots, slots).map(
        (slot) => slot && { ...slot, tags: slot.tags === null ? null : slot.tags.map(tag) },
      ),
    }));
  }
}
