/**
 * What the reductions of the designs stand on. Every smaller scope of every design is explored again
 * with both: the verdicts are those of the whole search, the counts are golden. The two relations
 * behind them, what is interchangeable and what commutes, are asked of the states themselves, in all
 * slices of the designs that differ most. `npm run check:deep` does the same with the usual scopes,
 * and with each reduction alone.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { examineDesigns } from "../../cli/deep-examined.ts";
import { packedDesigns } from "../../impl/index.ts";
import {
  type ActorSpec,
  type Design,
  designNamed,
  designs,
  ExtraField,
  Machinery,
  makeGeometry,
  type Offer,
} from "../../model/index.ts";
import { compareWithExpected, expectedKey, parseExpected } from "../../properties/expected.ts";
import { exploreSlice } from "../../properties/explore.ts";
import {
  commuting,
  type Interchangeable,
  interchangeable,
  isReducible,
  type Kept,
  orderIn,
  type Reductions,
  type Roles,
  reductions,
  symmetryIn,
} from "../../properties/reduction/index.ts";
import { sized } from "../../properties/sizes.ts";
import { nothingElse, type Slice, slicesOf } from "../../properties/slices.ts";
import { columnOf } from "../../properties/table.ts";
import { phone } from "../machines.ts";

const golden = parseExpected(
  readFileSync(path.join(import.meta.dirname, "../../properties/expected.json"), "utf8"),
);
const expected = golden.machines[expectedKey("phone-16g", 4096, "smaller")] ?? {};

const designCalled = (name: string): Design => {
  const design = designNamed(name);
  if (!design) throw new Error(`no design ${name}`);
  return design;
};

const process = (
  name: string,
  cpu: number,
  owner: number,
  ...may: readonly Offer[]
): ActorSpec => ({
  ...{ name, kind: "task", cpu, owner, everyones: false, may },
});

/** Two processes that may do the same. */
const twins = (...may: readonly Offer[]): Slice => ({
  name: "bytes",
  sentence: "two processes of a kind",
  scope: {
    geometry: makeGeometry({ granulesPerPage: 1, pagesPerStoragePage: 2, blockPages: 1 }, [1]),
    ...nothingElse,
    actors: [process("one", 0, 0, ...may), process("other", 1, 1, ...may)],
  },
});

const symmetric = { strategy: { kind: "breadth-first", reduce: ["symmetry"] } } as const;

describe("what no slice has", () => {
  test("two actors that may do the same, or two files", () => {
    for (const design of designs)
      for (const { scope } of slicesOf(phone(), design)) {
        const { roles } = interchangeable(new Machinery(design, scope), {
          places: false,
          actors: false,
        });
        expect(roles.every(({ actors }) => actors.every((old, name) => old === name))).toBe(true);
        expect(scope.files).toBeLessThan(2);
      }
  });

  test("actors with their owners are exchanged where they may do the same", () => {
    const slice = twins("allocate-tagged", "free", "write-tag");
    const design = designCalled("cleancache-page");
    expect(symmetryIn(slice, design, 400, { wholeRuns: false }).fault).toBeNull();
    const only = ["tags-belong-to-their-page", "fresh-tags-read-zero", "nothing-is-left-behind"];
    const explored = (options: Parameters<typeof exploreSlice>[3]) =>
      exploreSlice(design, slice.name, slice.scope, { only, ...options });
    const [whole, reduced] = [explored({}), explored(symmetric)];
    expect(reduced.findings.map(({ result }) => result.kind)).toEqual(
      whole.findings.map(({ result }) => result.kind),
    );
    expect([whole.states, reduced.states]).toEqual([749, 96]);
  });

  test("files are exchanged where nobody unmounts them", () => {
    const { scope } = twins("read-file", "write-file", "evict", "unlink", "create");
    const [reader] = scope.actors;
    if (!reader) throw new Error("twins are two");
    const slice = {
      name: "cache",
      scope: { ...scope, files: 2, pagesPerFile: 1, actors: [reader] },
    };
    const design = designCalled("cleancache-page");
    expect(symmetryIn(slice, design, 400).fault).toBeNull();
    const only = ["reads-do-not-tell-the-cache", "a-hit-is-the-newest-or-a-miss"];
    const explored = (options: Parameters<typeof exploreSlice>[3]) =>
      exploreSlice(design, slice.name, slice.scope, { only, ...options });
    const [whole, reduced] = [explored({}), explored(symmetric)];
    expect(reduced.findings.map(({ result }) => result.kind)).toEqual(
      whole.findings.map(({ result }) => result.kind),
    );
    expect([whole.states, reduced.states]).toEqual([308, 156]);
  });

  test("a design that does not say what a field is about is explored whole", () => {
    const shape = { length: () => 1, least: 0, most: 1, initially: 0 } as const;
    const unsaid = { ...designCalled("carveout"), extra: [new ExtraField("unsaid", shape)] };
    expect(isReducible(unsaid)).toBe(false);
  });
});

/** One reduction alone is looked at in one design each. */
const ways: readonly (readonly [Reductions, readonly Design[]])[] = [
  [["symmetry"], [designCalled("cma-hw-kasan")]],
  [["order"], [designCalled("cleancache-page")]],
  [reductions, [...packedDesigns, ...["zswap-write-through", "volatile-queue"].map(designCalled)]],
];

describe.each(ways.map(([reduce, of]) => [reduce.join(" and "), reduce, of] as const))(
  "reduced by %s",
  (_name, reduce, of) => {
    test.each(of.map((design) => [design.name, design] as const))(
      "%s has the verdicts of the whole search, and golden counts",
      (_design, design) => {
        const reports = slicesOf(phone(), design).map((slice) => {
          const { name, scope } = sized(slice, "smaller");
          return exploreSlice(design, name, scope, { strategy: { kind: "breadth-first", reduce } });
        });
        expect(compareWithExpected([columnOf(design, reports)], expected)).toEqual([]);
        for (const { slice } of reports)
          expect(Object.keys(expected[design.name]?.slices[slice]?.reduced ?? {})).toContain(
            reduce.join("+"),
          );
      },
    );
  },
);

describe.each(["cma-hw-kasan", "cleancache-folio"])("the states of %s", (name) => {
  const design = designCalled(name);
  test.each(slicesOf(phone(), design).map((slice) => [slice.name, slice] as const))(
    "%s: representatives behave like what they stand for, and urgent actions commute",
    (_slice, slice) => {
      expect(symmetryIn(slice, design, 60).fault).toBeNull();
      expect(orderIn(slice, design, 60).fault).toBeNull();
    },
  );
});

/** As if these could be exchanged, too. */
const exchanging =
  (wrong: Partial<Roles>) =>
  (machinery: Machinery, kept: Kept): Interchangeable => {
    const alike = interchangeable(machinery, kept);
    const [plain] = alike.roles;
    return { ...alike, roles: [plain, { ...plain, ...wrong }] };
  };

test("free frames are told apart by the tags that their last owners left", () => {
  const metadata = designCalled("metadata");
  const moves = slicesOf(phone(), metadata).find(({ name }) => name === "moves");
  expect(moves && symmetryIn(moves, metadata, 380).fault).toBeNull();
});

describe("what is wrong about a design is found", () => {
  const kasan = designCalled("cma-hw-kasan");
  const sliceOf = (name: string, design = kasan): Slice => {
    const slice = slicesOf(phone(), design).find((each) => each.name === name);
    if (!slice) throw new Error(`no slice ${name}`);
    return slice;
  };

  test("a wrong symmetry: frames of two storage pages taken for alike", () => {
    const wrong = (machinery: Machinery, kept: Kept) => ({
      ...interchangeable(machinery, kept),
      frames: [[0, 1]],
    });
    expect(symmetryIn(sliceOf("fork"), kasan, 300, { alike: wrong }).fault).not.toBeNull();
  });

  test("a wrong symmetry: tag 0 taken for a tag like any other", () => {
    const alike = exchanging({ tags: [1, 0] });
    expect(symmetryIn(sliceOf("moves"), kasan, 300, { alike }).fault).not.toBeNull();
  });

  test("a wrong symmetry: a process and one that does something else taken for alike", () => {
    const alike = exchanging({ actors: [1, 0] });
    const asked = { alike, wholeRuns: false };
    expect(() => symmetryIn(sliceOf("fork"), kasan, 300, asked)).toThrow("cannot ask that");
  });

  test("a wrong symmetry: an owner whose pages are pinned taken for one like others", () => {
    const { scope } = twins("allocate-untagged", "free");
    const pinned = { name: "pins", scope: { ...scope, pins: 1 } };
    const asked = { alike: exchanging({ actors: [1, 0] }), wholeRuns: false };
    expect(symmetryIn(pinned, kasan, 300, asked).fault).not.toBeNull();
  });

  test("a wrong symmetry: pages of a file that an unlink goes through in turn", () => {
    const design = designCalled("cleancache-page");
    const alike = exchanging({ keys: [1, 0] });
    expect(symmetryIn(sliceOf("identity", design), design, 2000, { alike }).fault).not.toBeNull();
  });

  test("a wrong symmetry: a field of which a design says that it is about nothing", () => {
    const zswap = designCalled("zswap");
    const extra = (zswap.extra ?? []).map(
      ({ name, shape }) => new ExtraField(name, { ...shape, about: { by: [] } }),
    );
    const wrong = { ...zswap, extra };
    expect(symmetryIn(sliceOf("swap", wrong), wrong, 100).fault).not.toBeNull();
    const { faults } = examineDesigns(phone(), [wrong], 30);
    expect(faults.map(({ slice, relation }) => `${slice}: ${relation}`)).toContain(
      "swap: symmetry",
    );
  });

  test("a wrong independence pair: two that look whether tags are being initialised", () => {
    const wrong = { ...commuting, "enable-tags": ["lock-tags"] } as const;
    expect(orderIn(sliceOf("threads"), kasan, 4000, wrong).fault).toMatch(/commute|others can do/);
  });

  test("a wrong independence pair: a page that is published while another is asked for", () => {
    const wrong = { ...commuting, allocate: ["publish-page"] } as const;
    expect(orderIn(sliceOf("tags"), kasan, 300, wrong).fault).not.toBeNull();
  });
});
