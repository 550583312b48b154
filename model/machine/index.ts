/** Machines: device tree sources, the layout of their tags, and scopes cut from them. */
export {
  blockBytesForInterleave,
  blockOfFrame,
  coverOfFolio,
  mostRegions,
  pagesOfBlock,
  probed,
  type StorageRegion,
  storagePagesFor,
} from "./blocks.ts";
export { describeMachine } from "./describe.ts";
export {
  isTagStorage,
  pageOfPfn,
  pfnOfPage,
  pfnOfStoragePage,
  storagePageOfPfn,
} from "./frames.ts";
export {
  blockOfPage,
  blockOfStoragePage,
  blocksOfFolio,
  type Geometry,
  type IndexRange,
  isSeam,
  makeGeometry,
  pageRangeServedBy,
  pagesServedBy,
  type Region,
  regionOfPage,
  storagePageOf,
  storagePagesOf,
  type TagPlace,
  tagOffset,
  totalBlocks,
  totalPages,
  totalStoragePages,
} from "./geometry.ts";
export {
  type FrameRange,
  type Machine,
  type MachineRegion,
  type MachineResult,
  type PageSizeBytes,
  readMachine,
} from "./machine.ts";
export {
  findBlock,
  noReservations,
  type Reservations,
  referencesOf,
  release,
  reserve,
  withRegion,
} from "./reservations.ts";
export { type ScopeSize, shrink } from "./scope.ts";
