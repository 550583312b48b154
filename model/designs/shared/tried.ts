/**
 * Which frames an allocation has tried in vain: they lie at the tail of their list. Only designs that
 * try one page after another declare the field.
 */
import { totalPages } from "../../machine/geometry.ts";
import { ExtraField } from "../../world/extra.ts";
import type { Turn } from "../script.ts";

/** By actor, then by frame: 0 or 1. */
export const triedPages = new ExtraField("triedPages", {
  length: ({ actors, geometry }) => actors.length * totalPages(geometry),
  least: 0,
  most: 1,
  initially: 0,
  about: { by: ["actor", "frame"] },
});

export const rememberTry = ({ world, site, me }: Turn, frame: number): void => {
  triedPages.of(world)[me * site.frames + frame] = 1;
};

export const forgetTries = ({ world, site, me }: Turn): void => {
  triedPages.of(world).fill(0, me * site.frames, (me + 1) * site.frames);
};

/** Who tried the frame, one bit for each actor. */
export const triersOf = ({ world, site }: Turn, frame: number): number => {
  const tried = world.extra[triedPages.name];
  if (tried === undefined) return 0;
  let triers = 0;
  for (let actor = 0; actor < world.actors.length; actor++)
    if (tried[actor * site.frames + frame] === 1) triers |= 1 << actor;
  return triers;
};
