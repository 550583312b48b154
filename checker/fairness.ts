/**
 * Which cycles a fair scheduler may follow for ever.
 *
 * On a cycle a weak set is satisfied if one of its moves is taken, or if some state of the cycle has
 * none of its moves; a strong set if one of its moves is taken, or if no state of the cycle has any.
 * What a state has counts over all of its moves, also those that lead out of the cycle.
 */
import { componentFinder } from "./components.ts";
import type { Graph } from "./graph.ts";
import { intAt } from "./numbers.ts";
import type { FairSet } from "./system.ts";

/** The fair sets of a system as bits. */
export type Fairness = { readonly weak: number; readonly strong: number };

const MOST_SETS = 30;

/** Throws if there are more sets than a move's bits can name. */
export function fairnessOf(sets: readonly FairSet[]): Fairness {
  if (sets.length > MOST_SETS) {
    throw new Error(`the system has ${sets.length} fair sets; at most ${MOST_SETS} are possible`);
  }
  let weak = 0;
  let strong = 0;
  for (const [index, set] of sets.entries()) {
    if (set.kind === "weak") weak |= 1 << index;
    else strong |= 1 << index;
  }
  return { weak, strong };
}

/** What happens on a cycle or within a component, in bits of fair sets. */
type Doings = { readonly taken: number; readonly always: number; readonly ever: number };

/** The weak sets that are enabled for ever and never taken. */
function starvedWeak(fairness: Fairness, { taken, always }: Doings): number {
  return fairness.weak & always & ~taken;
}

/** The strong sets that are enabled again and again and never taken. */
function starvedStrong(fairness: Fairness, { taken, ever }: Doings): number {
  return fairness.strong & ever & ~taken;
}

/** Whether running along `loop` (edges, from `start` back to it) for ever neglects no fair set. */
export function isFairLoop(
  graph: Graph,
  fairness: Fairness,
  start: number,
  loop: readonly number[],
): boolean {
  let node = start;
  let taken = 0;
  let always = -1;
  let ever = 0;
  for (const edge of loop) {
    if (edge < intAt(graph.offsets, node) || edge >= intAt(graph.offsets, node + 1)) return false;
    taken |= intAt(graph.taken, edge);
    always &= intAt(graph.enabled, node);
    ever |= intAt(graph.enabled, node);
    node = intAt(graph.to, edge);
  }
  const starved = starvedSets(fairness, { taken, always, ever });
  return loop.length > 0 && node === start && starved === 0;
}

/** The fair sets, as bits, that a loop neglects though it does what `doings` says. */
export function starvedSets(fairness: Fairness, doings: Doings): number {
  return starvedWeak(fairness, doings) | starvedStrong(fairness, doings);
}

/**
 * The components within `nodes` in which a fair run can remain: visiting all of such a component
 * for ever is fair, and every fair run that stays within `nodes` stays in one of them at last.
 *
 * A component that starves a weak set starves it in each of its parts too and is dropped. One that
 * starves a strong set may still be fair without the states that enable the set: those are taken
 * out and what remains is looked at again, at most once for each strong set.
 */
export function fairComponents(
  graph: Graph,
  fairness: Fairness,
  nodes: Int32Array,
): readonly Int32Array[] {
  const find = componentFinder(graph);
  const region = new Int32Array(graph.nodes);
  const fair: Int32Array[] = [];
  const parts = [nodes];
  let lastRegion = 0;
  const claim = (part: Int32Array): number => {
    lastRegion++;
    for (const node of part) region[node] = lastRegion;
    return lastRegion;
  };

  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    for (const component of find(part, region, claim(part))) {
      const doings = doingsWithin(graph, component, region, claim(component));
      if (starvedWeak(fairness, doings) !== 0) continue;
      const starved = starvedStrong(fairness, doings);
      if (starved === 0) fair.push(component);
      else parts.push(component.filter((node) => (intAt(graph.enabled, node) & starved) === 0));
    }
  }
  return fair;
}

function doingsWithin(graph: Graph, component: Int32Array, region: Int32Array, id: number): Doings {
  let taken = 0;
  let always = -1;
  let ever = 0;
  for (const node of component) {
    always &= intAt(graph.enabled, node);
    ever |= intAt(graph.enabled, node);
    const last = intAt(graph.offsets, node + 1);
    for (let edge = intAt(graph.offsets, node); edge < last; edge++) {
      if (intAt(region, intAt(graph.to, edge)) === id) taken |= intAt(graph.taken, edge);
    }
  }
  return { taken, always, ever };
}
