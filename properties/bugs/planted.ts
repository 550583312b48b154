/** Planted bugs put into what runs: into a design's declarations, and into the implementation. */
import { type Bug, isPacked, PackedMachinery, type Patch } from "../../impl/index.ts";
import { type Design, Machinery, type MachineryOptions, type Scope } from "../../model/index.ts";
import type { Under } from "../lockstep/index.ts";

/** The design as the bugs declare it. */
const bugged = (bugs: readonly Bug[], design: Design): Design =>
  bugs.reduce((declared, bug) => bug.design?.(declared) ?? declared, design);

/** The patches of the bugs, one after the other; null where none has one. */
const patchOf = (bugs: readonly Bug[]): Patch | null => {
  const patches = bugs.flatMap(({ patch }) => patch ?? []);
  if (patches.length === 0) return null;
  return (parts) => patches.reduce((scripts, patch) => patch({ ...parts, scripts }), parts.scripts);
};

/** What a lockstep suite is told of them. */
export const underWith = (bugs: readonly Bug[]): Under => {
  const patch = patchOf(bugs);
  return { design: (design) => bugged(bugs, design), ...(patch && { patch }) };
};

/**
 * What bugs are planted in, as a system that the checker explores: the implementation, or the scripts
 * of a design that has none.
 */
export const machineryWith = (
  bugs: readonly Bug[],
  design: Design,
  scope: Scope,
  options: MachineryOptions = {},
): Machinery => {
  if (!isPacked(design)) return new Machinery(bugged(bugs, design), scope, options);
  const patch = patchOf(bugs);
  return new PackedMachinery(bugged(bugs, design), scope, { ...options, ...(patch && { patch }) });
};
