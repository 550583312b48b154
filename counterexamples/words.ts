/** The state in the words of the field, so that what a step changed can be shown as a short list. */
import { match } from "ts-pattern";
import {
  at,
  dataCode,
  describeOperation,
  type Environment,
  type Event,
  junk,
  type Machinery,
  nothing,
  type World,
} from "../model/index.ts";

const nobody = -1;

const bytesWord = (bytes: number): string => (bytes === junk ? "junk" : String(bytes));

const nibbleWord = (nibble: number): string => {
  if (nibble === junk) return "junk";
  if (nibble === nothing) return "none";
  return nibble >= dataCode ? `data ${nibble - dataCode}` : String(nibble);
};

const yesNo = (value: boolean): string => (value ? "yes" : "no");

/** Every part of the state that a reader may want to see, by its name. No actor, no ghost. */
const portrait = (machinery: Machinery, world: World): ReadonlyMap<string, string> => {
  const { site } = machinery;
  const { granules } = site;
  const parts = new Map<string, string>();
  const place = (where: number): string => {
    if (where === nobody) return "none";
    return where < site.frames ? `frame ${where}` : `storage page ${where - site.frames}`;
  };
  const filePage = (key: number): string => {
    const { pagesPerFile } = site.scope;
    return `page ${key % pagesPerFile} of file ${Math.floor(key / pagesPerFile)}`;
  };
  const nibbles = (list: readonly number[], frame: number): string =>
    list
      .slice(frame * granules, (frame + 1) * granules)
      .map(nibbleWord)
      .join(" ");
  const owner = (number: number): string => (number === nobody ? "nobody" : `owner ${number}`);

  for (const [index, page] of world.held.entries()) {
    parts.set(`page ${index}`, page.state === "none" ? "free" : page.state);
    parts.set(`page ${index} lies in`, place(page.at));
    parts.set(`page ${index} belongs to`, owner(page.owner));
    parts.set(`page ${index} mapped with PROT_MTE`, yesNo(page.tagged));
    parts.set(`page ${index} extra references`, String(page.uses));
    parts.set(`page ${index} pinned`, yesNo(page.pinned));
  }
  for (const [index, frame] of world.frames.entries()) {
    parts.set(`frame ${index}`, frame.use);
    parts.set(`frame ${index} PG_mte_lock`, yesNo(frame.locked));
    parts.set(`frame ${index} PG_mte_tagged`, yesNo(frame.flagged));
    parts.set(`frame ${index} claims its block`, yesNo(frame.claimed));
    parts.set(`frame ${index} bytes`, bytesWord(frame.bytes));
    parts.set(`tag storage of frame ${index}`, nibbles(world.nibbles, index));
    if (world.tagLines.length > 0)
      parts.set(`dirty tag line of frame ${index}`, nibbles(world.tagLines, index));
    if (world.stash.length > 0)
      parts.set(`stashed tags of frame ${index}`, nibbles(world.stash, index));
  }
  for (const [index, { use, key }] of world.storage.entries()) {
    parts.set(`storage page ${index}`, use);
    parts.set(`storage page ${index} holds a copy of`, key === nobody ? "none" : filePage(key));
    const line = world.dataLines[index];
    if (line !== undefined)
      parts.set(
        `dirty data line of storage page ${index}`,
        line === nothing ? "none" : bytesWord(line),
      );
  }
  for (const [index, users] of world.users.entries())
    parts.set(`block ${index} users`, String(users));
  for (const [index, slot] of world.slots.entries()) {
    parts.set(`slot ${index} users`, String(slot.sharers));
    parts.set(`slot ${index} belongs to`, owner(slot.owner));
    parts.set(`slot ${index} locked`, yesNo(slot.busy));
    parts.set(`slot ${index} tags saved`, yesNo(slot.saved));
    parts.set(`slot ${index} tags`, slot.tags.map(nibbleWord).join(" "));
    parts.set(`slot ${index} bytes`, bytesWord(slot.bytes));
  }
  for (const [key, page] of world.cached.entries()) {
    parts.set(`${filePage(key)} on disk`, bytesWord(page.disk));
    parts.set(`${filePage(key)} in the page cache`, page.resident);
    parts.set(`${filePage(key)} bytes in the page cache`, bytesWord(page.bytes));
  }
  for (const [index, exists] of world.exists.entries())
    parts.set(`file ${index} exists`, yesNo(exists));
  parts.set("file system mounted", yesNo(world.mounted));
  const kinds = world.locks.map((_, index) => machinery.contexts.lockNamed(index));
  for (const [index, holder] of world.locks.entries()) {
    const kind = at(kinds, index);
    const number = index - kinds.indexOf(kind);
    const name = match(kind)
      .with("file-page", () => `lock of ${filePage(number)}`)
      .with("page-table", () => `page-table lock of owner ${number}`)
      .with("index", "tag-blocks", () => `lock "${kind}"`)
      .exhaustive();
    parts.set(name, holder === 0 ? "free" : at(site.scope.actors, holder - 1).name);
  }
  return parts;
};

/** What differs between two states, as `what: before -> after`. */
export const changesBetween = (
  machinery: Machinery,
  before: World,
  after: World,
): readonly string[] => {
  const old = portrait(machinery, before);
  return [...portrait(machinery, after)].flatMap(([name, value]) => {
    const was = old.get(name) ?? "none";
    return was === value ? [] : [`${name}: ${was} -> ${value}`];
  });
};

/** What the world did on its own; completes "the environment ...". */
export const describeEnvironment = (does: Environment): string =>
  match(does)
    .with({ kind: "pin" }, ({ handle }) => `pins page ${handle}`)
    .with({ kind: "unpin" }, ({ handle }) => `lets page ${handle} go`)
    .with(
      { kind: "write-back-data" },
      ({ storage }) => `writes the dirty data line of storage page ${storage} back`,
    )
    .with(
      { kind: "write-back-tags" },
      ({ frame }) => `writes the dirty tag line of frame ${frame} back`,
    )
    .exhaustive();

/** The events of a step, one line for each thing that a reader wants to know of. */
export const describeEvent = (event: Event): readonly string[] =>
  match(event)
    .returnType<readonly string[]>()
    .with({ kind: "committed" }, ({ operation, outcome, refusals, illFormed }) => [
      `takes effect: ${describeOperation(operation)}: ${outcome}`,
      ...refusals.map(({ rule, cause }) => `the contract refuses it, ${rule}: ${cause}`),
      ...(illFormed === null ? [] : [`nobody may ask that here: ${illFormed}`]),
    ])
    .with({ kind: "slept-in-atomic" }, ({ what }) => [`may sleep in atomic context: ${what}`])
    .with({ kind: "claimed" }, ({ atomic }) => [
      `begins to claim tag storage${atomic ? ", in atomic context" : ""}`,
    ])
    .with({ kind: "ended" }, () => ["the operation ends"])
    .with({ kind: "marked" }, ({ mark }) => [`note: ${mark}`])
    .exhaustive();
