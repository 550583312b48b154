/**
 * Property values with a meaning: strings, cells, address ranges, phandles. Each reader refuses a
 * missing or malformed property with its line and field.
 */
import { refuse } from "../input-error.ts";
import {
  type DeviceNode,
  type DeviceTree,
  findNode,
  nodesOf,
  writtenReference,
} from "./device-tree.ts";
import type { Cell, PropertyItem } from "./device-tree-syntax.ts";

/** Bytes `start` to `start + sizeBytes - 1` of physical memory, and where the file says so. */
export type AddressRange = {
  readonly start: number;
  readonly sizeBytes: number;
  readonly line: number;
};

/**
 * Physical addresses end here: 52 bits, the widest without FEAT_D128, are also exact as numbers.
 */
const ADDRESS_LIMIT = 2 ** 52;

/** The place of a property, or of its node when the property is missing. */
export function placeOf(
  tree: DeviceTree,
  node: DeviceNode,
  name: string,
): { readonly file: string; readonly line: number; readonly field: string } {
  const line = node.properties.get(name)?.line ?? node.line;
  return { file: tree.file, line, field: `${node.name}/${name}` };
}

/** A number as people write addresses and sizes. */
export function hex(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}

function requireProperty(
  tree: DeviceTree,
  node: DeviceNode,
  name: string,
  expected: string,
): PropertyItem {
  const property = node.properties.get(name);
  return property ?? refuse(placeOf(tree, node, name), expected, "no such property");
}

/** The strings of a property; undefined when it is missing or is anything but strings. */
export function stringsOf(node: DeviceNode, name: string): readonly string[] | undefined {
  const property = node.properties.get(name);
  if (property === undefined || property.value.length === 0) return undefined;
  const strings: string[] = [];
  for (const piece of property.value) {
    if (piece.kind !== "string") return undefined;
    // Decompiled sources may write a list as one string with embedded zero bytes.
    strings.push(...piece.text.replace(/\0$/, "").split("\0"));
  }
  return strings;
}

/** A node counts unless its `status` says otherwise. */
export function isAvailable(node: DeviceNode): boolean {
  if (!node.properties.has("status")) return true;
  const status = stringsOf(node, "status")?.[0];
  return status === "okay" || status === "ok";
}

/** The 32-bit cells of a property; a 64-bit element counts as two, high one first. */
function cellsOf(tree: DeviceTree, node: DeviceNode, name: string, expected: string): Cell[] {
  const property = requireProperty(tree, node, name, expected);
  if (property.value.length === 0) refuse(placeOf(tree, node, name), expected, "no value");
  return property.value.flatMap((piece) => {
    if (piece.kind !== "cells" || piece.bits < 32) {
      const found = piece.kind === "cells" ? `an array of ${piece.bits} bits` : `a ${piece.kind}`;
      return refuse({ ...placeOf(tree, node, name), line: piece.line }, expected, found);
    }
    if (piece.bits === 32) return piece.cells;
    return piece.cells.flatMap((cell): readonly Cell[] =>
      cell.kind === "number"
        ? [
            { ...cell, value: cell.value >> 32n },
            { ...cell, value: BigInt.asUintN(32, cell.value) },
          ]
        : [cell],
    );
  });
}

/**
 * The one unsigned 32-bit number a property holds.
 *
 * @param fallback the value of a missing property; without it a missing one is refused
 */
export function numberOf(
  tree: DeviceTree,
  node: DeviceNode,
  name: string,
  fallback?: number,
): number {
  if (fallback !== undefined && !node.properties.has(name)) return fallback;
  const expected = "one 32-bit number";
  const cells = cellsOf(tree, node, name, expected);
  const [cell] = cells;
  if (cells.length !== 1 || cell === undefined) {
    return refuse(placeOf(tree, node, name), expected, `${cells.length} cells`);
  }
  if (cell.kind === "number") return Number(cell.value);
  const place = { ...placeOf(tree, node, name), line: cell.line };
  return refuse(place, expected, writtenReference(cell));
}

/** How many cells the children of a node spend on an address and on a size: 1 or 2 each. */
export function cellCountsOf(
  tree: DeviceTree,
  node: DeviceNode,
): { readonly address: number; readonly size: number } {
  const count = (name: string, fallback: number): number => {
    const value = numberOf(tree, node, name, fallback);
    return value === 1 || value === 2
      ? value
      : refuse(placeOf(tree, node, name), "1 or 2", String(value));
  };
  return { address: count("#address-cells", 2), size: count("#size-cells", 1) };
}

/**
 * The address ranges of a node's `reg`, read with the cell counts of its parent; at least one.
 *
 * @throws RefusedInput also for an empty range and for one that ends above 52 address bits
 */
export function rangesOf(tree: DeviceTree, node: DeviceNode): readonly AddressRange[] {
  const counts = cellCountsOf(tree, node.parent ?? node);
  const stride = counts.address + counts.size;
  const expected = `ranges of ${counts.address} address and ${counts.size} size cells`;
  const cells = cellsOf(tree, node, "reg", expected);
  const place = placeOf(tree, node, "reg");
  if (cells.length === 0 || cells.length % stride !== 0) {
    refuse(place, expected, `${cells.length} cells`);
  }
  const numbers = cells.map((cell) =>
    cell.kind === "number"
      ? cell
      : refuse({ ...place, line: cell.line }, "a number", writtenReference(cell)),
  );
  const ranges: AddressRange[] = [];
  for (let index = 0; index < numbers.length; index += stride) {
    const wordOf = (from: number, to: number): number =>
      numbers.slice(from, to).reduce((high, { value }) => high * 2 ** 32 + Number(value), 0);
    const start = wordOf(index, index + counts.address);
    const sizeBytes = wordOf(index + counts.address, index + stride);
    const line = numbers[index]?.line ?? place.line;
    const here = { ...place, line };
    if (sizeBytes === 0) refuse(here, "a size above zero", "0");
    if (start > ADDRESS_LIMIT || sizeBytes > ADDRESS_LIMIT || start + sizeBytes > ADDRESS_LIMIT) {
      refuse(here, "a range below 2^52", `start ${hex(start)}, size ${hex(sizeBytes)}`);
    }
    ranges.push({ start, sizeBytes, line });
  }
  return ranges;
}

/**
 * The node a phandle property names, by reference or, as in decompiled sources, by the number in
 * that node's `phandle` property.
 */
export function phandleTargetOf(tree: DeviceTree, node: DeviceNode, name: string): DeviceNode {
  const expected = "one phandle";
  const cells = cellsOf(tree, node, name, expected);
  const place = placeOf(tree, node, name);
  const [cell] = cells;
  if (cells.length !== 1 || cell === undefined) {
    return refuse(place, expected, `${cells.length} cells`);
  }
  const here = { ...place, line: cell.line };
  if (cell.kind !== "number") {
    const target = findNode(tree, cell);
    return target ?? refuse(here, "a node of this file", `${writtenReference(cell)}, unknown`);
  }
  for (const target of nodesOf(tree.root)) {
    if (
      target.properties.has("phandle") &&
      numberOf(tree, target, "phandle") === Number(cell.value)
    ) {
      return target;
    }
  }
  return refuse(here, "a node of this file", `phandle ${hex(cell.value)}, unknown`);
}
