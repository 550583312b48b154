/**
 * What the driver of a region that comes and goes makes of its blocks. Only what is in use is given
 * out: to the cache, or to the page allocator. A design without such a region declares no field, and
 * all of its storage is there for ever.
 */
import { totalBlocks } from "../../machine/geometry.ts";
import { ExtraField } from "../../world/extra.ts";
import type { Scope } from "../../world/scope.ts";
import { at, type Site } from "../../world/site.ts";
import type { World } from "../../world/world.ts";

/** Not its own; its own but kept out of use; in use. */
const views = ["absent", "idle", "used"] as const;

export type BlockView = (typeof views)[number];

const name = "blockViews";

export const blockViews = (initially: (scope: Scope) => BlockView): ExtraField =>
  new ExtraField(name, {
    length: ({ geometry }) => totalBlocks(geometry),
    least: 0,
    most: views.length - 1,
    initially: (_block, scope) => views.indexOf(initially(scope)),
    about: { by: ["block"], inOrder: "block" },
  });

export const viewOf = ({ extra }: World, block: number): BlockView => {
  const declared = extra[name];
  return declared ? at(views, at(declared, block)) : "used";
};

export const setView = ({ extra }: World, block: number, view: BlockView): void => {
  const declared = extra[name];
  if (declared) declared[block] = views.indexOf(view);
};

/** May data be put into this storage page? */
export const isInUse = (world: World, site: Site, storage: number): boolean =>
  viewOf(world, at(site.blockOfStorage, storage)) === "used";
