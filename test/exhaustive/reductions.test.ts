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
import { examineOrder, examineSymmetry } from "../../checker/index.ts";
import { type Design, designNamed, designs, Machinery, type Move } from "../../model/index.ts";
import { compareWithExpected, expectedKey, parseExpected } from "../../properties/expected.ts";
import { exploreSlice } from "../../properties/explore.ts";
import {
  Canonical,
  type Commuting,
  commuting,
  interchangeable,
  isReducible,
  pendingIn,
  type Reductions,
  reductions,
} from "../../properties/reduction/index.ts";
import { rows } from "../../properties/rows/index.ts";
import { sized } from "../../properties/sizes.ts";
import { type Slice, slicesOf } from "../../properties/slices.ts";
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

/** What the rows look at in one slice. */
const asked = (machinery: Machinery, slice: string) => {
  const wanted = rows.filter(
    (row) => (row.slices?.includes(slice) ?? true) && !row.appliesNot?.(machinery),
  );
  return {
    properties: wanted.flatMap((row) => row.build(machinery, slice)),
    keepsPlaces: wanted.some(({ namesPlaces }) => namesPlaces),
  };
};

const threadOf = (move: Move): number => (move.kind === "act" ? move.actor : -1);

const symmetryIn = (
  { name, scope }: Slice,
  design: Design,
  mostStates: number,
  alike = interchangeable,
) => {
  const machinery = new Machinery(design, scope);
  const { properties, keepsPlaces } = asked(machinery, name);
  const form = new Canonical(machinery, alike(machinery, keepsPlaces));
  const symmetry = { canonical: form.of.bind(form), keepsFairness: true };
  return examineSymmetry(machinery, properties, symmetry, mostStates);
};

const orderIn = ({ name, scope }: Slice, design: Design, mostStates: number, by?: Commuting) => {
  const machinery = new Machinery(design, scope);
  const { properties } = asked(machinery, name);
  const order = { pending: pendingIn(machinery, by), threadOf };
  return examineOrder(machinery, properties, order, mostStates);
};

/** One reduction alone is looked at in one design each. */
const ways: readonly (readonly [Reductions, readonly Design[]])[] = [
  [["symmetry"], [designCalled("cma-hw-kasan")]],
  [["order"], [designCalled("cleancache-page")]],
  [reductions, designs.filter(isReducible)],
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

describe("what is wrong about a design is found", () => {
  const kasan = designCalled("cma-hw-kasan");
  const sliceOf = (name: string): Slice => {
    const slice = slicesOf(phone(), kasan).find((each) => each.name === name);
    if (!slice) throw new Error(`no slice ${name}`);
    return slice;
  };

  test("a wrong symmetry: frames of two storage pages taken for alike", () => {
    const wrong = (machinery: Machinery, keepsPlaces: boolean) => ({
      ...interchangeable(machinery, keepsPlaces),
      frames: [[0, 1]],
    });
    expect(symmetryIn(sliceOf("fork"), kasan, 300, wrong).fault).not.toBeNull();
  });

  test("a wrong symmetry: tag 0 taken for a tag like any other", () => {
    const wrong = (machinery: Machinery, keepsPlaces: boolean) => ({
      ...interchangeable(machinery, keepsPlaces),
      tags: [
        [0, 1],
        [1, 0],
      ],
    });
    expect(symmetryIn(sliceOf("moves"), kasan, 300, wrong).fault).not.toBeNull();
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
