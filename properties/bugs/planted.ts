/** Planted bugs put into what runs: into a design's declarations, and into the implementation. */
import { type Bug, PackedMachinery, type Patch } from "../../impl/index.ts";
import type { Design, MachineryOptions, Scope } from "../../model/index.ts";
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

/** The implementation as a system that the checker explores, with these bugs in it, or with none. */
export const machineryWith = (
  bugs: readonly Bug[],
  design: Design,
  scope: Scope,
  options: MachineryOptions = {},
): PackedMachinery => {
  const patch = patchOf(bugs);
  return new PackedMachinery(bugged(bugs, design), scope, { ...options, ...(patch && { patch }) });
};
