/**
 * The part of `mte-oracle deep` that asks of the states themselves whether the reductions are what
 * they are taken for: so many of each slice of each design.
 */
import type { Design, Machine } from "../model/index.ts";
import { isReducible, orderIn, slicesOf, symmetryIn } from "../properties/index.ts";

/** A relation that is not what it is taken for, and where. */
type Fault = {
  readonly design: string;
  readonly slice: string;
  readonly relation: "symmetry" | "symmetry of actors too" | "order";
  readonly fault: string;
};

export type Examination = {
  readonly slices: number;
  readonly states: number;
  readonly faults: readonly Fault[];
};

/** @param mostStates of each slice, for each relation */
export const examineDesigns = (
  machine: Machine,
  designs: readonly Design[],
  mostStates: number,
): Examination => {
  const faults: Fault[] = [];
  let slices = 0;
  let states = 0;
  for (const design of designs.filter(isReducible))
    for (const slice of slicesOf(machine, design)) {
      slices++;
      const asked = [
        ["symmetry", symmetryIn(slice, design, mostStates)],
        ["symmetry of actors too", symmetryIn(slice, design, mostStates, { wholeRuns: false })],
        ["order", orderIn(slice, design, mostStates)],
      ] as const;
      for (const [relation, examined] of asked) {
        states += examined.states;
        const { fault } = examined;
        if (fault !== null)
          faults.push({ design: design.name, slice: slice.name, relation, fault });
      }
    }
  return { slices, states, faults };
};

export const examinationLines = ({ slices, states, faults }: Examination): readonly string[] =>
  faults.length === 0
    ? [`in ${slices} slices, ${states} states asked: as they are taken for`]
    : faults.map(
        ({ design, slice, relation, fault }) =>
          `NOT SOUND  ${design}, ${slice}, ${relation}: ${fault}`,
      );
