/**
 * Memory of a device beside RAM, which a host gives a guest: its pages hold bytes and no tags, so
 * that what lies there and the tags of RAM never get in each other's way. A design whose storage
 * pages are such memory declares the field; in all others storage pages are tag storage. It is
 * coherent: no line is kept back.
 */
import { totalStoragePages } from "../machine/geometry.ts";
import { ExtraField } from "../world/extra.ts";
import { junk } from "../world/world.ts";

/** The first half of a page was copied in and not the second: no bytes that anybody put. */
const halfWay = 13;

export const deviceBytes = new ExtraField("deviceBytes", {
  length: ({ geometry }) => totalStoragePages(geometry),
  least: 0,
  most: junk,
  initially: junk,
  about: { by: ["storage"] },
});

type Holder = Parameters<typeof deviceBytes.of>[0];

/**
 * Copies half a page in. A page whose first half was lost before the second came holds neither what
 * was there before nor what was to come.
 */
export const storeHalf = (
  world: Holder,
  storage: number,
  half: "first" | "second",
  bytes: number,
): void => {
  const memory = deviceBytes.of(world);
  if (half === "first") memory[storage] = halfWay;
  else memory[storage] = memory[storage] === halfWay ? bytes : junk;
};

/** The host takes what a page holds: from now on it reads as nothing that anybody put. */
export const discard = (world: Holder, storage: number): void => {
  deviceBytes.of(world)[storage] = junk;
};
