/**
 * Leaving things out: actors, operations, moves of the environment, single actions. Large parts are
 * tried first, then smaller ones, down to each by itself (delta debugging, Zeller 1999).
 */
import type { Counterexample } from "../format.ts";
import type { Draft } from "./trials.ts";

/** What can be left out of a trace: an actor's step, which may start something, or another's. */
export type Leavable = { readonly actor: string; readonly starts?: unknown } | object;

type Steps<Step> = { readonly steps: readonly Step[] };

/** A part of a run that is left out as a whole: the numbers of its steps. */
export type Unit = readonly number[];

/** What can be left out, coarsest first. */
export const unitKinds = ["actors", "operations", "environment", "actions"] as const;
export type UnitKind = (typeof unitKinds)[number];

const grouped = <Step>(
  steps: readonly Step[],
  nameOf: (step: Step, index: number) => string | null,
): readonly Unit[] => {
  const groups = new Map<string, number[]>();
  for (const [index, step] of steps.entries()) {
    const name = nameOf(step, index);
    if (name === null) continue;
    const group = groups.get(name);
    if (group) group.push(index);
    else groups.set(name, [index]);
  }
  return [...groups.values()];
};

const byOperation = (steps: readonly Leavable[]): readonly Unit[] => {
  const counts = new Map<string, number>();
  return grouped(steps, (step) => {
    if (!("actor" in step)) return null;
    const { actor } = step;
    if ("starts" in step && step.starts !== undefined)
      counts.set(actor, (counts.get(actor) ?? 0) + 1);
    return `${actor} ${counts.get(actor) ?? 0}`;
  });
};

/** The units of one kind, in the order of their first steps. */
export const unitsOf = (steps: readonly Leavable[], kind: UnitKind): readonly Unit[] => {
  switch (kind) {
    case "actors":
      return grouped(steps, (step) => ("actor" in step ? step.actor : null));
    case "operations":
      return byOperation(steps);
    case "environment":
      return grouped(steps, (step, index) => ("actor" in step ? null : String(index)));
    case "actions":
      return steps.map((_, index) => [index]);
  }
};

/** The run without some of its steps; what belongs to its loop still does. */
export const without = (
  { scope, steps, loopFrom }: Pick<Counterexample, "scope" | "steps" | "loopFrom">,
  left: ReadonlySet<number>,
): Draft => {
  const kept = steps.filter((_, index) => !left.has(index));
  if (loopFrom === undefined) return { scope, steps: kept };
  const stem = steps.filter((_, index) => index < loopFrom && !left.has(index));
  return { scope, steps: kept, loopFrom: stem.length };
};

/**
 * Leaves out as much of one kind as it can.
 *
 * @param offer tries the trace without these steps; what was accepted, or null
 */
export const leaveOut = function* <Step extends Leavable, Trace extends Steps<Step>>(
  best: Trace,
  kind: UnitKind,
  offer: (now: Trace, left: ReadonlySet<number>) => Trace | null,
): Generator<void, Trace> {
  let now = best;
  let size = Math.ceil(unitsOf(now.steps, kind).length / 2);
  while (size >= 1) {
    let begin = 0;
    let units = unitsOf(now.steps, kind);
    while (begin < units.length) {
      const smaller = offer(now, new Set(units.slice(begin, begin + size).flat()));
      yield;
      if (smaller === null) begin += size;
      else {
        now = smaller;
        units = unitsOf(now.steps, kind);
      }
    }
    size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return now;
};
