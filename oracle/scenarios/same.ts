/**
 * Which worlds are the same. States share everything that did not change, so that comparing them
 * a few levels deep tells almost all that are equal; what it cannot tell goes on twice.
 */
import type { Running } from "./kernel.ts";
import type { World } from "./world.ts";

/** Deep enough for a thread among the threads of a state. */
const levels = 4;

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const sameEntries = (
  a: readonly (readonly [unknown, unknown])[],
  b: ReadonlyMap<unknown, unknown>,
  depth: number,
): boolean =>
  a.length === b.size && a.every(([key, value]) => b.has(key) && same(value, b.get(key), depth));

const same = (a: unknown, b: unknown, depth: number): boolean => {
  if (Object.is(a, b)) return true;
  if (depth === 0 || !isObject(a) || !isObject(b)) return false;
  if (a instanceof Map) return b instanceof Map && sameEntries([...a], b, depth - 1);
  if (ArrayBuffer.isView(a) || a instanceof Set || b instanceof Map) return false;
  return sameEntries(Object.entries(a), new Map(Object.entries(b)), depth - 1);
};

/** Each once, names and all. */
export const distinctRunning = (all: readonly Running[]): readonly Running[] => {
  if (all.length < 2) return all;
  const found: Running[] = [];
  for (const each of all)
    if (
      !found.some(
        (other) =>
          same(other.state, each.state, levels) && same(other.bindings, each.bindings, levels),
      )
    )
      found.push(each);
  return found;
};

const sameState = (a: World, b: World): boolean =>
  same(a.computer, b.computer, levels) &&
  same(a.cleancache, b.cleancache, levels) &&
  a.reservations === b.reservations &&
  a.probed === b.probed;

/** Each world once; worlds whose names differ are never the same. */
export const distinct = (worlds: readonly World[]): readonly World[] => {
  const byNames = new Map<World["bindings"], World[]>();
  for (const world of worlds) {
    const others = byNames.get(world.bindings) ?? [];
    if (others.length === 0) byNames.set(world.bindings, others);
    if (!others.some((other) => sameState(other, world))) others.push(world);
  }
  return [...byNames.values()].flat();
};
