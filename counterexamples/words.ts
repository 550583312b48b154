/** The state in the words of the field, so that what a step changed can be shown as a short list. */
import {
  at,
  dataCode,
  describeOperation,
  type Environment,
  type Event,
  junk,
  type LockName,
  type Machinery,
  nothing,
  type World,
} from "../model/index.ts";

const nobody = -1;
const fixedLocks = ["index", "tag-blocks", "page-table"] as const satisfies readonly LockName[];

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
    list.slice(frame * granules, (frame + 1) * granules).map(nibbleWord).join(" ");
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
    parts.set(`frame ${index} tags in memory`, nibbles(world.nibbles, index));
    if (world.tagLines.length > 0)
      parts.set(`frame ${index} dirty tag line`, nibbles(world.tagLines, index));
    if (world.stash.length > 0) parts.set(`frame ${index} stashed tags`, nibbles(world.stash, index));
  }
  for (const [index, { use, key }] of world.storage.entries()) {
    parts.set(`storage page ${index}`, use);
    parts.set(`storage page ${index} holds a copy of`, key === nobody ? "none" : filePage(key));
    const line = world.dataLines[index];
    if (line !== undefined)
      parts.set(`storage page ${index} dirty data line`, line === nothing ? "none" : bytesWord(line));
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
  const named = new Map(
    fixedLocks.map((name) => [machinery.lockIndex(name, { kind: "mount" }), `lock "${name}"`]),
  );
  for (const [index, holder] of world.locks.entries()) {
    const name = named.get(index) ?? `lock of ${filePage(index - fixedLocks.length)}`;
    const who = holder === 0 ? "free" : at(site.scope.actors, holder - 1).name;
    parts.set(name, who);
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
export const describeEnvironment = (does: Environment): string => {
  switch (does.kind) {
    case "pin":
      return `pins page ${does.handle}`;
    case "unpin":
      return `lets page ${does.handle} go`;
    case "write-back-data":
      return `writes the dirty data line of storage page ${does.storage} back`;
    case "write-back-tags":
      return `writes the dirty tag line of frame ${does.frame} back`;
  }
};

/** The events of a step that a reader wants to know of: effects, refusals, sleeps, marks. */
export const describeEvent = (event: Event): readonly string[] => {
  switch (event.kind) {
    case "committed":
      return [
        `takes effect: ${describeOperation(event.operation)}: ${event.outcome}`,
        ...event.refusals.map(({ rule, cause }) => `the contract refuses, ${rule}: ${cause}`),
        ...(event.illFormed === null ? [] : [`nobody may ask that here: ${event.illFormed}`]),
      ];
    case "slept-in-atomic":
      return [`may sleep in atomic context: ${event.what}`];
    case "claimed":
      return [`begins to claim tag storage${event.atomic ? ", in atomic context" : ""}`];
    case "ended":
      return ["the operation ends"];
    case "marked":
      return [`note: ${event.mark}`];
  }
};
