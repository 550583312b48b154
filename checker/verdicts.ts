/**
 * Turns what a search has seen into one verdict per property. What was seen stands, whether or not
 * the search was cut; that something does not exist is said of a complete search only.
 */
import type { Fairness } from "./fairness.ts";
import { canReach, type Graph } from "./graph.ts";
import { findLasso, type Lasso, type Stride } from "./lasso.ts";
import type { Cut, Verdict } from "./property.ts";
import type { Reduction } from "./reduction.ts";
import { Retrace, type Shown, unsound } from "./retrace.ts";
import { type Hop, replay, type Space } from "./space.ts";
import type { System } from "./system.ts";
import type { Sighting, Watch, WatchedAlways, WatchedReach, WatchedStep } from "./watch.ts";

/** A search that has ended. `graph` is there if a property needs it. */
export type Finished<State, Move, Event> = {
  readonly system: System<State, Move, Event>;
  readonly space: Space;
  readonly watch: Watch<State, Move, Event>;
  readonly graph: Graph | null;
  readonly fairness: Fairness;
  readonly cut: Cut | null;
  readonly reduction: Reduction<State, Move> | null;
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
  for (const watched of watch.reaches) {
    const { property, mark } = watched;
    verdicts.set(
      property.id,
      mark === null
        ? ifComplete(cut, never())
        : { kind: "reached", witness: shown(search, watched, mark).witness },
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
  judged: WatchedAlways<State, Move> | WatchedStep<State, Move, Event>,
): Verdict<Move> {
  const { premiseSeen, violation } = judged;
  if (violation === null) return ifComplete(search.cut, holdsIf(premiseSeen));
  return { kind: "broken", ...shown(search, judged, violation) };
}

/** What was seen, as a run of the system that shows it. */
function shown<State, Move, Event>(
  { system, space, reduction }: Finished<State, Move, Event>,
  {
    property,
  }:
    | WatchedAlways<State, Move>
    | WatchedStep<State, Move, Event>
    | WatchedReach<State, Move, Event>,
  { state: index, hop, reason }: Sighting,
): Shown<Move> {
  const path = space.pathTo(index);
  if (reduction === null)
    return { reason, witness: replay(system, hop === null ? path : [...path, hop], null) };
  const run = new Retrace(system, reduction).along(path);
  switch (property.kind) {
    case "step":
      return run.showing((transition) =>
        property.premise?.(transition) === false ? null : property.judge(transition),
      );
    case "reach":
      return run.showing((transition) => (property.mark(transition) ? reason : null));
    case "always": {
      const found = property.judge(run.state, system.moves(run.state));
      if (found === null) throw unsound(`"${property.id}" breaks in a representative alone`);
      return { reason: found, witness: run.witness() };
    }
  }
}

/** Without any goal the answer is `never`; `broken` is a state from which the way is lost. */
function possibilityVerdict<State, Move, Event>(
  { system, space, reduction }: Finished<State, Move, Event>,
  graph: Graph,
  goals: Uint8Array,
): Verdict<Move> {
  if (!goals.includes(1)) return never();
  const lost = canReach(graph, goals).indexOf(0);
  if (lost === -1) return { kind: "holds" };
  const path = space.pathTo(lost);
  const witness =
    reduction === null
      ? replay(system, path, null)
      : new Retrace(system, reduction).along(path).witness();
  const { length } = witness.moves;
  return {
    kind: "broken",
    reason: `after ${count(length)} the goal cannot come about any more`,
    witness,
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
  { system, space, reduction }: Finished<State, Move, Event>,
  { start, stem, loop }: Lasso,
): Verdict<Move> {
  const hopOf = ({ move, to }: Stride): Hop => ({ move, key: space.keyOf(to) });
  const before = space.pathTo(start);
  const toLoop = [...before, ...stem.map(hopOf)];
  const round = loop.map(hopOf);
  const witness =
    reduction === null
      ? replay(system, [...toLoop, ...round], toLoop.length)
      : new Retrace(system, reduction).along(toLoop).around(round);
  const loopFrom = witness.loopFrom ?? toLoop.length;
  const repeated = witness.moves.length - loopFrom;
  const how =
    repeated === 0
      ? `no move is possible after ${count(loopFrom)}`
      : `after ${count(loopFrom)} a fair run can repeat ${count(repeated)} for ever`;
  return {
    kind: "broken",
    reason: `waiting since ${count(before.length)} from the start: ${how}`,
    witness,
  };
}

function count(moves: number): string {
  return moves === 1 ? "1 move" : `${moves} moves`;
}
