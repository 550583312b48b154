/**
 * A machine with MTE tag storage, as its device tree describes it.
 *
 * The nodes are those of the posted v3 series: memory nodes below the root; below
 * `/reserved-memory` one node for each region, with `compatible = "arm,mte-tag-storage"`, `reg`,
 * `block-size`, `tagged-memory` (v1 and v2 called it `memory`) and `reusable`.
 *
 * Where storage may lie: in RAM, that is inside one range of one memory node. Two layouts are real
 * and both are read. Either the storage has a memory node of its own, as on the series' FVP; then
 * its pages are no data pages at all. Or it is carved out of the range it serves; then its pages
 * also have numbers as data pages, since size / 32 is taken of the whole range, but they are never
 * tagged, and the part of the storage for the storage itself stays unused for tags. `frames.ts`
 * tells which pages these are.
 *
 * All regions must share one block size, because a {@link Geometry} has one b; the series itself
 * keeps one for each region.
 */
import { attempt, type InputError, refuse } from "../input-error.ts";
import { type DeviceTree, readDeviceTree } from "./device-tree.ts";
import { type Geometry, makeGeometry } from "./geometry.ts";
import { type AddressRange, hex, placeOf } from "./properties.ts";
import {
  describeRange,
  memoryRangesOf,
  overlap,
  readStorageNodes,
  type StorageNode,
} from "./storage-nodes.ts";

export type PageSizeBytes = 4096 | 16384 | 65536;

/** Physical page frames `firstFrame` to `firstFrame + frames - 1`, in the machine's page size. */
export type FrameRange = { readonly firstFrame: number; readonly frames: number };

export type MachineRegion = {
  /** The storage node's name, as in `tag-storage@8f8000000`. */
  readonly name: string;
  readonly tagged: FrameRange;
  readonly storage: FrameRange;
  /** From the device tree: at most one block of storage, whatever the page size. */
  readonly blockSizeBytes: number;
  /** True when the storage is carved out of the very range it serves. */
  readonly storageInsideTagged: boolean;
};

export type Machine = {
  readonly file: string;
  readonly pageSizeBytes: PageSizeBytes;
  /** In ascending order of their tagged ranges; the same order as in `geometry.regions`. */
  readonly regions: readonly MachineRegion[];
  readonly geometry: Geometry;
};

export type MachineResult =
  | { readonly ok: true; readonly machine: Machine }
  | { readonly ok: false; readonly error: InputError };

const GRANULE_BYTES = 16;
/** Data bytes for each byte of storage, hence also data pages for each storage page. */
const STORAGE_RATIO = 32;

function contains(outer: AddressRange, inner: AddressRange): boolean {
  return (
    outer.start <= inner.start && inner.start + inner.sizeBytes <= outer.start + outer.sizeBytes
  );
}

/** The least common multiple of page and block size, in pages: what software must reserve at once. */
function blockPagesOf(pageSizeBytes: number, blockSizeBytes: number): number {
  let divisor = pageSizeBytes;
  let rest = blockSizeBytes;
  while (rest !== 0) [divisor, rest] = [rest, divisor % rest];
  return blockSizeBytes / divisor;
}

function checkAlignment(
  tree: DeviceTree,
  node: StorageNode["node"],
  range: AddressRange,
  unitBytes: number,
): void {
  const place = { ...placeOf(tree, node, "reg"), line: range.line };
  const expected = `start and size in pages of ${unitBytes} bytes`;
  if (range.start % unitBytes !== 0) refuse(place, expected, `start ${hex(range.start)}`);
  if (range.sizeBytes % unitBytes !== 0) refuse(place, expected, `size ${hex(range.sizeBytes)}`);
}

/** Checks one region against the page size and against RAM. */
function checkRegion(
  tree: DeviceTree,
  region: StorageNode,
  memory: readonly AddressRange[],
  pageSizeBytes: number,
): void {
  const { node, storage, taggedNode, tagged } = region;
  checkAlignment(tree, node, storage, pageSizeBytes);
  checkAlignment(tree, taggedNode, tagged, pageSizeBytes);
  const place = { ...placeOf(tree, node, "reg"), line: storage.line };
  if (storage.sizeBytes * STORAGE_RATIO !== tagged.sizeBytes) {
    const expected = `1/${STORAGE_RATIO} of the ${hex(tagged.sizeBytes)} bytes of ${taggedNode.name}`;
    refuse(place, expected, `${hex(storage.sizeBytes)} bytes`);
  }
  // Blocks are counted from the start of the storage, so only its size has to fit them.
  const blockBytes = blockPagesOf(pageSizeBytes, region.blockSizeBytes) * pageSizeBytes;
  if (storage.sizeBytes % blockBytes !== 0) {
    const expected = `a multiple of the block of ${hex(blockBytes)} bytes`;
    refuse(place, expected, `size ${hex(storage.sizeBytes)}`);
  }
  if (!memory.some((range) => contains(range, storage))) {
    refuse(place, "storage inside one range of a memory node", describeRange(storage));
  }
}

/** Checks a region against one that stands before it in the file. */
function checkPair(tree: DeviceTree, region: StorageNode, earlier: StorageNode): void {
  const { node, storage, tagged, taggedNode, blockSizeBytes } = region;
  const see = `${earlier.node.name} on line ${earlier.node.line}`;
  if (overlap(storage, earlier.storage)) {
    const place = { ...placeOf(tree, node, "reg"), line: storage.line };
    refuse(place, "storage of one region only", `${describeRange(storage)}, shared with ${see}`);
  }
  if (overlap(tagged, earlier.tagged)) {
    const name = node.properties.has("tagged-memory") ? "tagged-memory" : "memory";
    const found = `${taggedNode.name}, also served by ${see}`;
    refuse(placeOf(tree, node, name), "memory served by one region only", found);
  }
  if (blockSizeBytes !== earlier.blockSizeBytes) {
    const expected = `${hex(earlier.blockSizeBytes)}, the block size of ${see}`;
    refuse(placeOf(tree, node, "block-size"), expected, hex(blockSizeBytes));
  }
}

function buildMachine(
  file: string,
  nodes: readonly StorageNode[],
  pageSizeBytes: PageSizeBytes,
): Machine {
  const framesOf = (range: AddressRange): FrameRange => ({
    firstFrame: range.start / pageSizeBytes,
    frames: range.sizeBytes / pageSizeBytes,
  });
  const ascending = nodes.toSorted((a, b) => a.tagged.start - b.tagged.start);
  const regions = ascending.map(
    ({ node, storage, tagged, blockSizeBytes }): MachineRegion => ({
      name: node.name,
      tagged: framesOf(tagged),
      storage: framesOf(storage),
      blockSizeBytes,
      storageInsideTagged: contains(tagged, storage),
    }),
  );
  const blockPages = blockPagesOf(pageSizeBytes, nodes[0]?.blockSizeBytes ?? pageSizeBytes);
  const geometry = makeGeometry(
    {
      granulesPerPage: pageSizeBytes / GRANULE_BYTES,
      pagesPerStoragePage: STORAGE_RATIO,
      blockPages,
    },
    regions.map(({ storage }) => storage.frames / blockPages),
  );
  return { file, pageSizeBytes, regions, geometry };
}

/**
 * Reads a machine from the text of a device tree source.
 *
 * @param fileName for messages only; nothing is opened
 * @param options.pageSizeBytes the kernel's page size; the block becomes
 *   `lcm(page size, block-size)`, as in the series
 * @returns the machine, or the first mistake found, as one line with the place in the file
 */
export function readMachine(
  text: string,
  fileName: string,
  options: { readonly pageSizeBytes: PageSizeBytes },
): MachineResult {
  const { pageSizeBytes } = options;
  const result = attempt(() => {
    const tree = readDeviceTree(text, fileName);
    const memory = memoryRangesOf(tree);
    const nodes = readStorageNodes(tree);
    nodes.forEach((region, index) => {
      checkRegion(tree, region, memory, pageSizeBytes);
      for (const earlier of nodes.slice(0, index)) checkPair(tree, region, earlier);
    });
    return buildMachine(fileName, nodes, pageSizeBytes);
  });
  return result.ok ? { ok: true, machine: result.value } : result;
}
