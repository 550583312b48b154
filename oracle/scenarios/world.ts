/** Everything that a row talks to: a computer, the storage of tags, the cache of a file system. */
import {
  type Cleancache,
  freshCleancache,
  noReservations,
  type Reservations,
} from "../../model/index.ts";
import { type Computer, startComputer } from "./computer.ts";
import type { Kernel } from "./kernels.ts";
import type { Observation } from "./observation.ts";
import { type Bindings, noBindings } from "./operands.ts";
import type { Envelope } from "./row.ts";

export type World = {
  readonly bindings: Bindings;
  readonly computer: Computer;
  readonly reservations: Reservations;
  /** Storage nodes that were probed and accepted. */
  readonly probed: number;
  readonly cleancache: Cleancache;
};

/** One thing that a step may bring about: what is seen, what follows, and by which rules. */
export type Branch = {
  readonly world: World;
  readonly observation: Observation;
  readonly rules: readonly string[];
};

/** @throws OutsideModel when the row needs a machine that the model does not have */
export const startWorld = (envelope: Envelope, kernel: Kernel): World => ({
  bindings: noBindings,
  computer: startComputer(envelope, kernel),
  reservations: noReservations,
  probed: 0,
  cleancache: freshCleancache,
});
