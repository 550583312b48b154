/** One design in one slice: every row that applies is judged in a single exploration. */
import { type Bounds, type Cut, explore, type Progress, type Witness } from "../checker/index.ts";
import { type Design, Machinery, type Mark, type Move, type Scope } from "../model/index.ts";
import { reductionFor } from "./reduction/index.ts";
import type { DesignProperty, Row } from "./row.ts";
import { rows } from "./rows/index.ts";
import { reductionsOf, type Strategy, walksOf } from "./strategy.ts";

/** What one property came to in one scope. Plain data: it crosses from a worker. */
export type Finding = {
  readonly row: string;
  readonly property: string;
  readonly result:
    | { readonly kind: "holds" }
    | { readonly kind: "premise-unreachable" }
    | { readonly kind: "inconclusive"; readonly cut: Cut }
    | { readonly kind: "never"; readonly witness: Witness<Move> }
    | { readonly kind: "broken"; readonly reason: string; readonly witness: Witness<Move> };
};

export type SliceReport = {
  readonly design: string;
  readonly slice: string;
  readonly scope: Scope;
  readonly strategy: Strategy;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  readonly cut: Cut | null;
  readonly findings: readonly Finding[];
  readonly marks: readonly Mark[];
};

const appliesTo = (row: Row, machinery: Machinery, slice: string): boolean =>
  (row.slices?.includes(slice) ?? true) && !row.appliesNot?.(machinery);

const markProperty = (mark: Mark): DesignProperty => ({
  kind: "reach",
  id: `mark ${mark}`,
  mark: ({ events }) => events.some((event) => event.kind === "marked" && event.mark === mark),
});

export const exploreSlice = (
  design: Design,
  slice: string,
  scope: Scope,
  options: {
    readonly bounds?: Bounds;
    /** Breadth-first where it is left out. */
    readonly strategy?: Strategy;
    readonly onProgress?: (progress: Progress) => void;
    /** Only these rows; all of them where it is left out. */
    readonly only?: readonly string[];
    /** Stop at the first violation: for whoever only wants to know whether there is one. */
    readonly stopAtFirst?: boolean;
    /** What runs the design: its own scripts, unless something else is put in their place. */
    readonly machinery?: Machinery;
  } = {},
): SliceReport => {
  const { machinery = new Machinery(design, scope), strategy = { kind: "breadth-first" } } =
    options;
  const wanted = rows.filter(
    (row) => appliesTo(row, machinery, slice) && (options.only?.includes(row.id) ?? true),
  );
  const rowOf = new Map<string, string>();
  const properties = wanted.flatMap((row) =>
    row.build(machinery, slice).map((property) => {
      rowOf.set(property.id, row.id);
      return property;
    }),
  );
  const { bounds, onProgress, stopAtFirst = false } = options;
  const walks = walksOf(strategy);
  const keepsPlaces = wanted.some(({ namesPlaces }) => namesPlaces);
  const reduction = reductionFor(machinery, reductionsOf(strategy), properties, keepsPlaces);
  const { states, transitions, depth, cut, verdicts } = explore(
    machinery,
    [...properties, ...design.marks.map(markProperty)],
    {
      stopAtFirst,
      ...(walks && { walks }),
      ...(reduction && { reduction }),
      ...(bounds && { bounds }),
      ...(onProgress && { onProgress }),
    },
  );
  const findings = properties.flatMap(({ id }): Finding[] => {
    const verdict = verdicts.get(id);
    const row = rowOf.get(id);
    return verdict && row && verdict.kind !== "reached"
      ? [{ row, property: id, result: verdict }]
      : [];
  });
  const marks = design.marks.filter((mark) => verdicts.get(`mark ${mark}`)?.kind === "reached");
  const found = { states, transitions, depth, cut, findings, marks };
  return { design: design.name, slice, scope, strategy, ...found };
};
