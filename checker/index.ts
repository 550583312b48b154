/** The checker: explores anything that can list its moves and apply them. */
export {
  type Bounds,
  type Exploration,
  explore,
  type Options,
  type Progress,
} from "./explore.ts";
export { fairnessOf, starvedSets } from "./fairness.ts";
export { type Examined, examineOrder, examineSymmetry, type Order } from "./faults.ts";
export { type PackedFrom, packedFrom } from "./packed/adapter.ts";
export type { PackedMove, PackedPath } from "./packed/path.ts";
export {
  explorePacked,
  type PackedExploration,
  type PackedOptions,
  type PackedVerdict,
} from "./packed/search.ts";
export { symmetryFault } from "./packed/symmetry.ts";
export type { PackedSystem } from "./packed/system.ts";
export { anyMove, byPriority, type Picker, type Priorities, type ThreadOf } from "./picker.ts";
export type {
  Always,
  CanAlways,
  Cut,
  LeadsTo,
  OnStep,
  Property,
  Reach,
  Verdict,
  Witness,
} from "./property.ts";
export type { Reduction, Symmetry } from "./reduction.ts";
export type { FairSet, Step, System, Transition } from "./system.ts";
export type { Walks } from "./walks.ts";
