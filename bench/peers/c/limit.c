/*
 * What the machine gives to a table of states: N distinct states among M operations, each of which
 * inserts a state or finds one at random among those inserted so far (the worst there is for
 * locality). No state is expanded. Arguments: the size of the table as a power of two, N, M, and
 * whether to prefetch a batch before it is looked up.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

static inline uint64_t mix(uint64_t x) {
  x ^= x >> 31;
  x *= 0x9E3779B97F4A7C15ull;
  x ^= x >> 29;
  x *= 0xBF58476D1CE4E5B9ull;
  return x ^ x >> 32;
}

int main(int count, char **given) {
  if (count < 5) return 2;
  uint64_t states = strtoull(given[2], 0, 10), operations = strtoull(given[3], 0, 10);
  uint64_t size = 1ull << atoi(given[1]), mask = size - 1;
  uint64_t known = 0, inserted = 0, random = 1, keys[256], places[256];
  double due = 0, step = (double)states / operations;
  int prefetch = atoi(given[4]);
  uint64_t *table =
      mmap(0, size * 8, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  struct timespec from, to;
  clock_gettime(CLOCK_MONOTONIC, &from);
  for (uint64_t done = 0; done < operations;) {
    int batch = 0;
    for (; batch < 256 && done < operations; batch++, done++) {
      random ^= random << 13;
      random ^= random >> 7;
      random ^= random << 17;
      uint64_t state = known ? (uint64_t)(((unsigned __int128)random * known) >> 64) : 0;
      due += step;
      if (known < states && (due >= 1 || done + (states - known) >= operations)) {
        due -= 1;
        state = known++;
      }
      keys[batch] = state + 1;
      places[batch] = mix(state + 1) & mask;
      if (prefetch) __builtin_prefetch(table + places[batch], 1);
    }
    for (int i = 0; i < batch; i++) {
      uint64_t place = places[i];
      while (table[place] && table[place] != keys[i]) place = (place + 1) & mask;
      if (table[place]) continue;
      table[place] = keys[i];
      inserted++;
    }
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  printf("states=%lu transitions=%lu depth=0 seconds=%.4f\n", inserted, operations,
         (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9);
}
