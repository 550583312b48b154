/**
 * What makes one counterexample smaller than another: first the length of the run, then who and what
 * has to be there for it, then the values in it. Every pass accepts what ranks lower and nothing
 * else, so that minimizing ends, and ends alike whenever it begins alike.
 */
import { type Scope, totalPages, totalStoragePages } from "../../model/index.ts";
import type { Length } from "../../properties/length.ts";

export type { Length };

import type { Counterexample, CounterexampleStep } from "../format.ts";

type Sized = Pick<Counterexample, "scope" | "steps">;

/** Of steps as a file has them. */
export const lengthOfSteps = (
  steps: readonly ({ readonly actor: string; readonly starts?: unknown } | object)[],
): Length => {
  let operations = 0;
  let switches = 0;
  let last: string | null = null;
  for (const step of steps) {
    if (!("actor" in step)) continue;
    if ("starts" in step && step.starts !== undefined) operations++;
    if (last !== null && last !== step.actor) switches++;
    last = step.actor;
  }
  return { operations, switches, actions: steps.length };
};

/** Below zero: the first is shorter. Operations count first, then switches, then actions. */
export const compareLengths = (a: Length, b: Length): number =>
  a.operations - b.operations || a.switches - b.switches || a.actions - b.actions;

/** A number that grows with everything that there is in a scope. */
const sizeOfScope = (scope: Scope): number => {
  const { geometry, actors } = scope;
  const offers = actors.reduce((sum, { may }) => sum + may.length, 0);
  return (
    totalPages(geometry) +
    totalStoragePages(geometry) +
    geometry.granulesPerPage +
    geometry.regions.length +
    geometry.blockPages +
    scope.otherCmaPages +
    scope.tagValues +
    scope.byteValues +
    scope.slots +
    scope.files +
    scope.pagesPerFile +
    scope.folioOrder +
    scope.pins +
    offers +
    Number(scope.dirtyLines) +
    Number(scope.mayFail)
  );
};

/** Fields of operations whose number may as well be smaller: tags, bytes, pages, slots. */
export const simplifiedFields = [
  "tag",
  "bytes",
  "granule",
  "index",
  "file",
  "handle",
  "from",
  "slot",
] as const;

const sumOfArguments = (steps: readonly CounterexampleStep[]): number => {
  let sum = 0;
  for (const step of steps) {
    if (!("actor" in step) || step.starts === undefined) continue;
    const fields = new Map<string, unknown>(Object.entries(step.starts));
    for (const name of simplifiedFields) {
      const value = fields.get(name);
      if (typeof value === "number") sum += value;
    }
  }
  return sum;
};

const sumOfChoices = (steps: readonly CounterexampleStep[]): number =>
  steps.reduce((sum, step) => sum + ("actor" in step ? Math.max(0, step.choice) : 0), 0);

type Rank = readonly number[];

const rankOf = ({ scope, steps }: Sized): Rank => {
  const { operations, switches, actions } = lengthOfSteps(steps);
  return [
    operations,
    switches,
    actions,
    scope.actors.length,
    sizeOfScope(scope),
    sumOfArguments(steps),
    sumOfChoices(steps),
  ];
};

/** Does the first rank lower, that is, is it the smaller counterexample? */
export const isSmaller = (a: Sized, b: Sized): boolean => {
  const [first, second] = [rankOf(a), rankOf(b)];
  for (const [index, value] of first.entries()) {
    const difference = value - (second[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
};
