/** The tables of the packed search are sets: nothing is lost or taken for something else. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CompactTable } from "../../../../checker/packed/compact-table.ts";
import { Budget, OutOfMemory } from "../../../../checker/packed/memory.ts";
import { canMix, mixerOf, type Split } from "../../../../checker/packed/mixing.ts";
import { type Hash, NumberedTable } from "../../../../checker/packed/numbered-table.ts";
import type { Table } from "../../../../checker/packed/table.ts";

const SEED = 20_240_601;
const BATCH = 300;

type Maker = (bits: readonly number[], budget?: Budget) => Table;

const plenty = (): Budget => new Budget(2 ** 30);
const compact: Maker = (bits, budget = plenty()) => new CompactTable(bits, BATCH, budget);
const numbered =
  (hash?: Hash): Maker =>
  (bits, budget = plenty()) =>
    new NumberedTable(bits, BATCH, budget, hash);

/** Small numbers are repeated by chance, large ones reach every bit. */
const wordOf = (bits: number): fc.Arbitrary<number> =>
  fc
    .oneof(fc.integer({ min: 0, max: 2 ** Math.min(bits, 3) - 1 }), fc.integer())
    .map((word) => (bits === 32 ? word : word & (2 ** bits - 1)));

/** Inserts batches into a table and into a Set; says where they differ. */
const difference = (
  table: Table,
  words: number,
  batches: readonly (readonly (readonly number[])[])[],
): string | null => {
  const known = new Set<string>();
  for (const batch of batches) {
    const expected: (readonly number[])[] = [];
    for (const state of batch) {
      const key = state.join();
      if (known.has(key)) continue;
      known.add(key);
      expected.push(state);
    }
    const states = Int32Array.from(batch.flat());
    const end = table.insert(states, states.length);
    const found = states.subarray(0, end).join();
    if (found !== expected.flat().join()) return `expected ${expected}, found ${found}`;
    if (table.size !== known.size) return `${table.size} states are not ${known.size}`;
  }
  return words > 0 ? null : "a state has words";
};

const sets = (bits: readonly number[], make: Maker) => {
  const states = fc.array(fc.tuple(...bits.map(wordOf)), { maxLength: 40 });
  return fc.property(fc.array(states, { maxLength: 20 }), (batches) => {
    expect(difference(make(bits), bits.length, batches)).toBeNull();
  });
};

/** A generator of its own: these tests insert more than fast-check should make. */
const randomWords = (seed: number) => {
  let state = seed;
  return (bits: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return bits === 32 ? state : state & (2 ** bits - 1);
  };
};

const manyBatches = (bits: readonly number[], count: number, values: readonly number[]) => {
  const random = randomWords(SEED);
  return Array.from({ length: count }, () =>
    Array.from({ length: BATCH }, () =>
      bits.map((each, word) => random(Math.min(each, values[word] ?? each))),
    ),
  );
};

const shapes = [
  [1],
  [7],
  [17],
  [26],
  [30],
  [32],
  [1, 1],
  [20, 10],
  [30, 10],
  [31, 9],
  [32, 8],
  [8, 32],
];

describe("a compact table", () => {
  test.each(shapes.map((bits) => ({ bits })))("of $bits bits is a set", ({ bits }) => {
    expect(canMix(bits)).toBe(true);
    fc.assert(sets(bits, compact), { seed: SEED, numRuns: 40 });
  });

  test.each([
    { bits: [17], values: [17] },
    { bits: [30, 10], values: [18, 2] },
    { bits: [8, 32], values: [8, 10] },
    { bits: [32, 8], values: [32, 8] },
  ])("of $bits bits stays a set while it grows", ({ bits, values }) => {
    expect(difference(compact(bits), bits.length, manyBatches(bits, 300, values))).toBeNull();
  });

  test("can hold every state there is", () => {
    const bits = [9, 8];
    const all = Array.from({ length: 2 ** 17 }, (_, number) => [number & 511, number >>> 9]);
    const batches = Array.from({ length: Math.ceil(all.length / BATCH) }, (_, index) =>
      all.slice(index * BATCH, (index + 1) * BATCH),
    );
    expect(difference(compact(bits), 2, [...batches, ...batches.slice(0, 9)])).toBeNull();
  });

  test("is a set when all states belong to its last places, and run over its end", () => {
    const bits = [30, 10];
    const crowded = statesOfLastPlaces(bits, 100, 3_000);
    expect(crowded.length).toBe(3_000);
    const batches = Array.from({ length: 20 }, (_, index) =>
      crowded.slice((index % 10) * BATCH, (index % 10) * BATCH + BATCH),
    );
    expect(difference(compact(bits), 2, batches)).toBeNull();
  });

  test("takes no state of more bits than it was told of", () => {
    const states = Int32Array.of(3, 1 << 10);
    expect(() => compact([30, 10]).insert(states, 2)).toThrow(
      "a state uses bits that the system did not declare: 10000000000",
    );
  });

  test("says when it may not grow, and still knows what it holds", () => {
    const table = compact([30], new Budget(4 * 2 ** 16));
    const { length } = upTo(table, 2 ** 17);
    expect(length).toBeGreaterThan(0.8 * 2 ** 16);
    expect(table.size).toBe(length);
    const again = Int32Array.from({ length: BATCH }, (_, index) => index);
    expect(() => table.insert(again, BATCH)).toThrow(OutOfMemory);
  });
});

/** Inserts the numbers from 0 on, batch by batch, until the table throws; those it took. */
const upTo = (table: Table, most: number): { readonly length: number } => {
  try {
    for (let first = 0; first < most; first += BATCH) {
      const states = Int32Array.from({ length: BATCH }, (_, index) => first + index);
      expect(table.insert(states, BATCH)).toBe(BATCH);
    }
  } catch (fault) {
    if (!(fault instanceof OutOfMemory)) throw fault;
  }
  return { length: table.size };
};

/** States that the mixing sends to the last `places` of a table of 2^16 places. */
const statesOfLastPlaces = (bits: readonly number[], places: number, count: number) => {
  const split: Split = { log: 16, distanceBits: 8 };
  const { mix } = mixerOf(bits);
  const random = randomWords(SEED);
  const found: (readonly number[])[] = [];
  const states = new Int32Array(2 ** 13);
  const mixed = new Int32Array(2 ** 13);
  while (found.length < count) {
    for (let at = 0; at < states.length; at += 2) {
      states[at] = random(bits[0] ?? 0);
      states[at + 1] = random(bits[1] ?? 0);
    }
    mix(states, 0, states.length, split, mixed);
    for (let at = 0; at < states.length && found.length < count; at += 2) {
      if ((mixed[at] ?? 0) < 2 ** 16 - places) continue;
      found.push([states[at] ?? 0, states[at + 1] ?? 0]);
    }
  }
  return found;
};

describe("the mixing", () => {
  test.each([{ bits: [17] }, { bits: [10, 7] }, { bits: [1, 16] }])(
    "of $bits bits takes no two states for one",
    ({ bits }) => {
      const [first = 0] = bits;
      const all = Array.from({ length: 2 ** 17 }, (_, number) =>
        bits.length === 1 ? [number] : [number & (2 ** first - 1), number >>> first],
      );
      const states = Int32Array.from(all.flat());
      const mixed = new Int32Array(2 ** 18);
      mixerOf(bits).mix(states, 0, states.length, { log: 16, distanceBits: 20 }, mixed);
      const images = new Set(all.map((_, index) => `${mixed[2 * index]},${mixed[2 * index + 1]}`));
      expect(images.size).toBe(2 ** 17);
    },
  );
});

describe("a numbered table", () => {
  const hashes: Readonly<Record<string, Hash | undefined>> = {
    "its own hash": undefined,
    "one hash for all": () => 5,
    "hashes of the last places": (states, at) => -1 ^ ((states[at] ?? 0) & 1),
  };
  for (const [name, hash] of Object.entries(hashes)) {
    test.each(
      [
        [32, 32],
        [5, 5, 5],
        [32, 1, 32, 7, 9],
      ].map((bits) => ({ bits })),
    )(`with ${name} and $bits bits is a set`, ({ bits }) => {
      fc.assert(sets(bits, numbered(hash)), { seed: SEED, numRuns: 40 });
    });
  }

  test("stays a set while it grows", () => {
    const bits = [32, 32, 32];
    const batches = manyBatches(bits, 200, [4, 8, 4]);
    expect(difference(numbered()(bits), 3, batches)).toBeNull();
  });

  test("gives back the states by their numbers", () => {
    const table = new NumberedTable([32, 32, 32], BATCH, plenty());
    const batches = manyBatches([32, 32, 32], 30, []);
    for (const batch of batches) table.insert(Int32Array.from(batch.flat()), 3 * BATCH);
    const state = new Int32Array(3);
    const all = batches.flat().map((expected, number) => {
      table.read(number, state);
      return expected.join() === state.join();
    });
    expect(all.every(Boolean)).toBe(true);
  });

  test("takes no state of more bits than it was told of", () => {
    const states = Int32Array.of(0, 0, 2);
    expect(() => numbered()([32, 32, 1]).insert(states, 3)).toThrow("did not declare: 10");
  });
});

/** Planted: a table that looks at less than the whole state. */
describe("a lossy key", () => {
  const forgetful =
    (make: Maker): Maker =>
    (bits, budget) => {
      const table = make(bits, budget);
      return {
        get size() {
          return table.size;
        },
        insert: (states, end) => {
          for (let at = 0; at < end; at++) states[at] = (states[at] ?? 0) & ~(1 << 9);
          return table.insert(states, end);
        },
      };
    };

  test.each([
    { name: "compact", make: compact },
    { name: "numbered", make: numbered() },
  ])("makes the set property fail of a $name table", ({ make }) => {
    const run = fc.check(sets([30], forgetful(make)), { seed: SEED, numRuns: 40 });
    expect(run.failed).toBe(true);
  });
});
