/**
 * The device's side of a region whose size a host decides (virtio specification, memory device).
 * The region is cut into blocks, each plugged or not; the host asks for a size, and may change its
 * mind; the guest plugs and unplugs by requests that the device answers with one of four words.
 * What an unplugged block holds is the host's affair: the guest leaves it alone.
 */
import { poisonStorage } from "../hardware/arena.ts";
import { totalBlocks } from "../machine/geometry.ts";
import { ExtraField } from "../world/extra.ts";
import type { Scope } from "../world/scope.ts";
import { at, type Site } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { OwnMove } from "./own.ts";

/** nack: more than is requested. error: outside the usable region, or so already. */
export type Answer = "ack" | "nack" | "error";

/**
 * How often the host changes its mind, in scopes in which it does. Scopes that are exhausted have one
 * value for bytes, and few changes; a random walk may go on for longer.
 */
const mostChanges = ({ byteValues }: Scope): number => (byteValues > 1 ? 24 : 2);

/** Only where somebody could follow does the host ask for another size. */
export const isResized = ({ actors }: Scope): boolean =>
  actors.some(({ may }) => may.includes("background"));

const blocksOf = ({ geometry }: Scope): number => totalBlocks(geometry);

/** By block: is it plugged? In a scope with a resize one was, by the driver that ran before. */
const pluggedBlocks = (atRest: 0 | 1): ExtraField =>
  new ExtraField("plugged", {
    length: blocksOf,
    least: 0,
    most: 1,
    initially: (block, scope) => (isResized(scope) ? (block === 0 ? 1 : 0) : atRest),
    about: { by: ["block"], inOrder: "block" },
  });

const size = (name: string, atRest: 0 | 1): ExtraField =>
  new ExtraField(name, {
    length: () => 1,
    least: 0,
    most: blocksOf,
    initially: (_index, scope) => (isResized(scope) ? 1 : atRest * blocksOf(scope)),
    about: { by: [], inOrder: "block" },
  });

/** In blocks: what the host asks for, and how much of the region may be plugged at all. */
const requestedSize = (atRest: 0 | 1): ExtraField => size("requestedSize", atRest);
const usableSize = (atRest: 0 | 1): ExtraField => size("usableSize", atRest);

const changesLeft = new ExtraField("changesLeft", {
  length: () => 1,
  least: 0,
  most: mostChanges,
  initially: (_index, scope) => (isResized(scope) ? mostChanges(scope) : 0),
  about: { by: [] },
});

/** `atRest`: is all of the region plugged in scopes where the host asks for nothing? */
export const regionFields = (atRest: 0 | 1): readonly ExtraField[] => [
  pluggedBlocks(atRest),
  requestedSize(atRest),
  usableSize(atRest),
  changesLeft,
];

const plugged = pluggedBlocks(0);
const requested = requestedSize(0);
const usable = usableSize(0);

export const isPlugged = (world: World, block: number): boolean =>
  at(plugged.of(world), block) === 1;

/** What the guest reads in the device's configuration, in blocks. */
export const pluggedSize = (world: World): number =>
  plugged.of(world).reduce((sum, block) => sum + block, 0);
export const requestedSizeOf = (world: World): number => at(requested.of(world), 0);
export const usableSizeOf = (world: World): number => at(usable.of(world), 0);

const set = (world: World, site: Site, block: number, value: 0 | 1): void => {
  plugged.of(world)[block] = value;
  for (const storage of at(site.storageOfBlock, block)) poisonStorage(world, site, storage);
};

/** VIRTIO_MEM_REQ_PLUG. What a block holds right after it is undefined. */
export const plug = (world: World, site: Site, block: number): Answer => {
  if (isPlugged(world, block) || block >= usableSizeOf(world)) return "error";
  if (pluggedSize(world) >= requestedSizeOf(world)) return "nack";
  set(world, site, block, 1);
  return "ack";
};

/** VIRTIO_MEM_REQ_UNPLUG. */
export const unplug = (world: World, site: Site, block: number): Answer => {
  if (!isPlugged(world, block)) return "error";
  set(world, site, block, 0);
  return "ack";
};

/** VIRTIO_MEM_REQ_UNPLUG_ALL: the one request after which the usable region may shrink. */
export const unplugAll = (world: World, site: Site): void => {
  for (let block = 0; block < site.blocks; block++) set(world, site, block, 0);
  usable.of(world)[0] = requestedSizeOf(world);
};

/** The host changes its mind; the object is the size that it asks for from now on. */
export const hostRequests: OwnMove = {
  name: "requests-blocks",
  objects: (world, site) => {
    if (at(changesLeft.of(world), 0) === 0) return [];
    const sizes = Array.from({ length: site.blocks + 1 }, (_, blocks) => blocks);
    return sizes.filter((blocks) => blocks !== requestedSizeOf(world));
  },
  do: (world, _site, blocks) => {
    changesLeft.of(world)[0] = at(changesLeft.of(world), 0) - 1;
    requested.of(world)[0] = blocks;
    usable.of(world)[0] = Math.max(usableSizeOf(world), blocks);
    return undefined;
  },
};
