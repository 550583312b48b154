/** The designs, their scopes, and the machinery that runs them. */
import { carveout } from "./carveout.ts";
import {
  cleancacheFolio,
  cleancacheFolioHoles,
  cleancacheFolioSingle,
  cleancachePage,
} from "./cleancache.ts";
import { cleancache2025 } from "./cleancache-2025.ts";
import { cleancacheAstray, cleancacheMapAllocates, cleancacheOnDemand } from "./cleancache-maps.ts";
import {
  cleancacheNodeInside,
  cleancacheNodePreloaded,
  cleancacheNodeUntagged,
} from "./cleancache-nodes.ts";
import { cma, cmaHwKasan } from "./cma.ts";
import type { Design } from "./design.ts";
import { metadata, metadataV2 } from "./metadata.ts";
import { cleancacheColoured } from "./page-tags.ts";
import { virtioTmem } from "./virtio.ts";
import { virtioMem } from "./virtio-mem.ts";
import { volatileMemory, volatileVariants } from "./volatile.ts";
import { zswap, zswapWriteThrough } from "./zswap.ts";

/** Every design, in the order of the table's columns. */
export const designs: readonly Design[] = [
  carveout,
  metadata,
  metadataV2,
  cma,
  cmaHwKasan,
  cleancachePage,
  cleancacheFolio,
  cleancache2025,
  cleancacheNodeInside,
  cleancacheNodePreloaded,
  cleancacheNodeUntagged,
  cleancacheAstray,
  cleancacheOnDemand,
  cleancacheMapAllocates,
  cleancacheColoured,
  cleancacheFolioHoles,
  cleancacheFolioSingle,
  virtioTmem,
  virtioMem,
  volatileMemory,
  ...volatileVariants,
  zswap,
  zswapWriteThrough,
];

export const designNamed = (name: string): Design | undefined =>
  designs.find((design) => design.name === name);

export type { Fields, Layout } from "../layout.ts";
export { type Extra, ExtraField, type Named } from "../world/extra.ts";
export { type Label, labels } from "../world/labels.ts";
export {
  type ActorSpec,
  limitsOf,
  type Offer,
  offers,
  type Scope,
  withWorker,
} from "../world/scope.ts";
export { at, type Site, siteOf } from "../world/site.ts";
export {
  type Actor,
  dataCode,
  frameUses,
  heldStates,
  idleActor,
  junk,
  nothing,
  residences,
  storageUses,
  type World,
  worldRecords,
} from "../world/world.ts";
export type { PlantedBug } from "./bugs/bug.ts";
export { designBugGroups } from "./bugs/index.ts";
export { mappings, touchedUnmapped } from "./cleancache-maps.ts";
export type { Design } from "./design.ts";
export { Machinery, type MachineryOptions } from "./driver.ts";
export { describeDeed, describeJob, type Job, type Work } from "./job.ts";
export { Judge, type Refusal } from "./judge.ts";
export type { Environment, Event, Move } from "./moves.ts";
export type { FairDecision, OwnMove, OwnWork } from "./own.ts";
export { colouredPointer, mistaggedLoad, pageTags } from "./page-tags.ts";
export {
  type Action,
  type Actions,
  type Commit,
  type LockKind,
  type LockName,
  type Mark,
  marks,
  type Script,
} from "./script.ts";
export { entryOf } from "./shared/swap-pool.ts";
export { isPlugged, pluggedSize, requestedSizeOf } from "./virtio-region.ts";
export { Walker } from "./walker.ts";
export { carveout, cleancacheFolio, cleancachePage, cma, cmaHwKasan };
