/**
 * Hunting a planted bug with the checker: the implementation is explored in the slices of a design,
 * in larger and larger parts, until a row breaks that the design itself keeps. Breadth-first, so the
 * run that is found is a shortest one of its slice.
 */
import type { Bug } from "../../impl/index.ts";
import { type Design, designNamed, type Machine, type Scope } from "../../model/index.ts";
import type { ExpectedMachine } from "../expected.ts";
import { exploreSlice, type Finding, type SliceReport } from "../explore.ts";
import { keptRows } from "../kept.ts";
import { type Length, lengthOf } from "../length.ts";
import { slicesOf } from "../slices.ts";
import { machineryWith } from "./planted.ts";

/** Where bugs are hunted: a name, and the scope. */
type Ground = { readonly slice: string; readonly scope: Scope };

/** What is known before a hunt: the machines that scopes are cut from, and what designs keep. */
export type Known = { readonly machines: readonly Machine[]; readonly expected: ExpectedMachine };

const plainGrounds = (machine: Machine, design: Design): readonly Ground[] =>
  slicesOf(machine, design).map(({ name, scope }) => ({ slice: name, scope }));

/** Every slice of a design on the first machine. */
const firstGrounds = ({ machines }: Known, design: Design): readonly Ground[] =>
  machines.slice(0, 1).flatMap((machine) => plainGrounds(machine, design));

/**
 * The same with two granules a page, then the slices of the other machines, whose blocks and regions
 * differ.
 */
const otherGrounds = (known: Known, design: Design): readonly Ground[] => [
  ...firstGrounds(known, design).map(({ slice, scope }) => ({
    slice,
    scope: { ...scope, geometry: { ...scope.geometry, granulesPerPage: 2 } },
  })),
  ...known.machines.slice(1).flatMap((machine) => plainGrounds(machine, design)),
];

export type Kill = Length & {
  readonly design: string;
  readonly report: SliceReport;
  readonly finding: Finding & { readonly result: { readonly kind: "broken" } };
};

const isShorter = (a: Length, b: Length): boolean =>
  a.operations === b.operations ? a.actions < b.actions : a.operations < b.operations;

const huntIn = (
  bug: Bug,
  design: Design,
  { slice, scope }: Ground,
  only: readonly string[],
  bounds: { readonly maxStates: number; readonly maxDepth?: number },
): Kill | null => {
  const explored = exploreSlice(design, slice, scope, {
    bounds,
    only,
    stopAtFirst: true,
    machinery: machineryWith([bug], design, scope),
  });
  for (const finding of explored.findings) {
    const { result } = finding;
    if (result.kind !== "broken") continue;
    const found = { ...finding, result };
    const report = { ...explored, findings: [found] };
    return { design: design.name, report, finding: found, ...lengthOf(result.witness.moves) };
  }
  return null;
};

/** The kill with the fewest operations within so many states of each ground. */
const shortestIn = (
  bug: Bug,
  design: Design,
  grounds: readonly Ground[],
  only: readonly string[],
  maxStates: number,
): Kill | null => {
  let best: Kill | null = null;
  for (const ground of grounds) {
    /** One operation is the least there is, and a longer run has seldom fewer of them. */
    if (best?.operations === 1) break;
    const bounds = { maxStates, ...(best && { maxDepth: best.actions }) };
    const kill = huntIn(bug, design, ground, only, bounds);
    if (kill && (best === null || isShorter(kill, best))) best = kill;
  }
  return best;
};

/**
 * The kill of a bug in one design that has the fewest operations, or null if nothing flags it. Few
 * states of each ground are looked at first, then more: a short story is found soon. The search ends
 * with a kill that is no longer than the story of the bug's source.
 */
export const hunt = (bug: Bug, design: Design, known: Known): Kill | null => {
  const only = keptRows(design.name, known.expected);
  const first = firstGrounds(known, design);
  const others = otherGrounds(known, design);
  const stages = [
    [first, 1_000],
    [others, 1_000],
    [first, 10_000],
    [others, 10_000],
    [[...first, ...others], 300_000],
  ] as const;
  let best: Kill | null = null;
  for (const [grounds, maxStates] of stages) {
    if (best !== null && maxStates > 10_000) break;
    const kill = shortestIn(bug, design, grounds, only, maxStates);
    if (kill && (best === null || isShorter(kill, best))) best = kill;
    if (best && best.operations <= bug.story.length) break;
  }
  return best;
};

/** The first slice in which somebody flags a bug within so many states, or null. */
export const flagIn = (bug: Bug, design: Design, known: Known, maxStates: number): Kill | null => {
  const only = keptRows(design.name, known.expected);
  for (const ground of firstGrounds(known, design)) {
    const kill = huntIn(bug, design, ground, only, { maxStates });
    if (kill) return kill;
  }
  return null;
};

/** The shortest kill in the first slices alone: for one design more of a bug that is killed already. */
export const killIn = (bug: Bug, design: Design, known: Known): Kill | null => {
  const only = keptRows(design.name, known.expected);
  const first = firstGrounds(known, design);
  return (
    shortestIn(bug, design, first, only, 1_000) ?? shortestIn(bug, design, first, only, 100_000)
  );
};

export const designsOf = (bug: Bug): readonly Design[] =>
  bug.designs.flatMap((name) => designNamed(name) ?? []);
