/**
 * The packed system and a breadth-first search in C: the same layout, the same tables and the same
 * order of work as ours, with 8 bytes for a place and a table that does not grow. It says what the
 * machine would give to such a search; it is run with and without prefetching.
 */
import type { Instance } from "./tagstore/model.ts";
import { BEGINS, ENDS, STEP, tablesOf } from "./tagstore/tables.ts";
import { type Layout, layoutOf } from "./tagstore/values.ts";

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);

const array = (type: string, name: string, values: Iterable<number>): string =>
  `static const ${type} ${name}[] = {${[...values, 0].join(",")}};`;

const constants = (layout: Layout): readonly string[] => {
  const { pages, storage } = layout;
  const { page, storage: store, process } = tablesOf(layout);
  return [
    array("uint16_t", "page_offsets", page.offsets),
    array("int32_t", "page_flips", page.flips),
    array("uint16_t", "storage_offsets", store.offsets),
    array("int32_t", "storage_flips", store.flips),
    array("uint16_t", "process_offsets", process.offsets),
    array("int32_t", "process_flips", process.flips),
    array(
      "uint8_t",
      "key_bits",
      storage.all.map(({ key }) => (key === 0 ? 0 : 1 << (key - 1))),
    ),
    array(
      "uint8_t",
      "refs",
      storage.all.map(({ ref }) => ref),
    ),
    array(
      "uint8_t",
      "is_tags",
      storage.all.map(({ kind }) => (kind === "tags" ? 1 : 0)),
    ),
    array(
      "uint8_t",
      "is_tagged",
      pages.all.map(({ kind }) => (kind === "tagged" ? 1 : 0)),
    ),
    array(
      "uint8_t",
      "is_wrong",
      pages.all.map(({ tag, want }) => (tag === want ? 0 : 1)),
    ),
  ];
};

const expand = (layout: Layout): readonly string[] => {
  const { instance, pageCount, pageBits, storageBits, targetBits, storageShift } = layout;
  const { S, G, K } = instance;
  const pageMask = 2 ** pageBits - 1;
  const storageMask = 2 ** storageBits - 1;
  const shift = (storage: number): number => storageShift + storage * storageBits;
  const put = (low: string, high: string): string => `to[n].low = ${low}; to[n++].high = ${high};`;
  return [
    "static int expand(uint32_t low, uint32_t high, state *to, int n) {",
    "int pc = high & 3, keys = 0, j, last;",
    `int idle = pc == 0 ? ${2 ** (pageBits + storageBits)} : 0;`,
    `int idle_storage = pc == 0 ? ${2 ** storageBits} : 0;`,
    ...range(S).map((s) => `int s${s} = high >> ${shift(s)} & ${storageMask};`),
    ...range(S).map((s) => `keys |= key_bits[s${s}];`),
    ...range(pageCount).flatMap((page) => {
      const s = Math.floor(page / G);
      const begins = `(-(flip >> ${BEGINS}) & ${1 | (page << 2)})`;
      return [
        `{ int row = idle | s${s} << ${pageBits} | (low >> ${page * pageBits} & ${pageMask});`,
        "for (j = page_offsets[row], last = page_offsets[row + 1]; j < last; j++) {",
        "uint32_t flip = page_flips[j];",
        put(
          `low ^ (flip & 255) << ${page * pageBits}`,
          `high ^ (flip >> 8 & 255) << ${shift(s)} ^ ${begins}`,
        ),
        "} }",
      ];
    }),
    ...range(S).flatMap((s) => [
      `{ int row = idle_storage | s${s};`,
      "for (j = storage_offsets[row], last = storage_offsets[row + 1]; j < last; j++) {",
      put("low", `high ^ (uint32_t)storage_flips[j] << ${shift(s)}`),
      "} }",
    ]),
    ...range(K).flatMap((k) => [
      `if (!(keys & ${1 << k})) {`,
      put("low", "high"),
      ...range(S).map(
        (s) => `if (s${s} == 0) { ${put("low", `high ^ ${k + 1}u << ${shift(s)}`)} }`,
      ),
      "}",
    ]),
    "if (pc) {",
    array(
      "uint8_t",
      "shifts",
      range(pageCount).map((page) => shift(Math.floor(page / G))),
    ),
    `int target = high >> 2 & ${2 ** targetBits - 1};`,
    `int page_shift = target * ${pageBits}, shift = shifts[target];`,
    `int row = pc << ${pageBits + storageBits} | (high >> shift & ${storageMask}) << ${pageBits}`,
    `  | (low >> page_shift & ${pageMask});`,
    "for (j = process_offsets[row], last = process_offsets[row + 1]; j < last; j++) {",
    "uint32_t flip = process_flips[j];",
    `uint32_t next = high ^ (flip >> 8 & 255) << shift ^ (flip >> ${STEP} & 3);`,
    `if (flip >> ${ENDS}) next &= ~${(2 ** targetBits - 1) * 4}u;`,
    put("low ^ (flip & 255) << page_shift", "next"),
    "} }",
    "return n; }",
  ];
};

const check = (layout: Layout): readonly string[] => {
  const { instance, pageBits, storageBits, targetBits, storageShift } = layout;
  const { S, G } = instance;
  return [
    "static int check(uint32_t low, uint32_t high) {",
    "int keys = 0, wrong = 0;",
    `int claim = (high & 3) == 3 ? (int)((high >> 2 & ${2 ** targetBits - 1}) / ${G}) : -1;`,
    ...range(S).flatMap((s) => [
      `{ int value = high >> ${storageShift + s * storageBits} & ${2 ** storageBits - 1};`,
      "int tagged = 0, page;",
      ...range(G).flatMap((index) => [
        `page = low >> ${(s * G + index) * pageBits} & ${2 ** pageBits - 1};`,
        "tagged += is_tagged[page]; wrong |= is_wrong[page];",
      ]),
      "if (tagged && !is_tags[value]) return 1;",
      "if (is_tags[value] != (refs[value] > 0)) return 2;",
      `if (refs[value] != tagged + (claim == ${s})) return 3;`,
      "if (keys & key_bits[value]) return 4;",
      "keys |= key_bits[value]; }",
    ]),
    "return wrong ? 5 : 0; }",
  ];
};

/** Arguments: the size of the table as a power of two, and whether to prefetch. */
const search = `
static inline uint64_t hash(uint64_t x) {
  x *= 0x9E3779B97F4A7C15ull; x ^= x >> 32; x *= 0xD6E8FEB86659FD93ull;
  return x ^ x >> 29;
}
static state batch[8192];
static uint64_t places[8192], *table, *next, mask, found, states;
static int prefetch;
static void take_in(int n) {
  const uint64_t taken = 1ull << 63;
  for (int i = 0; i < n; i++) {
    places[i] = hash((uint64_t)batch[i].high << 32 | batch[i].low) & mask;
    if (prefetch) __builtin_prefetch(table + places[i], 1);
  }
  for (int i = 0; i < n; i++) {
    uint64_t key = (uint64_t)batch[i].high << 32 | batch[i].low | taken, place = places[i];
    while (table[place] && table[place] != key) place = (place + 1) & mask;
    if (table[place]) continue;
    table[place] = key;
    next[found++] = key & ~taken;
    states++;
    if (check(batch[i].low, batch[i].high)) { puts("violation"); exit(1); }
  }
}
int main(int count, char **given) {
  uint64_t size = 1ull << atoi(given[1]), room = size / 4 + 1024, transitions = 0;
  int depth = 0;
  prefetch = count > 2 && atoi(given[2]);
  mask = size - 1;
  table = mmap(0, size * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  uint64_t *level = malloc(room * 8);
  next = malloc(room * 8);
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  batch[0].low = batch[0].high = 0;
  take_in(1);
  while (found) {
    uint64_t *old = level, length = found;
    int n = 0;
    level = next; next = old; found = 0;
    for (uint64_t i = 0; i < length; i++) {
      int before = n;
      n = expand((uint32_t)level[i], (uint32_t)(level[i] >> 32), batch, n);
      transitions += n - before;
      if (n >= 256) { take_in(n); n = 0; }
    }
    take_in(n);
    if (found) depth++;
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("states=%lu transitions=%lu depth=%d seconds=%.4f\\n", states, transitions, depth,
    (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9);
}
`;

export const sameInC = (instance: Instance): string => {
  const layout = layoutOf(instance);
  return [
    ...["stdint", "stdio", "stdlib", "time", "sys/mman"].map((name) => `#include <${name}.h>`),
    "typedef struct { uint32_t low, high; } state;",
    ...constants(layout),
    ...expand(layout),
    ...check(layout),
    search,
  ].join("\n");
};
