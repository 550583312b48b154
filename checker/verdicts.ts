/**
 * Turns what a search has seen into one verdict per property. What was seen stands, whether or not
 * the search was cut; that something does not exist is said of a complete search only.
 */
import type { Fairness } from "./fairness.ts";
import { canReach, type Graph } from "./graph.ts";
import { findLasso, type Lasso, type Stride } from "./lasso.ts";
import type { Cut, Verdict, Witness } from "./property.ts";
import { type Hop, replay, type Space } from "./space.ts";
import type { System } from "./system.ts";
import type { Judged, Sighting, Watch } from "./watch.ts";

/** A search that has ended. `graph` is there if a property needs it. */
export type Finished<State, Move, Event> = {
  readonly system: System<State, Move, Event>;
  readonly space: Space;
  readonly watch: Watch<State, Move, Event>;
  readonly graph: Graph | null;
  readonly fairness: Fairness;
  readonly cut: Cut | null;
};

/** The verdicts by property id. */
export function verdictsOf<State, Move, Event>(
  search: Finished<State, Move, Event>,
): Map<string, Verdict<Move>> {
  const { watch, graph, cut } = search;
  const verdicts = new Map<string, Verdict<Move>>();
  for (const judged of [...watch.always, ...watch.steps]) {
    verdicts.set(judged.property.id, safetyVerdict(search, judged));
  }
  for (const { property, mark } of watch.reaches) {
    verdicts.set(
      property.id,
      mark === null
        ? ifComplete(cut, never())
        : { kind: "reached", witness: witnessOf(search, mark) },
    );
  }
  if (graph === null) return verdicts;

  for (const { property, starts, unmet, premiseSeen } of watch.leadsTo) {
    const waiting = { starts: starts.finish(graph.nodes), unmet: unmet.finish(graph.nodes) };
    const lasso = premiseSeen ? findLassoIn(search, graph, waiting) : null;
    if (lasso !== null) verdicts.set(property.id, brokenByLasso(search, lasso));
    else verdicts.set(property.id, ifComplete(cut, holdsIf(premiseSeen)));
  }
  for (const { property, goals } of watch.canAlways) {
    const verdict: Verdict<Move> =
      cut === null
        ? possibilityVerdict(search, graph, goals.finish(graph.nodes))
        : { kind: "inconclusive", cut };
    verdicts.set(property.id, verdict);
  }
  return verdicts;
}

function never<Move>(): Verdict<Move> {
  return { kind: "never", witness: { moves: [], loopFrom: null } };
}

function holdsIf<Move>(premiseSeen: boolean): Verdict<Move> {
  return premiseSeen ? { kind: "holds" } : { kind: "premise-unreachable" };
}

function ifComplete<Move>(cut: Cut | null, verdict: Verdict<Move>): Verdict<Move> {
  return cut === null ? verdict : { kind: "inconclusive", cut };
}

function safetyVerdict<State, Move, Event>(
  search: Finished<State, Move, Event>,
  { premiseSeen, violation }: Judged,
): Verdict<Move> {
  if (violation === null) return ifComplete(search.cut, holdsIf(premiseSeen));
  return { kind: "broken", reason: violation.reason, witness: witnessOf(search, violation) };
}

function witnessOf<State, Move, Event>(
  { system, space }: Finished<State, Move, Event>,
  { state, hop }: Sighting,
): Witness<Move> {
  const path = space.pathTo(state);
  return replay(system, hop === null ? path : [...path, hop], null);
}

/** Without any goal the answer is `never`; `broken` is a state from which the way is lost. */
function possibilityVerdict<State, Move, Event>(
  { system, space }: Finished<State, Move, Event>,
  graph: Graph,
  goals: Uint8Array,
): Verdict<Move> {
  if (!goals.includes(1)) return never();
  const lost = canReach(graph, goals).indexOf(0);
  if (lost === -1) return { kind: "holds" };
  const path = space.pathTo(lost);
  return {
    kind: "broken",
    reason: `after ${count(path.length)} the goal cannot come about any more`,
    witness: replay(system, path, null),
  };
}

function findLassoIn<State, Move, Event>(
  { fairness, space }: Finished<State, Move, Event>,
  graph: Graph,
  waiting: { readonly starts: Uint8Array; readonly unmet: Uint8Array },
): Lasso | null {
  return findLasso(graph, fairness, waiting, (node) => space.depthOf(node));
}

function brokenByLasso<State, Move, Event>(
  { system, space }: Finished<State, Move, Event>,
  { start, stem, loop }: Lasso,
): Verdict<Move> {
  const hopOf = ({ move, to }: Stride): Hop => ({ move, key: space.keyOf(to) });
  const before = space.pathTo(start);
  const path = [...before, ...stem.map(hopOf), ...loop.map(hopOf)];
  const loopFrom = before.length + stem.length;
  const how =
    loop.length === 0
      ? `no move is possible after ${count(loopFrom)}`
      : `after ${count(loopFrom)} a fair run can repeat ${count(loop.length)} for ever`;
  return {
    kind: "broken",
    reason: `waiting since ${count(before.length)} from the start: ${how}`,
    witness: replay(system, path, loopFrom),
  };
}

function count(moves: number): string {
  return moves === 1 ? "1 move" : `${moves} moves`;
}
