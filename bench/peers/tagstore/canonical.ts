/**
 * The canonical form: storage pages (with their pages), the pages of each storage page by
 * themselves, keys, tag values and users may be exchanged without a difference to any behaviour.
 *
 * A group is a storage page with its pages. For each way of exchanging tags and users: sort the
 * pages inside each group, sort the groups, name the keys in the order in which they appear; of all
 * results the smallest is the representative. Sorting a group is a look-up in a table, which is
 * filled as its entries are asked for. So nothing is searched but tags and users.
 */
import type { PackedSystem } from "../../../checker/packed/system.ts";
import type { Page } from "./model.ts";
import type { Layout } from "./values.ts";

type Canonical = NonNullable<PackedSystem["canonical"]>;

const numbersBelow = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, number) => number);

const permutations = (count: number): readonly (readonly number[])[] =>
  count === 0
    ? [[]]
    : permutations(count - 1).flatMap((shorter) =>
        numbersBelow(count).map((at) => [...shorter.slice(0, at), count - 1, ...shorter.slice(at)]),
      );

/** Where each page value goes when tags and users are exchanged: one map for each way. */
const exchanges = ({ instance, pages }: Layout): readonly (readonly number[])[] => {
  const { T, O } = instance;
  const keepsTag = ({ kind }: Page): boolean => kind === "tagged" || kind === "swapped-tagged";
  return permutations(T).flatMap((tags) =>
    permutations(O).map((users) =>
      pages.all.map((page) =>
        pages.numberOf({
          kind: page.kind,
          owner: page.kind === "free" ? 0 : (users[page.owner] ?? page.owner),
          tag: keepsTag(page) ? (tags[page.tag] ?? 0) : 0,
          want: keepsTag(page) ? (tags[page.want] ?? 0) : 0,
        }),
      ),
    ),
  );
};

/**
 * The table's entry: a group (pages, above them the storage page) with its pages sorted and every
 * key called 1, until it is known which appears first. `target` is the place of the process's
 * target in the group, or G: not in it. If it is, the entry has a bit above the group and above that
 * the target's new place, so that the group is sorted by them, too.
 */
const sortedGroup = (
  { instance, storage, pageBits }: Layout,
  groupBits: number,
  exchange: readonly number[],
  target: number,
  group: number,
): number => {
  const { G } = instance;
  const inOrder = numbersBelow(G)
    .map((at) => {
      const value = (group >> (at * pageBits)) & (2 ** pageBits - 1);
      return { at, value: exchange[value] ?? value };
    })
    .sort((one, other) => one.value - other.value || isTarget(one.at) - isTarget(other.at));
  function isTarget(at: number): number {
    return at === target ? 1 : 0;
  }
  const pages = inOrder.reduce((word, { value }, at) => word | (value << (at * pageBits)), 0);
  const under = group >> (G * pageBits);
  const content = storage.all[under]?.kind === "cached" ? 1 : under;
  const sorted = pages | (content << (G * pageBits));
  if (target === G) return sorted;
  const place = inOrder.findIndex(({ at }) => at === target);
  return sorted | ((1 | (place << 1)) << groupBits);
};

export const canonicalOf = (layout: Layout): Canonical => {
  const { instance, pageBits, storageBits, targetBits, storageShift } = layout;
  const { S, G } = instance;
  const pagesBits = G * pageBits;
  const groupBits = pagesBits + storageBits;
  const groups = 2 ** groupBits;
  const ways = exchanges(layout);
  const table = new Int32Array(ways.length * (G + 1) * groups).fill(-1);
  const fill = (at: number): number => {
    const target = Math.floor(at / groups) % (G + 1);
    const way = ways[Math.floor(at / (groups * (G + 1)))] ?? [];
    const entry = sortedGroup(layout, groupBits, way, target, at % groups);
    table[at] = entry;
    return entry;
  };

  const each = (write: (group: number) => string): string => numbersBelow(S).map(write).join("\n");
  const exchangeIfLess = (at: number): string =>
    `if (g${at - 1} > g${at}) { const g = g${at - 1}; g${at - 1} = g${at}; g${at} = g; }`;
  /** Insertion sort of the groups, written out. */
  const sort = numbersBelow(S)
    .flatMap((last) => numbersBelow(last).map((step) => exchangeIfLess(last - step)))
    .join("\n");
  const shiftOf = (group: number): number => storageShift + group * storageBits;
  const way = (number: number): string => `{
      ${each((group) => {
        const at = `${number * (G + 1) * groups} + t${group} + w${group}`;
        return `let g${group} = table[${at}];
          if (g${group} < 0) g${group} = fill(${at});`;
      })}
      ${sort}
      low = 0;
      high = pc;
      key = 1;
      ${each(
        (group) => `low |= (g${group} & ${2 ** pagesBits - 1}) << ${group * pagesBits};
          content = (g${group} >> ${pagesBits}) & ${2 ** storageBits - 1};
          high |= (content === 1 ? key++ : content) << ${shiftOf(group)};
          content = g${group} >> ${groupBits};
          if (content) high |= (${group * G} + (content >> 1)) << 2;`,
      )}
      low >>>= 0;
      high >>>= 0;
      if (low < bestLow || (low === bestLow && high < bestHigh)) {
        bestLow = low;
        bestHigh = high;
      }
    }`;
  const written: Canonical = new Function(
    "table",
    "fill",
    `return (states, at) => {
      const first = states[at];
      const second = states[at + 1];
      const pc = second & 3;
      const target = (second >>> 2) & ${2 ** targetBits - 1};
      const inGroup = pc === 0 ? -1 : target / ${G} | 0;
      const place = pc === 0 ? ${G} : target % ${G};
      let bestLow = ${2 ** 32};
      let bestHigh = 0;
      let low = 0;
      let high = 0;
      let key = 1;
      let content = 0;
      ${each(
        (group) => `const w${group} = ((first >>> ${group * pagesBits}) & ${2 ** pagesBits - 1})
            | ((second >>> ${shiftOf(group)}) & ${2 ** storageBits - 1}) << ${pagesBits};
          const t${group} = (inGroup === ${group} ? place : ${G}) * ${groups};`,
      )}
      ${numbersBelow(ways.length).map(way).join("\n")}
      states[at] = bestLow | 0;
      states[at + 1] = bestHigh | 0;
    };`,
  )(table, fill);
  return written;
};
