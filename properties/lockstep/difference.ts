/** The first thing in which two states, or two reports, differ: where, and what was there. */

export type Difference = {
  /** As in "frames[2].flagged". */
  readonly part: string;
  readonly expected: string;
  readonly found: string;
};

type Tree = { readonly [name: string]: unknown };

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null;

const shown = (value: unknown): string => JSON.stringify(value) ?? "nothing";

/**
 * Null where they are the same. Both are plain data. Asked after every action, so that nothing is
 * written down until something differs: the part is put together on the way back.
 */
export const firstDifference = (expected: unknown, found: unknown): Difference | null => {
  if (expected === found) return null;
  if (Array.isArray(expected) && Array.isArray(found)) return differenceOfLists(expected, found);
  if (!isTree(expected) || !isTree(found))
    return { part: "", expected: shown(expected), found: shown(found) };
  for (const name in expected) {
    const difference = firstDifference(expected[name], found[name]);
    if (difference) return inside(name, difference);
  }
  for (const name in found)
    if (!(name in expected)) return { part: name, expected: "nothing", found: shown(found[name]) };
  return null;
};

const differenceOfLists = (
  expected: readonly unknown[],
  found: readonly unknown[],
): Difference | null => {
  const length = Math.max(expected.length, found.length);
  for (let index = 0; index < length; index++) {
    const difference = firstDifference(expected[index], found[index]);
    if (difference) return inside(`[${index}]`, difference);
  }
  return null;
};

const inside = (name: string, { part, ...rest }: Difference): Difference => {
  const dot = part === "" || part.startsWith("[") ? "" : ".";
  return { part: name + dot + part, ...rest };
};
