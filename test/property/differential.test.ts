/** Nobody who reads can tell whether clean pages are cached. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bugNamed, kindOf, type Patch } from "../../impl/index.ts";
import { type Design, designNamed, type Mark } from "../../model/index.ts";
import {
  aloneIn,
  Differential,
  type Differing,
  sidesOf,
  type Wish,
} from "../../properties/lockstep/differential.ts";
import { fixedSeed, themeNamed } from "../../properties/lockstep/index.ts";

const runs = 400;
const length = 150;

const known = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`there is no design ${name}`);
  return design;
};

/** How often each kind is wished for: files that are read, evicted and read again come first. */
const weights: readonly (readonly [keyof typeof kindOf, number])[] = [
  ["read-file", 24],
  ["evict", 20],
  ["write-file", 6],
  ["write-back", 8],
  ["truncate", 3],
  ["direct-write", 3],
  ["unlink", 1],
  ["create", 4],
  ["unmount", 1],
  ["mount", 8],
  ["drop", 1],
  ["allocate", 8],
  ["free", 8],
  ["enable-tags", 2],
  ["write-tag", 3],
  ["read-tag", 4],
  ["write-bytes", 3],
  ["read-bytes", 4],
  ["copy", 1],
  ["swap-out", 3],
  ["swap-in", 3],
  ["share-slot", 1],
  ["free-slot", 1],
  ["migrate", 1],
];

const wish: fc.Arbitrary<Wish> = fc.record({
  kind: fc.oneof(
    ...weights.map(([name, weight]) => ({ weight, arbitrary: fc.constant(kindOf[name]) })),
  ),
  pick: fc.nat(0xfffff),
});

const placesOf = (cache: Design, planted?: Patch): readonly Differential[] => {
  const theme = themeNamed("everything");
  if (!theme) throw new Error("there is no suite everything");
  const none = known("carveout");
  return theme.scopes(cache).map((scope) => {
    const alone = aloneIn(scope);
    return new Differential(sidesOf(cache, none, alone, planted), cache, alone);
  });
};

const firstDifference = (place: Differential, wishes: readonly Wish[]): Differing | null => {
  place.reset();
  for (const each of wishes) {
    const differing = place.do(each);
    if (differing) return differing;
  }
  return null;
};

const check = (places: readonly Differential[]) =>
  fc.check(
    fc.property(
      fc.constantFrom(...places),
      fc.array(wish, { minLength: length / 2, maxLength: length, size: "max" }),
      (place, wishes) => firstDifference(place, wishes) === null,
    ),
    { seed: fixedSeed, numRuns: runs },
  );

describe.each(["cleancache-page", "cleancache-folio"])("%s", (name) => {
  test("tells its callers what it tells them without copies, and without a cache", () => {
    const places = placesOf(known(name));
    const { counterexample } = check(places);
    const found = counterexample && firstDifference(...counterexample);
    expect(found).toBeNull();
    const total = (side: number, mark: Mark): number =>
      places.reduce((sum, { marks }) => sum + (marks[side]?.get(mark) ?? 0), 0);
    const [off, refusing, on] = [0, 1, 2];
    const sum = (of: "operations" | "reads"): number =>
      places.reduce((all, place) => all + place[of], 0);
    console.log(
      `${name}: ${sum("operations")} operations, ${sum("reads")} reads;` +
        ` hits ${total(on, "hit")}, misses ${total(on, "miss")},` +
        ` dropped by claims ${total(on, "claim-drops-a-copy")}`,
    );
    expect(total(on, "hit")).toBeGreaterThan(500);
    expect(total(on, "miss")).toBeGreaterThan(500);
    expect(total(on, "put-stored")).toBeGreaterThan(500);
    expect(total(on, "claim-drops-a-copy")).toBeGreaterThan(100);
    expect(total(on, "tags-are-restored")).toBeGreaterThan(100);
    for (const side of [off, refusing]) {
      expect(total(side, "hit")).toBe(0);
      expect(total(side, "put-stored")).toBe(0);
    }
    expect(total(refusing, "put-dropped")).toBeGreaterThan(500);
  });

  test("does not, if an old copy can hit", () => {
    const patch = bugNamed("truncate-keeps-the-key")?.patch;
    if (!patch) throw new Error("the planted bug is gone");
    expect(check(placesOf(known(name), patch)).failed).toBe(true);
  });
});
