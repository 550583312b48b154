/**
 * Memory as the machine has it. Tags lie inside the storage page of their data page, one nibble a
 * granule; a storage page that holds data has its nibbles full of data. Whoever reads tags there
 * reads data, whoever writes one overwrites data: nothing warns. Stores go to a dirty line first
 * where the scope keeps lines back; tag accesses and data accesses of one storage page are *not*
 * coherent with each other (spec.md of mte-dynamic-carveout, base requirement 3). Where storage
 * pages are memory of a device, they hold bytes of their own (device-memory.ts).
 *
 * Only this folder changes nibbles, lines and the bytes of frames.
 */
import { at, type Site } from "../world/site.ts";
import { dataCode, junk, nothing, type World } from "../world/world.ts";
import { deviceBytes } from "./device-memory.ts";

const tagOf = (world: World, place: number): number => {
  const line = world.tagLines[place] ?? nothing;
  return line === nothing ? at(world.nibbles, place) : line;
};

/** LDG: the tags of a frame as a CPU reads them now. */
export const loadTags = (world: World, site: Site, frame: number): number[] =>
  Array.from({ length: site.granules }, (_, granule) =>
    tagOf(world, frame * site.granules + granule),
  );

export const loadTag = (world: World, site: Site, frame: number, granule: number): number =>
  tagOf(world, frame * site.granules + granule);

/** STG: one tag, into a dirty tag line if lines are kept back. */
export const storeTag = (
  world: World,
  site: Site,
  frame: number,
  granule: number,
  tag: number,
): void => {
  const place = frame * site.granules + granule;
  if (site.scope.dirtyLines) world.tagLines[place] = tag;
  else world.nibbles[place] = tag;
};

export const storeTags = (
  world: World,
  site: Site,
  frame: number,
  tags: readonly number[],
): void => {
  for (let granule = 0; granule < site.granules; granule++)
    storeTag(world, site, frame, granule, tags[granule] ?? 0);
};

const fill = (world: World, site: Site, storage: number, nibble: number): void => {
  for (const frame of at(site.framesOf, storage))
    for (let granule = 0; granule < site.granules; granule++)
      world.nibbles[frame * site.granules + granule] = nibble;
};

/** The bytes of storage pages that hold no tags; `undefined` where they hold them. */
const ownBytes = ({ extra }: World): number[] | undefined => extra[deviceBytes.name];

/** A data store that fills one storage page. */
export const storeData = (world: World, site: Site, storage: number, bytes: number): void => {
  const own = ownBytes(world);
  if (own) own[storage] = bytes;
  else if (site.scope.dirtyLines) world.dataLines[storage] = bytes;
  else fill(world, site, storage, bytes === junk ? junk : dataCode + bytes);
};

/** What a data load from a storage page sees: junk, unless the page is data through and through. */
export const loadData = (world: World, site: Site, storage: number): number => {
  const own = ownBytes(world);
  if (own) return at(own, storage);
  const line = world.dataLines[storage] ?? nothing;
  if (line !== nothing) return line;
  let bytes = nothing;
  for (const frame of at(site.framesOf, storage))
    for (let granule = 0; granule < site.granules; granule++) {
      const nibble = at(world.nibbles, frame * site.granules + granule);
      if (nibble < dataCode || nibble === junk) return junk;
      if (bytes !== nothing && bytes !== nibble - dataCode) return junk;
      bytes = nibble - dataCode;
    }
  return bytes;
};

/** dcache_inval_poc(): the dirty data line of a storage page is forgotten. */
export const invalidateDataLines = (world: World, storage: number): void => {
  if (world.dataLines.length > 0) world.dataLines[storage] = nothing;
};

/** dcache_inval_tags_poc(): the dirty tag lines of a data page are forgotten. */
export const invalidateTagLines = (world: World, site: Site, frame: number): void => {
  if (world.tagLines.length === 0) return;
  for (let granule = 0; granule < site.granules; granule++)
    world.tagLines[frame * site.granules + granule] = nothing;
};

export const dataLineIsDirty = (world: World, storage: number): boolean =>
  (world.dataLines[storage] ?? nothing) !== nothing;

export const tagLineIsDirty = (world: World, site: Site, frame: number): boolean =>
  world.tagLines.length > 0 &&
  world.tagLines
    .slice(frame * site.granules, (frame + 1) * site.granules)
    .some((line) => line !== nothing);

/** A cache decides to write a dirty data line back, over whatever memory holds by now. */
export const writeBackData = (world: World, site: Site, storage: number): void => {
  const line = at(world.dataLines, storage);
  fill(world, site, storage, line === junk ? junk : dataCode + line);
  world.dataLines[storage] = nothing;
};

export const writeBackTags = (world: World, site: Site, frame: number): void => {
  for (let granule = 0; granule < site.granules; granule++) {
    const place = frame * site.granules + granule;
    const line = at(world.tagLines, place);
    if (line !== nothing) world.nibbles[place] = line;
    world.tagLines[place] = nothing;
  }
};

/** Freed memory is worth nothing: junk finds more bugs than old contents, in fewer states. */
export const poisonTags = (world: World, site: Site, frame: number): void => {
  for (let granule = 0; granule < site.granules; granule++)
    world.nibbles[frame * site.granules + granule] = junk;
};

export const poisonStorage = (world: World, site: Site, storage: number): void => {
  const own = ownBytes(world);
  if (own) own[storage] = junk;
  else fill(world, site, storage, junk);
};

export const loadBytes = (world: World, frame: number): number => at(world.frames, frame).bytes;
export const storeBytes = (world: World, frame: number, bytes: number): void => {
  at(world.frames, frame).bytes = bytes;
};
