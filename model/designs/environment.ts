/**
 * The world around the actors: what it may do now, and doing it. An adversary pins pages, hardware
 * writes dirty cache lines back, and a design may declare moves of its own.
 */
import {
  dataLineIsDirty,
  tagLineIsDirty,
  writeBackData,
  writeBackTags,
} from "../hardware/arena.ts";
import { at, type Site } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { Design } from "./design.ts";
import type { Environment } from "./moves.ts";
import type { Brought } from "./own.ts";

type Around = Pick<Design, "name" | "environment">;

/** Everything that it may do in this world, in a fixed order. */
export const around = (design: Around, site: Site, world: World): readonly Environment[] => {
  const { scope, frames, storagePages } = site;
  const moves: Environment[] = [];
  if (scope.pins > 0) {
    let pinned = 0;
    for (const page of world.held) if (page.pinned) pinned++;
    for (const [handle, page] of world.held.entries()) {
      if (page.pinned) moves.push({ kind: "unpin", handle });
      else if (pinned < scope.pins && page.owner === 1 && page.state === "mapped" && !page.uses)
        moves.push({ kind: "pin", handle });
    }
  }
  for (const { name, objects } of design.environment ?? [])
    for (const object of objects(world, site)) moves.push({ kind: "own", name, object });
  if (!scope.dirtyLines) return moves;
  for (let storage = 0; storage < storagePages; storage++)
    if (dataLineIsDirty(world, storage)) moves.push({ kind: "write-back-data", storage });
  for (let frame = 0; frame < frames; frame++)
    if (tagLineIsDirty(world, site, frame)) moves.push({ kind: "write-back-tags", frame });
  return moves;
};

/** Does it to this very world, and says what came of it. */
export const disturb = (
  design: Around,
  site: Site,
  world: World,
  does: Environment,
): Required<Brought> => {
  if (does.kind === "pin" || does.kind === "unpin") {
    at(world.held, does.handle).pinned = does.kind === "pin";
    return { commits: [], marks: [] };
  }
  if (does.kind === "own") {
    const move = design.environment?.find(({ name }) => name === does.name);
    if (!move) throw new RangeError(`nothing around ${design.name} ${does.name}`);
    const { commits = [], marks = [] } = move.do(world, site, does.object) ?? {};
    return { commits, marks };
  }
  if (does.kind === "write-back-data") writeBackData(world, site, does.storage);
  else writeBackTags(world, site, does.frame);
  return { commits: [], marks: ["a-line-is-written-back"] };
};
