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

/** Null where they are the same. Both are plain data. */
export const firstDifference = (
  expected: unknown,
  found: unknown,
  part = "",
): Difference | null => {
  if (Object.is(expected, found)) return null;
  if (!isTree(expected) || !isTree(found))
    return { part, expected: shown(expected), found: shown(found) };
  const isList = Array.isArray(expected);
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  for (const name of names) {
    const inside = isList ? `${part}[${name}]` : part === "" ? name : `${part}.${name}`;
    const difference = firstDifference(expected[name], found[name], inside);
    if (difference) return difference;
  }
  return null;
};
