/**
 * A map from numbers to values that shares everything that did not change: page tables and page
 * caches of thousands of entries, changed one page at a time. A tree of 32 branches a level, as
 * high as its greatest index needs.
 */
type Node<V> = readonly (Node<V> | V | undefined)[];

export type Table<V> = { readonly height: number; readonly root: Node<V> };

const bits = 5;
const width = 1 << bits;

export const emptyTable: Table<never> = { height: 1, root: [] };

const span = (height: number): number => width ** height;

const slotAt = (index: number, height: number): number =>
  Math.floor(index / span(height - 1)) % width;

const isNode = <V>(value: Node<V> | V | undefined): value is Node<V> => Array.isArray(value);

const childOf = <V>(node: Node<V>, slot: number): Node<V> => {
  const child = node[slot];
  return isNode<V>(child) ? child : [];
};

/** Values must not be arrays: that is how branches are told from leaves. */
export const lookUp = <V>(table: Table<V>, index: number): V | undefined => {
  if (index >= span(table.height)) return undefined;
  let node: Node<V> = table.root;
  for (let height = table.height; height > 1; height -= 1)
    node = childOf(node, slotAt(index, height));
  const leaf = node[index % width];
  return isNode<V>(leaf) ? undefined : leaf;
};

const withSlot = <V>(node: Node<V>, slot: number, value: Node<V> | V | undefined): Node<V> => {
  const copy = node.slice();
  copy[slot] = value;
  return copy;
};

const putInto = <V>(
  node: Node<V>,
  height: number,
  index: number,
  value: V | undefined,
): Node<V> => {
  const slot = slotAt(index, height);
  return height === 1
    ? withSlot(node, slot, value)
    : withSlot(node, slot, putInto(childOf(node, slot), height - 1, index, value));
};

/** `undefined` takes the entry away. */
export const enter = <V>(table: Table<V>, index: number, value: V | undefined): Table<V> => {
  if (index < span(table.height))
    return { height: table.height, root: putInto(table.root, table.height, index, value) };
  return value === undefined
    ? table
    : enter({ height: table.height + 1, root: [table.root] }, index, value);
};

/** Many entries at once, in ascending order of their indices. */
export const enterAll = <V>(
  table: Table<V>,
  entries: readonly (readonly [number, V])[],
): Table<V> => {
  const last = entries.at(-1);
  if (!last) return table;
  if (last[0] >= span(table.height))
    return enterAll({ height: table.height + 1, root: [table.root] }, entries);
  const put = (node: Node<V>, height: number, from: number, to: number): Node<V> => {
    const copy = node.slice();
    for (let at = from; at < to; ) {
      const [index, value] = entries[at] ?? last;
      const slot = slotAt(index, height);
      if (height === 1) {
        copy[slot] = value;
        at += 1;
        continue;
      }
      const step = span(height - 1);
      const past = (Math.floor(index / step) + 1) * step;
      let end = at + 1;
      while (end < to && (entries[end] ?? last)[0] < past) end += 1;
      copy[slot] = put(childOf(node, slot), height - 1, at, end);
      at = end;
    }
    return copy;
  };
  return { height: table.height, root: put(table.root, table.height, 0, entries.length) };
};

/** The entries from `first` up to, not including, `end`, in order. */
export const entriesBetween = <V>(
  table: Table<V>,
  first: number,
  end: number,
): readonly (readonly [number, V])[] => {
  const found: [number, V][] = [];
  const walk = (node: Node<V>, height: number, base: number): void => {
    const step = span(height - 1);
    const from = Math.max(0, Math.floor((first - base) / step));
    const to = Math.min(node.length, Math.ceil((end - base) / step));
    for (let slot = from; slot < to; slot += 1) {
      const child = node[slot];
      if (child === undefined) continue;
      if (isNode<V>(child)) walk(child, height - 1, base + slot * step);
      else found.push([base + slot, child]);
    }
  };
  walk(table.root, table.height, 0);
  return found;
};

/** The table without the entries from `first` up to `end`. */
export const without = <V>(table: Table<V>, first: number, end: number): Table<V> =>
  entriesBetween(table, first, end).reduce((rest, [index]) => enter(rest, index, undefined), table);
