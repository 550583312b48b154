/**
 * Hunting a planted bug with the checker: the implementation is explored in the slices of a design,
 * in larger and larger parts, until a row breaks that the design itself keeps. Breadth-first, so the
 * run that is found is a shortest one of its slice.
 */
import { type Bug, PackedMachinery } from "../../impl/index.ts";
import {
  type Design,
  designNamed,
  type Machine,
  type Move,
  type Scope,
} from "../../model/index.ts";
import { type ExpectedMachine, isBad } from "../expected.ts";
import { exploreSlice, type Finding, type SliceReport } from "../explore.ts";
import { rows } from "../rows/index.ts";
import { slicesOf } from "../slices.ts";

/** Where bugs are hunted: a name, and the scope. */
export type Ground = { readonly slice: string; readonly scope: Scope };

/**
 * Every slice of a design on the first machine, then the same with two granules a page, then those
 * of the other machines (whose blocks and regions differ).
 */
export const groundsOf = (machines: readonly Machine[], design: Design): readonly Ground[] =>
  machines.flatMap((machine, position) => {
    const slices = slicesOf(machine, design);
    const plain = slices.map(({ name, scope }) => ({ slice: name, scope }));
    const fine = slices.map(({ name, scope }) => ({
      slice: name,
      scope: { ...scope, geometry: { ...scope.geometry, granulesPerPage: 2 } },
    }));
    return position === 0 ? [...plain, ...fine] : plain;
  });

export type Kill = {
  readonly design: string;
  readonly report: SliceReport;
  readonly finding: Finding & { readonly result: { readonly kind: "broken" } };
  /** The length of the run: operations started, changes of the actor, actions. */
  readonly operations: number;
  readonly switches: number;
  readonly actions: number;
};

export const lengthOf = (
  moves: readonly Move[],
): Pick<Kill, "operations" | "switches" | "actions"> => {
  const acts = moves.filter((move) => move.kind === "act");
  return {
    operations: acts.filter(({ starts }) => starts !== null).length,
    switches: acts.filter((move, index) => index > 0 && move.actor !== acts[index - 1]?.actor)
      .length,
    actions: moves.length,
  };
};

/** The design as the bug declares it. */
export const bugged = (bug: Bug, design: Design): Design => bug.design?.(design) ?? design;

export const machineryWith = (bug: Bug | null, design: Design, scope: Scope): PackedMachinery =>
  bug === null
    ? new PackedMachinery(design, scope)
    : new PackedMachinery(bugged(bug, design), scope, bug.patch ? { patch: bug.patch } : {});

/** Looks at so many states of each ground, then at more: a short story is found soon. */
const rounds = [1_000, 10_000, 100_000] as const;

const huntIn = (
  bug: Bug,
  design: Design,
  { slice, scope }: Ground,
  only: readonly string[],
  maxStates: number,
): Kill | null => {
  const report = exploreSlice(design, slice, scope, {
    bounds: { maxStates },
    only,
    stopAtFirst: true,
    machinery: machineryWith(bug, design, scope),
  });
  for (const finding of report.findings) {
    const { result } = finding;
    if (result.kind !== "broken") continue;
    const length = lengthOf(result.witness.moves);
    return { design: design.name, report, finding: { ...finding, result }, ...length };
  }
  return null;
};

/** Rows that the design keeps: what breaks now is the bug's doing. */
const rowsKept = (design: Design, expected: ExpectedMachine): readonly string[] => {
  const cells = expected[design.name]?.rows ?? {};
  return rows
    .filter(({ id, kind }) => {
      const cell = cells[id];
      return (kind === "always" || kind === "step") && cell !== undefined && !isBad(cell);
    })
    .map(({ id }) => id);
};

/** The first kill of a bug in one design, or null if nothing flags it within the rounds. */
export const hunt = (
  bug: Bug,
  design: Design,
  machines: readonly Machine[],
  expected: ExpectedMachine,
): Kill | null => {
  const only = rowsKept(design, expected);
  const grounds = groundsOf(machines, design);
  for (const maxStates of rounds) {
    for (const ground of grounds) {
      const kill = huntIn(bug, design, ground, only, maxStates);
      if (kill) return kill;
    }
  }
  return null;
};

export const designsOf = (bug: Bug): readonly Design[] =>
  bug.designs.flatMap((name) => designNamed(name) ?? []);
