/**
 * A story as a transition system: the machinery of a design, in which every actor starts what the
 * story tells it to, in its order, and nothing else. Choices, failures and interleavings are left
 * open, so exploring the system tries everything that the design could make of the story.
 */
import { isDeepStrictEqual } from "node:util";
import type { Step, System } from "../../checker/index.ts";
import {
  at,
  type Commit,
  type Event,
  type Job,
  type Machinery,
  type Move,
  type Operation,
  type Outcome,
  type World,
} from "../../model/index.ts";
import { unlessItBreaks } from "../run.ts";
import type { OperandName } from "./sentences.ts";
import type { Story, StoryLine } from "./story.ts";

/** Where the story stands, beside the state of the design. */
export type StoryState = {
  readonly world: World;
  /** Lines that have begun, by their number in the story from 0; in ascending order. */
  readonly begun: readonly number[];
  /** Lines that were passed over: they cannot be asked where they stand. */
  readonly passed: readonly number[];
  /** By actor: the line that it is at, or -1. */
  readonly doing: readonly number[];
  /** By line: the page or slot that its name stands for, or -1. */
  readonly named: readonly number[];
};

/** What is seen while the system is explored: for each line, what came of it in any run. */
export type Watcher = {
  readonly answered: (line: number, outcome: Outcome) => void;
  /** Something within the operation took effect: a get or a put of the cache, a dropped copy. */
  readonly within: (
    line: number,
    operation: Operation,
    commit: Pick<Commit, "choice" | "outcome">,
  ) => void;
  /** The world around has done it. */
  readonly happened: (line: number) => void;
  readonly passedOver: (line: number) => void;
};

type Asked =
  | { readonly kind: "operation"; readonly operation: Operation }
  | { readonly kind: "environment"; readonly does: Extract<Move, { kind: "environment" }>["does"] };

/** The page or slot that an outcome hands over. */
const given = (outcome: Outcome): number => {
  if (outcome.kind === "pages") return outcome.handles[0] ?? -1;
  if (outcome.kind === "page") return outcome.handle;
  return outcome.kind === "swapped" ? (outcome.slots[0] ?? -1) : -1;
};

export class StorySystem implements System<StoryState, Move, Event> {
  readonly machinery: Machinery;
  readonly initial: StoryState;
  readonly fairSets: Machinery["fairSets"];
  readonly #lines: readonly StoryLine[];
  /** By line: the group that it belongs to. */
  readonly #groupOf: readonly number[];
  readonly #isBugged: boolean;
  readonly #watcher: Watcher;

  constructor(story: Story, machinery: Machinery, isBugged: boolean, watcher: Watcher) {
    this.machinery = machinery;
    this.#isBugged = isBugged;
    this.fairSets = machinery.fairSets;
    this.#lines = story.groups.flat();
    this.#groupOf = story.groups.flatMap((group, index) => group.map(() => index));
    this.#watcher = watcher;
    this.initial = this.#settled({
      world: machinery.initial,
      begun: [],
      passed: [],
      doing: machinery.initial.actors.map(() => -1),
      named: this.#lines.map(() => -1),
    });
  }

  /** Has every line been told, and is nobody at work any more? */
  isOver(state: StoryState): boolean {
    return state.begun.length === this.#lines.length && isQuiet(state.world);
  }

  moves(state: StoryState): readonly Move[] {
    const due = this.#due(state);
    return this.#possible(state.world).filter((move) => {
      if (move.kind === "act" && move.starts === null) return true;
      if (move.kind === "environment" && move.does.kind.startsWith("write-back")) return true;
      return due.some((line) => this.#begins(state, line, move));
    });
  }

  step(state: StoryState, move: Move): Step<StoryState, Event> {
    const line = this.#due(state).find((each) => this.#begins(state, each, move)) ?? -1;
    const { next: world, events } = this.machinery.step(state.world, move);
    const begun = line < 0 ? state.begun : [...state.begun, line].toSorted((a, b) => a - b);
    if (move.kind === "environment") {
      if (line >= 0) this.#watcher.happened(line);
      return { next: this.#settled({ ...state, world, begun }), events };
    }
    const doing = state.doing.with(move.actor, line < 0 ? at(state.doing, move.actor) : line);
    const own = at(doing, move.actor);
    const operation = this.#operationOf(state, move);
    let { named } = state;
    for (const event of events) {
      if (event.kind !== "committed") continue;
      const { outcome } = event.commit;
      if (!isDeepStrictEqual(event.operation, operation)) {
        this.#watcher.within(own, event.operation, event.commit);
        continue;
      }
      this.#watcher.answered(own, outcome);
      if (this.#lines[own]?.as != null) named = named.with(own, given(outcome));
    }
    const ended = at(world.actors, move.actor).operation === 0;
    const after = ended ? doing.with(move.actor, -1) : doing;
    return { next: this.#settled({ ...state, world, begun, named, doing: after }), events };
  }

  fairSetsOf(state: StoryState, move: Move): number {
    return this.machinery.fairSetsOf(state.world, move);
  }

  key({ world, begun, passed, doing, named }: StoryState): string {
    const place = [begun, passed, doing, named].map((list) => list.join(",")).join(";");
    return `${place}\0${this.machinery.key(world)}`;
  }

  fromKey(key: string): StoryState {
    const end = key.indexOf("\0");
    const [begun = [], passed = [], doing = [], named = []] = key
      .slice(0, end)
      .split(";")
      .map((list) => (list === "" ? [] : list.split(",").map(Number)));
    return { world: this.machinery.fromKey(key.slice(end + 1)), begun, passed, doing, named };
  }

  /** With a bug planted a run can come to where nothing was written for: it ends there. */
  #possible(world: World): readonly Move[] {
    const { machinery } = this;
    if (!this.#isBugged) return machinery.moves(world);
    const moves = unlessItBreaks(() => machinery.moves(world)) ?? [];
    return moves.filter((move) => unlessItBreaks(() => machinery.step(world, move)) !== null);
  }

  /** The first line of each actor, of the group that is being told, that has not begun. */
  #due({ begun }: StoryState): readonly number[] {
    const told = new Set(begun);
    const open = this.#lines.findIndex((_, line) => !told.has(line));
    if (open < 0) return [];
    const group = at(this.#groupOf, open);
    const actors = new Set<number>();
    return this.#lines.flatMap(({ actor }, line) => {
      if (this.#groupOf[line] !== group || told.has(line) || actors.has(actor)) return [];
      actors.add(actor);
      return [line];
    });
  }

  #begins(state: StoryState, line: number, move: Move): boolean {
    if (!this.#mayBegin(state, line)) return false;
    const asked = this.#asked(state, line);
    if (asked === null) return false;
    if (asked.kind === "environment")
      return move.kind === "environment" && isDeepStrictEqual(move.does, asked.does);
    if (move.kind !== "act" || move.starts === null) return false;
    if (move.actor !== at(this.#lines, line).actor) return false;
    return isDeepStrictEqual(this.machinery.operations[move.starts], asked.operation);
  }

  /** A group begins when everything before it is over; an actor's own lines follow each other. */
  #mayBegin({ world, doing, begun }: StoryState, line: number): boolean {
    const group = at(this.#groupOf, line);
    const isFirst = !begun.some((each) => this.#groupOf[each] === group);
    return isFirst ? isQuiet(world) : at(doing, at(this.#lines, line).actor) < 0;
  }

  /** What the line asks for, its names replaced; null where a name stands for nothing here. */
  #asked(state: StoryState, line: number): Asked | null {
    const { sentence, operands, actor } = at(this.#lines, line);
    const numbers = new Map<OperandName, number>();
    for (const [place, operand] of operands) {
      const value =
        operand.kind === "number" ? operand.number : this.#numberOf(state, operand.name, line);
      if (value < 0) return null;
      numbers.set(place, value);
    }
    const operand = (place: OperandName): number => numbers.get(place) ?? 0;
    if (sentence.kind === "environment")
      return { kind: "environment", does: sentence.makes(operand) };
    const spec = at(this.machinery.site.scope.actors, actor);
    return { kind: "operation", operation: sentence.makes(operand, spec) };
  }

  /** The last earlier line that gave the name. */
  #numberOf({ named }: StoryState, name: string, line: number): number {
    const giver = this.#lines.findLastIndex(({ as }, each) => each < line && as === name);
    return named[giver] ?? -1;
  }

  #operationOf(state: StoryState, move: Extract<Move, { kind: "act" }>): Job | null {
    if (move.starts === null) return this.machinery.operationOf(state.world, move.actor);
    return this.machinery.operations[move.starts] ?? null;
  }

  /** Passes over lines that nobody can begin, now that nobody is at work. */
  #settled(state: StoryState): StoryState {
    let now = state;
    while (isQuiet(now.world)) {
      const due = this.#due(now);
      const [line] = due;
      if (line === undefined) return now;
      const here = now;
      const possible = this.#possible(here.world);
      if (possible.some((move) => due.some((each) => this.#begins(here, each, move)))) return here;
      this.#watcher.passedOver(line);
      now = {
        ...here,
        begun: [...here.begun, line].toSorted((a, b) => a - b),
        passed: [...here.passed, line],
      };
    }
    return now;
  }
}

const isQuiet = ({ actors }: World): boolean => actors.every(({ operation }) => operation === 0);
