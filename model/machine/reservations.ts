/**
 * Blocks reserved for tags, and the references that keep them (RFC v1 patch 25, RFC v3 patch 23):
 * a block counts one reference of its own and one for each data page that it serves and that is
 * reserved. It is given back when only its own is left. Pure transitions over immutable data.
 */
import { blockOfFrame, mostRegions, type StorageRegion } from "./blocks.ts";

export type Reservations = {
  readonly regions: readonly StorageRegion[];
  /** Data pages whose tags have a place. */
  readonly reserved: ReadonlySet<number>;
  /** By the first storage page of a block: the reserved data pages that it serves. */
  readonly served: ReadonlyMap<number, number>;
};

export const noReservations: Reservations = {
  regions: [],
  reserved: new Set(),
  served: new Map(),
};

/** Of a block that is in use for tags; the allocation of the block itself. */
const ownReference = 1;

/** One region more, or null when there are as many as the series keeps. */
export const withRegion = (
  reservations: Reservations,
  region: StorageRegion,
): Reservations | null =>
  reservations.regions.length < mostRegions
    ? { ...reservations, regions: [...reservations.regions, region] }
    : null;

/** The block of a data page: of the first region that has one. Null: of no region. */
export const findBlock = ({ regions }: Reservations, frame: number): number | null => {
  for (const region of regions) {
    const block = blockOfFrame(region, frame);
    if (block !== null) return block;
  }
  return null;
};

const framesOf = (frame: number, order: number): readonly number[] =>
  Array.from({ length: 2 ** order }, (_, page) => frame + page);

/** Reserves the blocks of a folio; null, and nothing changed, when a page of it has none. */
export const reserve = (
  reservations: Reservations,
  frame: number,
  order: number,
): Reservations | null => {
  const reserved = new Set(reservations.reserved);
  const served = new Map(reservations.served);
  for (const page of framesOf(frame, order)) {
    const block = findBlock(reservations, page);
    if (block === null) return null;
    if (reserved.has(page)) continue;
    reserved.add(page);
    served.set(block, (served.get(block) ?? 0) + 1);
  }
  return { ...reservations, reserved, served };
};

/** Gives the references of a folio back; pages that hold none have none to give. */
export const release = (reservations: Reservations, frame: number, order: number): Reservations => {
  const reserved = new Set(reservations.reserved);
  const served = new Map(reservations.served);
  for (const page of framesOf(frame, order)) {
    const block = findBlock(reservations, page);
    if (block === null || !reserved.delete(page)) continue;
    const left = (served.get(block) ?? 0) - 1;
    if (left > 0) served.set(block, left);
    else served.delete(block);
  }
  return { ...reservations, reserved, served };
};

/** References of a block, its own among them; null while it is in use for no tags. */
export const referencesOf = ({ served }: Reservations, block: number): number | null => {
  const pages = served.get(block);
  return pages === undefined ? null : pages + ownReference;
};
