/**
 * The state of a design as a list of named parts in the words of the field: every page, frame,
 * storage page, slot, file page and lock. No actor and no ghost. A reader sees the whole of it in a
 * picture, and the difference of two of them beside a step.
 */
import { match } from "ts-pattern";
import { at, dataCode, junk, type Machinery, nothing, type World } from "../model/index.ts";

export type SubjectKind =
  | "page"
  | "frame"
  | "storage-page"
  | "block"
  | "slot"
  | "file-page"
  | "file"
  | "file-system"
  | "lock";

/** One thing that is true of one subject. */
export type Part = {
  readonly kind: SubjectKind;
  /** "frame 0"; parts of one subject stand together. */
  readonly subject: string;
  /** The whole name of the part: "dirty tag line of frame 0". Unique in a portrait. */
  readonly name: string;
  readonly value: string;
};

/** A part that a step changed. */
export type Change = Omit<Part, "value"> & { readonly before: string; readonly after: string };

const nobody = -1;

const bytesWord = (bytes: number): string => (bytes === junk ? "junk" : String(bytes));

const nibbleWord = (nibble: number): string => {
  if (nibble === junk) return "junk";
  if (nibble === nothing) return "none";
  return nibble >= dataCode ? `data ${nibble - dataCode}` : String(nibble);
};

const yesNo = (value: boolean): string => (value ? "yes" : "no");
const ownerWord = (number: number): string => (number === nobody ? "nobody" : `owner ${number}`);

/** A physical place: frames come first, storage pages are numbered behind them. */
export const placeWord = ({ site }: Machinery, place: number): string => {
  if (place === nobody) return "none";
  return place < site.frames ? `frame ${place}` : `storage page ${place - site.frames}`;
};

export const filePageWord = ({ site }: Machinery, key: number): string => {
  const { pagesPerFile } = site.scope;
  return `page ${key % pagesPerFile} of file ${Math.floor(key / pagesPerFile)}`;
};

const lockNames = new WeakMap<Machinery, readonly string[]>();

/** The names of the locks, by their numbers in {@link World.locks}. */
const locksNamed = (machinery: Machinery): readonly string[] => {
  const known = lockNames.get(machinery);
  if (known) return known;
  const kinds = machinery.initial.locks.map((_, index) => machinery.contexts.lockNamed(index));
  const names = kinds.map((kind, lock) => {
    const number = lock - kinds.indexOf(kind);
    return match(kind)
      .with("file-page", () => `lock of ${filePageWord(machinery, number)}`)
      .with("page-table", () => `page-table lock of owner ${number}`)
      .with("index", "tag-blocks", "pool", () => `lock "${kind}"`)
      .exhaustive();
  });
  lockNames.set(machinery, names);
  return names;
};

/** The locks that an actor holds, by name. */
export const locksOf = (machinery: Machinery, world: World, actor: number): readonly string[] =>
  world.locks.flatMap((holder, lock) =>
    holder === actor + 1 ? [at(locksNamed(machinery), lock)] : [],
  );

type Put = (name: string, value: string) => void;

/** Every part of the state that a reader may want to see, always in the same order. */
export const portraitOf = (machinery: Machinery, world: World): readonly Part[] => {
  const { site } = machinery;
  const { granules } = site;
  const parts: Part[] = [];
  const about = (kind: SubjectKind, subject: string, tell: (put: Put) => void): void =>
    tell((name, value) => {
      parts.push({ kind, subject, name: name.replace("%", subject), value });
    });
  const nibbles = (list: readonly number[], frame: number): string =>
    list
      .slice(frame * granules, (frame + 1) * granules)
      .map(nibbleWord)
      .join(" ");

  for (const [index, page] of world.held.entries())
    about("page", `page ${index}`, (put) => {
      put("%", page.state === "none" ? "free" : page.state);
      put("% lies in", placeWord(machinery, page.at));
      put("% belongs to", ownerWord(page.owner));
      put("% mapped with PROT_MTE", yesNo(page.tagged));
      put("% extra references", String(page.uses));
      put("% pinned", yesNo(page.pinned));
    });
  for (const [index, frame] of world.frames.entries())
    about("frame", `frame ${index}`, (put) => {
      put("%", frame.use);
      put("% PG_mte_lock", yesNo(frame.locked));
      put("% PG_mte_tagged", yesNo(frame.flagged));
      put("% claims its block", yesNo(frame.claimed));
      put("% bytes", bytesWord(frame.bytes));
      put("tag storage of %", nibbles(world.nibbles, index));
      if (world.tagLines.length > 0) put("dirty tag line of %", nibbles(world.tagLines, index));
      if (world.stash.length > 0) put("stashed tags of %", nibbles(world.stash, index));
    });
  for (const [index, { use, key }] of world.storage.entries())
    about("storage-page", `storage page ${index}`, (put) => {
      put("%", use);
      put("% holds a copy of", key === nobody ? "none" : filePageWord(machinery, key));
      const line = world.dataLines[index];
      if (line !== undefined)
        put("dirty data line of %", line === nothing ? "none" : bytesWord(line));
    });
  for (const [index, users] of world.users.entries())
    about("block", `block ${index}`, (put) => put("% users", String(users)));
  for (const [index, slot] of world.slots.entries())
    about("slot", `slot ${index}`, (put) => {
      put("% users", String(slot.sharers));
      put("% belongs to", ownerWord(slot.owner));
      put("% locked", yesNo(slot.busy));
      put("% tags saved", yesNo(slot.saved));
      put("% tags", slot.tags.map(nibbleWord).join(" "));
      put("% bytes", bytesWord(slot.bytes));
    });
  for (const [key, page] of world.cached.entries())
    about("file-page", filePageWord(machinery, key), (put) => {
      put("% on disk", bytesWord(page.disk));
      put("% in the page cache", page.resident);
      put("% bytes in the page cache", bytesWord(page.bytes));
    });
  for (const [index, exists] of world.exists.entries())
    about("file", `file ${index}`, (put) => put("% exists", yesNo(exists)));
  about("file-system", "file system", (put) => put("% mounted", yesNo(world.mounted)));
  for (const [index, holder] of world.locks.entries())
    about("lock", at(locksNamed(machinery), index), (put) =>
      put("%", holder === 0 ? "free" : at(site.scope.actors, holder - 1).name),
    );
  return parts;
};

/** What differs between two portraits of one machinery, in their order. */
export const changesBetween = (
  before: readonly Part[],
  after: readonly Part[],
): readonly Change[] =>
  after.flatMap(({ value, ...part }, index) => {
    const was = at(before, index).value;
    return was === value ? [] : [{ ...part, before: was, after: value }];
  });

/** As "what: before -> after". */
export const changeText = ({ name, before, after }: Change): string =>
  `${name}: ${before} -> ${after}`;
