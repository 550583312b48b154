/**
 * The nodes of a device tree that describe RAM and tag storage, each checked by itself. What they
 * must satisfy together is checked in `machine.ts`.
 */
import { refuse } from "../input-error.ts";
import { type DeviceNode, type DeviceTree, nodesOf } from "./device-tree.ts";
import {
  type AddressRange,
  cellCountsOf,
  hex,
  isAvailable,
  numberOf,
  phandleTargetOf,
  placeOf,
  rangesOf,
  stringsOf,
} from "./properties.ts";

const COMPATIBLE = "arm,mte-tag-storage";
/** The series' own limit on regions. */
const MAXIMUM_REGIONS = 32;
const BLOCK_UNIT_BYTES = 4096;

/** One region as its nodes state it. */
export type StorageNode = {
  readonly node: DeviceNode;
  readonly storage: AddressRange;
  readonly taggedNode: DeviceNode;
  readonly tagged: AddressRange;
  readonly blockSizeBytes: number;
};

/** The range as its first and last address. */
export function describeRange(range: AddressRange): string {
  return `${hex(range.start)}..${hex(range.start + range.sizeBytes - 1)}`;
}

/** True when two ranges share a byte. */
export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.start < b.start + b.sizeBytes && b.start < a.start + a.sizeBytes;
}

function isMemoryNode(tree: DeviceTree, node: DeviceNode): boolean {
  return node.parent === tree.root && stringsOf(node, "device_type")?.[0] === "memory";
}

/** All of RAM, from every range of every memory node. Ranges that overlap would give one page two places, so they are refused. */
export function memoryRangesOf(tree: DeviceTree): readonly AddressRange[] {
  const ranges: AddressRange[] = [];
  for (const node of tree.root.children.values()) {
    if (!isMemoryNode(tree, node) || !isAvailable(node)) continue;
    for (const range of rangesOf(tree, node)) {
      const other = ranges.find((earlier) => overlap(earlier, range));
      if (other !== undefined) {
        const place = { ...placeOf(tree, node, "reg"), line: range.line };
        refuse(place, "memory described once", `${describeRange(range)}, see line ${other.line}`);
      }
      ranges.push(range);
    }
  }
  return ranges;
}

/** A node that is meant as tag storage, also if its `compatible` is missing or misspelt. */
function meansTagStorage(node: DeviceNode): boolean {
  return (
    stringsOf(node, "compatible")?.includes(COMPATIBLE) === true ||
    node.properties.has("tagged-memory") ||
    node.name.split("@")[0] === "tag-storage"
  );
}

function storageNodesOf(tree: DeviceTree): readonly DeviceNode[] {
  const reserved = tree.root.children.get("reserved-memory");
  const nodes = [...nodesOf(tree.root)].filter(
    (node) => meansTagStorage(node) && isAvailable(node),
  );
  if (nodes.length === 0) {
    const line = (reserved ?? tree.root).line;
    const place = { file: tree.file, line, field: "/reserved-memory" };
    refuse(place, `a node with compatible = "${COMPATIBLE}"`, "none");
  }
  for (const node of nodes) {
    if (reserved === undefined || node.parent !== reserved) {
      const found = node.parent?.name === "" ? "the root node" : `"${node.parent?.name}"`;
      const place = { file: tree.file, line: node.line, field: node.name };
      refuse(place, "a child of /reserved-memory", `a child of ${found}`);
    }
  }
  const extra = nodes[MAXIMUM_REGIONS];
  if (extra !== undefined) {
    const place = { file: tree.file, line: extra.line, field: extra.name };
    refuse(place, `at most ${MAXIMUM_REGIONS} tag storage nodes`, `${nodes.length}`);
  }
  return nodes;
}

/** What the kernel demands of the parent of reserved ranges; else it ignores all of them. */
function checkReservedMemory(tree: DeviceTree, reserved: DeviceNode): void {
  const own = cellCountsOf(tree, reserved);
  const root = cellCountsOf(tree, tree.root);
  const pairs = [
    ["#address-cells", own.address, root.address],
    ["#size-cells", own.size, root.size],
  ] as const;
  for (const [name, found, expected] of pairs) {
    const place = placeOf(tree, reserved, name);
    if (found !== expected) refuse(place, `${expected}, as in the root node`, `${found}`);
  }
  const ranges = reserved.properties.get("ranges");
  const place = placeOf(tree, reserved, "ranges");
  if (ranges === undefined) refuse(place, "an empty property", "no such property");
  if (ranges.value.length > 0) refuse(place, "an empty property", "a value");
}

function singleRangeOf(tree: DeviceTree, node: DeviceNode, why: string): AddressRange {
  const ranges = rangesOf(tree, node);
  const [range] = ranges;
  if (range !== undefined && ranges.length === 1) return range;
  return refuse(placeOf(tree, node, "reg"), `one range (${why})`, `${ranges.length} ranges`);
}

function taggedNodeOf(tree: DeviceTree, node: DeviceNode): DeviceNode {
  // v1 and v2 called the property "memory".
  const old = !node.properties.has("tagged-memory") && node.properties.has("memory");
  const name = old ? "memory" : "tagged-memory";
  const target = phandleTargetOf(tree, node, name);
  if (!isMemoryNode(tree, target) || !isAvailable(target)) {
    const found = `"${target.name}" on line ${target.line}`;
    refuse(placeOf(tree, node, name), `a node with device_type = "memory"`, found);
  }
  return target;
}

function readStorageNode(tree: DeviceTree, node: DeviceNode): StorageNode {
  const compatible = stringsOf(node, "compatible");
  if (compatible?.includes(COMPATIBLE) !== true) {
    const absent = node.properties.has("compatible") ? "no string" : "no such property";
    const found = compatible === undefined ? absent : JSON.stringify(compatible.join(", "));
    refuse(placeOf(tree, node, "compatible"), `"${COMPATIBLE}"`, found);
  }
  const reusable = node.properties.get("reusable");
  const place = placeOf(tree, node, "reusable");
  if (reusable === undefined) refuse(place, "a boolean property", "no such property");
  if (reusable.value.length > 0) refuse(place, "a boolean property", "a value");
  const storage = singleRangeOf(tree, node, "storage is contiguous");
  const blockSizeBytes = numberOf(tree, node, "block-size");
  if (blockSizeBytes === 0 || blockSizeBytes % BLOCK_UNIT_BYTES !== 0) {
    const expected = `a positive multiple of ${BLOCK_UNIT_BYTES}`;
    refuse(placeOf(tree, node, "block-size"), expected, hex(blockSizeBytes));
  }
  const taggedNode = taggedNodeOf(tree, node);
  const tagged = singleRangeOf(tree, taggedNode, "tagged memory is contiguous");
  return { node, storage, taggedNode, tagged, blockSizeBytes };
}

/**
 * All tag storage of a machine: 1 to 32 nodes, in the order of the file.
 *
 * @throws RefusedInput for the first node that is misplaced, incomplete or malformed
 */
export function readStorageNodes(tree: DeviceTree): readonly StorageNode[] {
  const nodes = storageNodesOf(tree);
  const reserved = nodes[0]?.parent;
  if (reserved !== undefined) checkReservedMemory(tree, reserved);
  return nodes.map((node) => readStorageNode(tree, node));
}
