/**
 * The model as a packed system: two words a state, functions written out for one instance. The
 * successors come in the order of the readable model's actions, so that those give the names.
 */
import type { PackedSystem } from "../../../checker/packed/system.ts";
import { canonicalOf } from "./canonical.ts";
import { actionsOf, type Instance, initialOf } from "./model.ts";
import { BEGINS, ENDS, STEP, type Tables, tablesOf } from "./tables.ts";
import { bitsOf, type Layout, layoutOf, packed, unpacked } from "./values.ts";

export const packedTagstore = (instance: Instance, symmetry: boolean): PackedSystem => {
  const layout = layoutOf(instance);
  const { S, G, T, K, O } = instance;
  const system: PackedSystem = {
    bits: bitsOf(layout),
    initial: packed(initialOf(instance), layout),
    mostSuccessors: S * G * (2 * O + 2 * T + 4) + 4 * S + K * (S + 1) + T + 1,
    successors: successorsOf(layout, tablesOf(layout)),
    check: checkOf(layout),
    moveName: (states, at, move) =>
      actionsOf(unpacked(states, at, layout), instance)[move]?.name ?? `${move}`,
  };
  return symmetry ? { ...system, canonical: canonicalOf(layout) } : system;
};

const numbersBelow = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, number) => number);

const lines = (count: number, write: (number: number) => string): string =>
  numbersBelow(count).map(write).join("\n");

/** Bits of word 1 where a storage page lies. */
const shiftOf = ({ storageShift, storageBits }: Layout, storage: number): number =>
  storageShift + storage * storageBits;

const successorsOf = (layout: Layout, tables: Tables): PackedSystem["successors"] => {
  const { instance, storage, pageCount, pageBits, storageBits, targetBits } = layout;
  const { S, G, K } = instance;
  const pageMask = 2 ** pageBits - 1;
  const storageMask = 2 ** storageBits - 1;
  const targetMask = 2 ** targetBits - 1;
  const shift = (of: number): number => shiftOf(layout, of);
  const keyBits = storage.all.map(({ key }) => (key === 0 ? 0 : 1 << (key - 1)));

  const page = (number: number): string => {
    const of = Math.floor(number / G);
    const begin = 1 | (number << 2);
    return `{
      const row = idle | s${of} << ${pageBits} | ((low >>> ${number * pageBits}) & ${pageMask});
      const last = pageOffsets[row + 1];
      for (let j = pageOffsets[row]; j < last; j++) {
        const flip = pageFlips[j];
        to[end++] = low ^ ((flip & 255) << ${number * pageBits});
        to[end++] = high ^ (((flip >> 8) & 255) << ${shift(of)})
          ^ (-(flip >> ${BEGINS}) & ${begin});
      }
    }`;
  };
  const store = (number: number): string => `{
      const row = idleStorage | s${number};
      const last = storageOffsets[row + 1];
      for (let j = storageOffsets[row]; j < last; j++) {
        to[end++] = low;
        to[end++] = high ^ (storageFlips[j] << ${shift(number)});
      }
    }`;
  const key = (index: number): string => `if ((keys & ${1 << index}) === 0) {
      to[end++] = low;
      to[end++] = high;
      ${lines(
        S,
        (of) => `if (s${of} === 0) {
          to[end++] = low;
          to[end++] = high ^ ${(index + 1) << shift(of)};
        }`,
      )}
    }`;
  const shifts = numbersBelow(pageCount).map((number) => shift(Math.floor(number / G)));

  const written: PackedSystem["successors"] = new Function(
    "{ page, storage, process }",
    "keyBits",
    "shifts",
    `const { offsets: pageOffsets, flips: pageFlips } = page;
    const { offsets: storageOffsets, flips: storageFlips } = storage;
    const { offsets: processOffsets, flips: processFlips } = process;
    return (from, at, to, end) => {
      const low = from[at];
      const high = from[at + 1];
      const pc = high & 3;
      const idle = pc === 0 ? ${2 ** (pageBits + storageBits)} : 0;
      const idleStorage = pc === 0 ? ${2 ** storageBits} : 0;
      ${lines(S, (of) => `const s${of} = (high >>> ${shift(of)}) & ${storageMask};`)}
      ${lines(pageCount, page)}
      ${lines(S, store)}
      const keys = ${numbersBelow(S)
        .map((of) => `keyBits[s${of}]`)
        .join(" | ")};
      if (keys !== ${2 ** K - 1}) {
        ${lines(K, key)}
      }
      if (pc !== 0) {
        const target = (high >>> 2) & ${targetMask};
        const pageShift = target * ${pageBits};
        const shift = shifts[target];
        const row = pc << ${pageBits + storageBits}
          | ((high >>> shift) & ${storageMask}) << ${pageBits}
          | ((low >>> pageShift) & ${pageMask});
        const last = processOffsets[row + 1];
        for (let j = processOffsets[row]; j < last; j++) {
          const flip = processFlips[j];
          const next = high ^ (((flip >> 8) & 255) << shift) ^ ((flip >> ${STEP}) & 3);
          to[end++] = low ^ ((flip & 255) << pageShift);
          to[end++] = flip >> ${ENDS} ? next & ${~(targetMask << 2)} : next;
        }
      }
      return end;
    };`,
  )(tables, Uint8Array.from(keyBits), Uint8Array.from(shifts));
  return written;
};

/** The invariants of the readable model, by their codes there. */
const checkOf = (layout: Layout): NonNullable<PackedSystem["check"]> => {
  const { instance, pages, storage, pageBits, storageBits, targetBits } = layout;
  const { S, G } = instance;
  const pageMask = 2 ** pageBits - 1;
  const storageMask = 2 ** storageBits - 1;
  const flags = (list: readonly boolean[]): Uint8Array => Uint8Array.from(list, Number);
  const of = {
    isTagged: flags(pages.all.map(({ kind }) => kind === "tagged")),
    isWrong: flags(pages.all.map(({ tag, want }) => tag !== want)),
    isTags: flags(storage.all.map(({ kind }) => kind === "tags")),
    refs: Uint8Array.from(storage.all, ({ ref }) => ref),
    keyBits: Uint8Array.from(storage.all, ({ key }) => (key === 0 ? 0 : 1 << (key - 1))),
  };
  const group = (number: number): string => `{
      const value = (high >>> ${shiftOf(layout, number)}) & ${storageMask};
      let tagged = 0;
      ${lines(G, (index) => {
        const shift = (number * G + index) * pageBits;
        return `page = (low >>> ${shift}) & ${pageMask};
          tagged += isTagged[page];
          wrong |= isWrong[page];`;
      })}
      if (tagged !== 0 && isTags[value] === 0) return 1;
      if ((isTags[value] === 1) !== (refs[value] > 0)) return 2;
      if (refs[value] !== tagged + (claim === ${number} ? 1 : 0)) return 3;
      if ((keys & keyBits[value]) !== 0) return 4;
      keys |= keyBits[value];
    }`;
  const written: NonNullable<PackedSystem["check"]> = new Function(
    "{ isTagged, isWrong, isTags, refs, keyBits }",
    `return (states, at) => {
      const low = states[at];
      const high = states[at + 1];
      const claim = (high & 3) === 3 ? ((high >>> 2) & ${2 ** targetBits - 1}) / ${G} | 0 : -1;
      let page = 0;
      let keys = 0;
      let wrong = 0;
      ${lines(S, group)}
      return wrong === 0 ? 0 : 5;
    };`,
  )(of);
  return written;
};
