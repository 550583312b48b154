/**
 * Is a reduction what a search takes it for? Asked of every reachable state of a scope, searched
 * without it: an answer, where there is none of the proof's small print to forget.
 */
import { itemAt } from "./numbers.ts";
import type { Property } from "./property.ts";
import type { Symmetry } from "./reduction.ts";
import type { Step, System } from "./system.ts";

type Properties<State, Move, Event> = readonly Property<State, Move, Event>[];

/** `null`: there is no fault in any of `states`; `cut`: there are more states than were asked. */
export type Examined = {
  readonly fault: string | null;
  readonly states: number;
  readonly cut: boolean;
};

/**
 * A state and its representative must look the same to every property, and whatever can follow the
 * one must be able to follow the other, up to representatives, by moves of the same fair sets if
 * the symmetry says so.
 */
export function examineSymmetry<State, Move, Event>(
  system: System<State, Move, Event>,
  properties: Properties<State, Move, Event>,
  { canonical, keepsFairness }: Symmetry<State>,
  mostStates: number,
): Examined {
  const follows = (state: State): string => {
    const kinds = system.moves(state).map((move) => {
      const step = system.step(state, move);
      const fair = keepsFairness ? system.fairSetsOf(state, move) : 0;
      const kind = system.key(canonical(step.next));
      return `${fair} ${kind} ${looksOfStep(properties, state, move, step)}`;
    });
    return [...new Set(kinds)].sort().join("\n");
  };
  return examine(system, mostStates, (state, key) => {
    const representative = canonical(state);
    const its = system.key(representative);
    if (system.key(canonical(system.fromKey(its))) !== its)
      return "its representative has another representative";
    if (its === key) return null;
    const plain = system.fromKey(its);
    if (looks(properties, system, system.fromKey(key)) !== looks(properties, system, plain))
      return "a property tells it from its representative";
    return follows(system.fromKey(key)) === follows(plain)
      ? null
      : "what follows it does not follow its representative";
  });
}

/** What is taken for a commuting move, and whose moves are whose. */
export type Order<State, Move> = {
  /** Those that have to wait while somebody interrupts them, too: they must commute all the same. */
  readonly pending: (state: State) => readonly Move[];
  /** Who makes a move; others may do theirs in any order with a pending one. */
  readonly threadOf: (move: Move) => number;
};

/**
 * A pending move must leave every other thread the moves that it had, meet its moves in one state
 * whichever is first, with the same events on both ways, and change nothing that a property sees.
 */
export function examineOrder<State, Move, Event>(
  system: System<State, Move, Event>,
  properties: Properties<State, Move, Event>,
  { pending, threadOf }: Order<State, Move>,
  mostStates: number,
): Examined {
  const made = (key: string, move: Move) => {
    const { next, events } = system.step(system.fromKey(key), move);
    return { key: system.key(next), events: JSON.stringify(events) };
  };
  const faultOf = (key: string, move: Move): string | null => {
    const own = threadOf(move);
    const after = made(key, move);
    const movesAt = (at: string): readonly Move[] => system.moves(system.fromKey(at));
    const othersAt = (at: string): readonly Move[] =>
      movesAt(at).filter((other) => threadOf(other) !== own);
    const others = othersAt(key);
    const what = JSON.stringify(move);
    if (movesAt(key).some((each) => threadOf(each) === own && JSON.stringify(each) !== what))
      return `${what} is not all that its thread can do`;
    if (JSON.stringify(others) !== JSON.stringify(othersAt(after.key)))
      return `${what} changes what others can do`;
    if (
      looks(properties, system, system.fromKey(key)) !==
      looks(properties, system, system.fromKey(after.key))
    )
      return `a property sees ${what}`;
    for (const other of others) {
      const ahead = made(key, other);
      const with_ = `${what} and ${JSON.stringify(other)}`;
      const still = pending(system.fromKey(ahead.key)).some(
        (each) => JSON.stringify(each) === what,
      );
      if (!still) return `${with_}: the first does not wait for the second`;
      const last = made(ahead.key, move);
      const first = made(after.key, other);
      if (last.key !== first.key) return `${with_} do not commute`;
      if (last.events !== after.events || first.events !== ahead.events)
        return `${with_} cause other events in the other order`;
    }
    return null;
  };
  return examine(system, mostStates, (state, key) => {
    for (const move of pending(state)) {
      const fault = faultOf(key, move);
      if (fault !== null) return fault;
    }
    return null;
  });
}

/** Breadth-first over all states, up to the first with a fault. */
function examine<State, Move, Event>(
  system: System<State, Move, Event>,
  mostStates: number,
  faultOf: (state: State, key: string) => string | null,
): Examined {
  const keys = [system.key(system.initial)];
  const known = new Set(keys);
  let cut = false;
  for (let index = 0; index < keys.length; index++) {
    const key = itemAt(keys, index);
    const fault = faultOf(system.fromKey(key), key);
    if (fault !== null) return { fault: `state ${index}: ${fault}`, states: index + 1, cut };
    const state = system.fromKey(key);
    for (const move of system.moves(state)) {
      const next = system.key(system.step(state, move).next);
      if (known.has(next)) continue;
      if (keys.length === mostStates) cut = true;
      else {
        known.add(next);
        keys.push(next);
      }
    }
  }
  return { fault: null, states: keys.length, cut };
}

/** What the properties of states see of one, in a word. */
function looks<State, Move, Event>(
  properties: Properties<State, Move, Event>,
  system: System<State, Move, Event>,
  state: State,
): string {
  const moves = system.moves(state);
  const seenBy = (property: Property<State, Move, Event>): string => {
    if (property.kind === "leadsTo")
      return `${property.from(state) ? "f" : ""}${property.to(state) ? "t" : ""}`;
    if (property.kind === "canAlways") return property.goal(state) ? "g" : ".";
    if (property.kind !== "always") return "";
    if (property.premise?.(state, moves) === false) return "-";
    return property.judge(state, moves) === null ? "+" : "!";
  };
  return properties.map(seenBy).join(" ");
}

/** The same of a transition. */
function looksOfStep<State, Move, Event>(
  properties: Properties<State, Move, Event>,
  before: State,
  move: Move,
  { next: after, events }: Step<State, Event>,
): string {
  const transition = { before, move, after, events };
  return properties
    .map((property) => {
      if (property.kind === "reach") return property.mark(transition) ? "m" : ".";
      if (property.kind !== "step") return "";
      if (property.premise?.(transition) === false) return "-";
      return property.judge(transition) === null ? "+" : "!";
    })
    .join(" ");
}
