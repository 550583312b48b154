/**
 * The benchmark's model: the packed form is the readable one, its counts are those of every peer,
 * and its canonical form is sound. And that unsound ones are caught: planted below.
 */
import { describe, expect, test } from "vitest";
import {
  actionsOf,
  brokenIn,
  copyOf,
  type Instance,
  initialOf,
  invariants,
  type Page,
  type State,
} from "../../../../bench/peers/tagstore/model.ts";
import { packedTagstore } from "../../../../bench/peers/tagstore/packed.ts";
import { invariantOf, plainTagstore } from "../../../../bench/peers/tagstore/plain.ts";
import { layoutOf, packed, unpacked } from "../../../../bench/peers/tagstore/values.ts";
import {
  explore,
  explorePacked,
  type PackedSystem,
  symmetryFault,
} from "../../../../checker/index.ts";

const sized = (text: string, bug: Instance["bug"] = "none"): Instance => {
  const [S = 0, G = 0, T = 0, K = 0, O = 0] = text.split(" ").map(Number);
  return { S, G, T, K, O, bug };
};

const tiny = sized("2 1 2 1 1");

describe("counts", () => {
  test.each([
    { size: "2 1 2 1 1", states: 1_787, transitions: 9_079, depth: 14, orbits: 541 },
    { size: "2 2 2 1 1", states: 123_671, transitions: 695_659, depth: 22, orbits: 9_803 },
    { size: "2 2 2 2 1", states: 166_691, transitions: 1_166_998, depth: 22, orbits: 10_125 },
    { size: "3 1 2 2 1", states: 90_208, transitions: 700_058, depth: 20, orbits: 5_870 },
  ])("of $size are those of every peer", ({ size, orbits, ...expected }) => {
    const instance = sized(size);
    const { bytes: _, ...found } = explorePacked(packedTagstore(instance, false));
    expect(found).toEqual({ ...expected, verdict: { kind: "holds" } });
    const { states, depth, verdict } = explorePacked(packedTagstore(instance, true));
    expect({ states, depth, verdict }).toEqual({
      states: orbits,
      depth: expected.depth,
      verdict: { kind: "holds" },
    });
  });

  test("of the plain checker on the readable model are the same", () => {
    const { verdicts, ...found } = explore(plainTagstore(tiny), [invariantOf(tiny)]);
    expect(found).toEqual({ states: 1_787, transitions: 9_079, depth: 14, cut: null });
    expect(verdicts.get("invariants")).toEqual({ kind: "holds" });
  });
});

/** Walks all reachable states; says where the packed system differs from the readable model. */
const differenceFrom = (instance: Instance, system: PackedSystem): string | null => {
  const layout = layoutOf(instance);
  const states = [packed(initialOf(instance), layout)];
  const seen = new Set(states.map(String));
  const buffer = new Int32Array(2 * system.mostSuccessors);
  for (const state of states) {
    const readable = unpacked(state, 0, layout);
    const expected = actionsOf(readable, instance).map(({ change }) => {
      const next = copyOf(readable);
      change(next);
      return packed(next, layout);
    });
    const end = system.successors(state, 0, buffer, 0);
    const found = [...buffer.subarray(0, end)].join();
    if (found !== expected.map(String).join()) return `successors of ${state}`;
    if ((system.check?.(state, 0) ?? 0) !== (brokenIn(readable, instance)[0] ?? 0)) {
      return `invariants of ${state}`;
    }
    for (const next of expected.filter((each) => !seen.has(String(each)))) {
      seen.add(String(next));
      states.push(next);
    }
  }
  return null;
};

describe("the packed system", () => {
  test.each(["2 1 2 1 1", "1 2 2 1 2", "1 3 1 2 1"])(
    "of %s has the successors and the invariants of the readable model",
    (size) => {
      expect(differenceFrom(sized(size), packedTagstore(sized(size), false))).toBeNull();
    },
  );

  test("breaks the invariants that the readable model breaks", () => {
    const instance = sized("2 2 2 1 1");
    const layout = layoutOf(instance);
    const { check } = packedTagstore(instance, false);
    const page = (fields: Partial<Page>): Page => ({
      ...{ kind: "tagged", owner: 0, tag: 0, want: 0 },
      ...fields,
    });
    const change: readonly ((state: State) => void)[] = [
      ({ pages }) => pages.splice(1, 1, page({})),
      ({ storage: [first] }) => Object.assign(first ?? {}, { kind: "tags" }),
      ({ storage: [first] }) => Object.assign(first ?? {}, { kind: "tags", ref: 2 }),
      ({ storage }) => {
        for (const each of storage) Object.assign(each, { kind: "cached", key: 1 });
      },
      ({ pages }) => pages.splice(3, 1, page({ kind: "swapped-tagged", want: 1 })),
    ];
    const found = change.map((make, index) => {
      const state = initialOf(instance);
      make(state);
      const code = check?.(packed(state, layout), 0);
      return code === index + 1 && brokenIn(state, instance)[0] === code;
    });
    expect(found).toEqual(invariants.map(() => true));
  });
});

describe("the planted bug", () => {
  const expected = [
    "user 0 begins to allocate tagged page 0",
    "put key 1 into storage page 0",
    "reserve storage page 0",
    "atomic: allocate with tag 0 page 1",
    "drop what is in storage page 0",
  ];

  test.each([false, true])("is found in 5 steps, symmetry %s", (symmetry) => {
    const instance = sized("2 2 2 2 1", "blinddrop");
    const { depth, verdict } = explorePacked(packedTagstore(instance, symmetry));
    if (verdict.kind !== "broken") throw new Error(verdict.kind);
    expect(depth).toBe(5);
    expect(invariants[verdict.code - 1]).toBe("a tagged page has its tag storage");
    expect(verdict.path?.moves.map(({ name }) => name)).toEqual(expected);
    expect(endOf(instance, expected)).toEqual([1, 3]);
  });

  test("is found in 5 steps by the plain checker", () => {
    const instance = sized("1 2 2 1 1", "blinddrop");
    const { verdicts } = explore(plainTagstore(instance), [invariantOf(instance)], {
      stopAtFirst: true,
    });
    const verdict = verdicts.get("invariants");
    expect(verdict?.kind === "broken" && verdict.witness.moves.length).toBe(5);
  });

  /** What is broken after the readable model has taken the actions of these names. */
  const endOf = (instance: Instance, names: readonly string[]): readonly number[] => {
    const state = initialOf(instance);
    for (const wanted of names) {
      actionsOf(state, instance)
        .find(({ name }) => name === wanted)
        ?.change(state);
    }
    return brokenIn(state, instance);
  };
});

/** Calls `visit` with every way to order the numbers below `count`. */
const orders = (count: number): readonly (readonly number[])[] =>
  count === 0
    ? [[]]
    : orders(count - 1).flatMap((order) =>
        Array.from({ length: count }, (_, at) => order.toSpliced(at, 0, count - 1)),
      );

/** Every way to exchange what may be exchanged, on readable states. */
const exchangesOf = ({ S, G, T, K, O }: Instance): readonly ((state: State) => State)[] => {
  const inGroups = Array.from({ length: S }).reduce<readonly (readonly number[])[]>(
    (ways) => ways.flatMap((way) => orders(G).map((order) => [...way, ...order])),
    [[]],
  );
  return orders(S).flatMap((groups) =>
    inGroups.flatMap((places) =>
      orders(T).flatMap((tags) =>
        orders(K).flatMap((keys) =>
          orders(O).map((users) => (state) => {
            const next = copyOf(state);
            const placeOf = (page: number): number =>
              (groups[Math.floor(page / G)] ?? 0) * G + (places[page] ?? 0);
            for (const [at, page] of state.pages.entries()) {
              const keepsTag = page.kind === "tagged" || page.kind === "swapped-tagged";
              next.pages[placeOf(at)] = {
                kind: page.kind,
                owner: page.kind === "free" ? 0 : (users[page.owner] ?? page.owner),
                tag: keepsTag ? (tags[page.tag] ?? 0) : 0,
                want: keepsTag ? (tags[page.want] ?? 0) : 0,
              };
            }
            for (const [at, { key, ...rest }] of state.storage.entries()) {
              const renamed = key === 0 ? 0 : (keys[key - 1] ?? 0) + 1;
              next.storage[groups[at] ?? 0] = { ...rest, key: renamed };
            }
            if (state.pc !== 0) next.target = placeOf(state.target);
            return next;
          }),
        ),
      ),
    ),
  );
};

/** The reachable states, packed, by a search over the readable model. */
const reachable = (instance: Instance): readonly Int32Array[] => {
  const layout = layoutOf(instance);
  const found = [packed(initialOf(instance), layout)];
  const seen = new Set(found.map(String));
  for (const state of found) {
    const readable = unpacked(state, 0, layout);
    for (const { change } of actionsOf(readable, instance)) {
      const next = copyOf(readable);
      change(next);
      const word = packed(next, layout);
      if (seen.has(String(word))) continue;
      seen.add(String(word));
      found.push(word);
    }
  }
  return found;
};

describe("symmetry", () => {
  test.each(["2 1 2 1 1", "2 1 1 2 2", "1 3 2 1 1"])(
    "of %s has one representative for each orbit, counted by brute force",
    (size) => {
      const instance = sized(size);
      const layout = layoutOf(instance);
      const ways = exchangesOf(instance);
      const smallest = (state: Int32Array): string =>
        ways
          .map((way) => String(packed(way(unpacked(state, 0, layout)), layout)))
          .sort()
          .at(0) ?? "";
      const { canonical } = packedTagstore(instance, true);
      const kinds = new Map<string, Set<string>>();
      const orbits = new Set<string>();
      for (const state of reachable(instance)) {
        const orbit = smallest(state);
        orbits.add(orbit);
        canonical?.(state, 0);
        kinds.set(String(state), (kinds.get(String(state)) ?? new Set()).add(orbit));
      }
      expect(kinds.size).toBe(orbits.size);
      expect([...kinds.values()].every(({ size: count }) => count === 1)).toBe(true);
      expect(explorePacked(packedTagstore(instance, true)).states).toBe(orbits.size);
    },
  );

  test.each(["2 1 2 1 1", "1 2 2 1 2", "1 3 2 1 1"])("of %s is sound", (size) => {
    expect(symmetryFault(packedTagstore(sized(size), true), 20_000)).toBeNull();
  });

  test("is not judged in a scope that is too large", () => {
    expect(() => symmetryFault(packedTagstore(tiny, true), 1_000)).toThrow("more than 1000");
  });
});

describe("planted unsoundness is caught", () => {
  const sound = packedTagstore(tiny, true);
  const layout = layoutOf(tiny);
  const forgetting = (mask: number): PackedSystem => ({
    ...sound,
    canonical: (states, at) => {
      states[at + 1] = (states[at + 1] ?? 0) & mask;
      sound.canonical?.(states, at);
    },
  });

  test("a symmetry that exchanges what is not alike: the step of the process", () => {
    expect(symmetryFault(forgetting(~3), 20_000)).toMatch(/follow/);
  });

  test("a symmetry that forgets what a storage page holds", () => {
    const store = 2 ** layout.storageBits - 1;
    expect(symmetryFault(forgetting(~(store << layout.storageShift)), 20_000)).not.toBeNull();
  });

  test("a symmetry whose representatives have representatives", () => {
    const swinging: PackedSystem = {
      ...sound,
      canonical: (states, at) => {
        states[at + 1] = (states[at + 1] ?? 0) ^ 1;
      },
    };
    expect(symmetryFault(swinging, 20_000)).toMatch(/has another/);
  });

  test("a symmetry that hides a broken state, when its way is gone again", () => {
    const bug = packedTagstore(sized("1 2 2 1 1", "blinddrop"), true);
    const wrong: PackedSystem = {
      ...bug,
      // A swapped page is taken for two tagged ones, which have no tag storage.
      canonical: (states, at) => {
        bug.canonical?.(states, at);
        if (states[at] === 0x20) states.set([0x33, 0], at);
      },
    };
    expect(() => explorePacked(wrong)).toThrow("the canonical form is not sound");
  });

  test("a dropped successor", () => {
    const plain = packedTagstore(tiny, false);
    const dropping: PackedSystem = {
      ...plain,
      successors: (from, at, to, end) => {
        const next = plain.successors(from, at, to, end);
        return ((from[at + 1] ?? 0) & 3) === 2 ? next - 2 : next;
      },
    };
    expect(differenceFrom(tiny, dropping)).toMatch(/^successors of /);
    expect(explorePacked(dropping).transitions).not.toBe(9_079);
  });

  test("a state key that leaves out a bit", () => {
    const plain = packedTagstore(tiny, false);
    const [low = 0, high = 0] = plain.bits;
    expect(() => explorePacked({ ...plain, bits: [low, high - 1] })).toThrow("did not declare");
    expect(() => explorePacked({ ...plain, bits: [low - 1, high] })).toThrow("did not declare");
  });
});
