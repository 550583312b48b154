/**
 * The values of one page, of one storage page, and of the process, as small numbers, and where they
 * lie in the two words of a packed state: the pages in word 0; in word 1 the process's step, its
 * target, and the storage pages, from the lowest bit on.
 */
import {
  type Instance,
  initialOf,
  type Page,
  type Size,
  type State,
  type Storage,
} from "./model.ts";

/** A numbered list of all values that a part of the state can have. */
type Values<Value> = {
  readonly all: readonly Value[];
  /** The number of a value, or -1: no state that keeps the invariants has it. */
  readonly numberOf: (value: Value) => number;
};

export type Layout = {
  readonly instance: Instance;
  readonly pages: Values<Page>;
  readonly storage: Values<Storage>;
  readonly pageCount: number;
  readonly pageBits: number;
  readonly storageBits: number;
  readonly targetBits: number;
  /** Where storage page 0 begins in word 1. */
  readonly storageShift: number;
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

const bitsFor = (count: number): number => Math.max(1, Math.ceil(Math.log2(count)));

const valuesOf = <Value>(all: readonly Value[], keyOf: (value: Value) => string): Values<Value> => {
  const numbers = new Map(all.map((value, number) => [keyOf(value), number]));
  return { all, numberOf: (value) => numbers.get(keyOf(value)) ?? -1 };
};

/** A tag and the tag last set are two fields, so that the invariant has something to compare. */
const pageValues = ({ T, O }: Size): Values<Page> => {
  const plain = (kind: Page["kind"], owner: number): Page => ({ kind, owner, tag: 0, want: 0 });
  const tagged = (kind: Page["kind"], owners: number): readonly Page[] =>
    range(owners).flatMap((owner) =>
      range(T).flatMap((tag) => range(T).map((want) => ({ kind, owner, tag, want }))),
    );
  const all = [
    plain("free", 0),
    ...range(O).map((owner) => plain("untagged", owner)),
    ...range(O).map((owner) => plain("swapped", owner)),
    ...tagged("tagged", O + 1),
    ...tagged("swapped-tagged", O),
  ];
  return valuesOf(all, ({ kind, owner, tag, want }) => [kind, owner, tag, want].join());
};

/** Free is 0 and the key k is k; a count of 0 is there for the invariant, too. */
const storageValues = ({ G, K }: Size): Values<Storage> => {
  const all: readonly Storage[] = [
    { kind: "free", key: 0, ref: 0, pin: false },
    ...range(K).map((index): Storage => ({ kind: "cached", key: index + 1, ref: 0, pin: false })),
    { kind: "data", key: 0, ref: 0, pin: false },
    { kind: "data", key: 0, ref: 0, pin: true },
    ...range(G + 1).map((ref): Storage => ({ kind: "tags", key: 0, ref, pin: false })),
  ];
  return valuesOf(all, ({ kind, key, ref, pin }) => [kind, key, ref, pin].join());
};

/** Throws if an instance is too large for two words. */
export const layoutOf = (instance: Instance): Layout => {
  const { S, G } = instance;
  const pages = pageValues(instance);
  const storage = storageValues(instance);
  const pageBits = bitsFor(pages.all.length);
  const storageBits = bitsFor(storage.all.length);
  const targetBits = bitsFor(S * G);
  const storageShift = 2 + targetBits;
  const used = [S * G * pageBits, storageShift + S * storageBits];
  if (used.some((bits) => bits > 32)) {
    throw new RangeError(`tagstore: two words of 32 bits are too small for ${used.join(" and ")}`);
  }
  const pageCount = S * G;
  return { instance, pages, storage, pageCount, pageBits, storageBits, targetBits, storageShift };
};

/** The bits used in each word. */
export const bitsOf = ({ instance, ...layout }: Layout): readonly [number, number] => [
  layout.pageCount * layout.pageBits,
  layout.storageShift + instance.S * layout.storageBits,
];

/** Throws if the state has a value that no state has which keeps the invariants. */
export const packed = (state: State, layout: Layout): Int32Array => {
  const { pages, storage, pageBits, storageBits, storageShift } = layout;
  const known = (number: number): number => {
    if (number < 0) throw new RangeError(`tagstore: no number for ${JSON.stringify(state)}`);
    return number;
  };
  let low = 0;
  let high = state.pc | (state.target << 2);
  for (const [at, page] of state.pages.entries()) {
    low |= known(pages.numberOf(page)) << (at * pageBits);
  }
  for (const [at, each] of state.storage.entries()) {
    high |= known(storage.numberOf(each)) << (storageShift + at * storageBits);
  }
  return Int32Array.of(low, high);
};

export const unpacked = (states: Int32Array, at: number, layout: Layout): State => {
  const { instance, pages, storage, pageBits, storageBits, targetBits, storageShift } = layout;
  const state = initialOf(instance);
  const low = states[at] ?? 0;
  const high = states[at + 1] ?? 0;
  const part = (word: number, shift: number, bits: number) => (word >>> shift) & (2 ** bits - 1);
  for (const [index, page] of state.pages.entries()) {
    Object.assign(page, pages.all[part(low, index * pageBits, pageBits)]);
  }
  for (const [index, each] of state.storage.entries()) {
    const value = part(high, storageShift + index * storageBits, storageBits);
    Object.assign(each, storage.all[value]);
  }
  const steps = [0, 1, 2, 3] as const;
  state.pc = steps[high & 3] ?? 0;
  state.target = part(high, 2, targetBits);
  return state;
};
