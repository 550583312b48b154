/**
 * The same pair of model and implementation, driven by fast-check's own commands. They are generated
 * without looking at the model, so most of them turn out to be impossible when their turn comes; that
 * is the point: what our generator believes to be worth trying has no say here.
 */
import * as fc from "fast-check";
import { at, type Move } from "../../model/index.ts";
import type { Arena } from "./arbitrary.ts";
import { describeMismatch, type Floors, type Mismatch } from "./floors.ts";
import type { Step } from "./run.ts";

/** What `check` may see of a pair: nothing in it changes anything. */
export type Sight = Pick<Floors, "walker" | "world" | "alternatives" | "isOwnChoice">;

/** Thrown by a command that finds the two apart. */
export class Parted extends Error {
  readonly mismatch: Mismatch;
  /** Both did it, and then differed. */
  readonly step: Step;

  constructor(mismatch: Mismatch, step: Step) {
    super(describeMismatch(mismatch));
    this.name = "Parted";
    this.mismatch = mismatch;
    this.step = step;
  }
}

/** The system under test: both floors do the step, and somebody watches. */
export class Pair {
  readonly lockstep: Floors;
  private readonly watch: (step: Step) => void;

  constructor(lockstep: Floors, watch: (step: Step) => void) {
    this.lockstep = lockstep;
    this.watch = watch;
  }

  /** @throws Parted where they differ */
  do(step: Step): void {
    const mismatch = this.lockstep.do(step);
    if (mismatch) throw new Parted(mismatch, step);
    this.watch(step);
  }
}

export type Command = fc.Command<Sight, Pair>;

type Act = Extract<Move, { kind: "act" }>;

/**
 * One of the alternatives of a move, picked by any number. With real lists a place is the
 * implementation's to choose; that a put is refused may be chosen by anybody.
 */
export const picked = (sight: Sight, move: Act, pick: number): Step | null => {
  const alternatives = sight.alternatives(move);
  if (alternatives.length === 0) return null;
  const chosen = at(alternatives, pick % alternatives.length);
  const refusesPut = chosen.choice === -1 && isPut(sight, chosen);
  const isOwn = sight.isOwnChoice(chosen) && !refusesPut;
  return { kind: "move", move: chosen, decided: isOwn ? "by-implementation" : "here" };
};

const isPut = ({ walker, world }: Sight, { actor, starts }: Act): boolean =>
  starts === null && walker.labelOf(world, actor) === "put-claim";

/** A command is a value: what it asks for, and a number that picks among what is possible then. */
abstract class Asking implements Command {
  /** The step it means in this state; null where it means none. */
  abstract stepIn(sight: Sight): Step | null;

  check(sight: Readonly<Sight>): boolean {
    return this.stepIn(sight) !== null;
  }

  run(sight: Sight, pair: Pair): void {
    const step = this.stepIn(sight);
    if (step) pair.do(step);
  }

  toString(): string {
    return JSON.stringify(this);
  }
}

/** An actor starts an operation, if it is idle and may. */
class Start extends Asking {
  readonly actor: number;
  readonly operation: number;
  readonly pick: number;

  constructor(actor: number, operation: number, pick: number) {
    super();
    this.actor = actor;
    this.operation = operation;
    this.pick = pick;
  }

  override stepIn(sight: Sight): Step | null {
    const { actor, operation: starts } = this;
    return picked(sight, { kind: "act", actor, starts, choice: 0 }, this.pick);
  }
}

/** An actor that is at work does its next action. */
class GoOn extends Asking {
  readonly actor: number;
  readonly pick: number;

  constructor(actor: number, pick: number) {
    super();
    this.actor = actor;
    this.pick = pick;
  }

  override stepIn(sight: Sight): Step | null {
    return picked(sight, { kind: "act", actor: this.actor, starts: null, choice: 0 }, this.pick);
  }
}

/** The environment does something, if there is anything that it can do. */
export class Outside extends Asking {
  readonly pick: number;

  constructor(pick: number) {
    super();
    this.pick = pick;
  }

  override stepIn({ walker, world }: Sight): Step | null {
    const moves = walker.movesOfEnvironment(world);
    if (moves.length === 0) return null;
    return { kind: "move", move: at(moves, this.pick % moves.length), decided: "here" };
  }
}

/** An idle actor asks for something that nobody may ask for now. */
class Refused extends Asking {
  readonly actor: number;
  readonly operation: number;

  constructor(actor: number, operation: number) {
    super();
    this.actor = actor;
    this.operation = operation;
  }

  override stepIn({ walker, world }: Sight): Step | null {
    const { actor, operation } = this;
    const asked = walker.operations[operation];
    const isIdle = at(world.actors, actor).operation === 0;
    if (!asked || !isIdle || !walker.contexts.mayRun(world, actor)) return null;
    if (!walker.refusedOf(world, actor, asked.kind).includes(operation)) return null;
    return { kind: "refused", actor, operation };
  }
}

/** An actor asks to go on, or to start, while it has to wait: it is told so. */
class Waits extends Asking {
  readonly actor: number;
  readonly operation: number;

  constructor(actor: number, operation: number) {
    super();
    this.actor = actor;
    this.operation = operation;
  }

  override stepIn({ walker, world }: Sight): Step | null {
    const { actor, operation } = this;
    if (at(world.actors, actor).operation > 0)
      return walker.movesAtWork(world, actor).length === 0
        ? { kind: "waits", actor, operation: null }
        : null;
    return walker.contexts.mayRun(world, actor) ? null : { kind: "waits", actor, operation };
  }
}

/** An actor, and the numbers of the operations of one kind that it may ever ask for. */
export type Asked = { readonly actor: number; readonly operations: readonly number[] };

/** What each actor may ever ask for, known without a state. */
export const catalogueOf = ({ scope, lockstep: { walker } }: Arena): readonly Asked[] =>
  scope.actors.flatMap((_, actor) => {
    const kinds = new Map<string, number[]>();
    for (const number of walker.numbersOf(actor)) {
      const kind = walker.operations[number]?.kind ?? "none";
      kinds.set(kind, [...(kinds.get(kind) ?? []), number]);
    }
    return [...kinds.values()].map((operations) => ({ actor, operations }));
  });

/** Any number that picks among what turns out to be possible. */
export const anyPick = fc.nat(0xfffff);

/** Kinds are picked before their arguments, as by our generator: a rare kind is tried as often. */
export const anyOperation = (
  catalogue: readonly Asked[],
): fc.Arbitrary<{ readonly actor: number; readonly operation: number }> =>
  fc.tuple(fc.constantFrom(...catalogue), anyPick).map(([{ actor, operations }, pick]) => ({
    actor,
    operation: at(operations, pick % operations.length),
  }));

/** Any of what may ever be asked for, each as likely as any other. */
const evenly = (
  catalogue: readonly Asked[],
): fc.Arbitrary<{ readonly actor: number; readonly operation: number }> =>
  fc.constantFrom(
    ...catalogue.flatMap(({ actor, operations }) =>
      operations.map((operation) => ({ actor, operation })),
    ),
  );

/** Each kind of command, made for a scope. */
const kindsOf = (
  { scope }: Arena,
  operation: fc.Arbitrary<{ readonly actor: number; readonly operation: number }>,
) => ({
  goOn: fc
    .tuple(fc.nat(scope.actors.length - 1), anyPick)
    .map(([actor, pick]) => new GoOn(actor, pick)),
  start: fc
    .tuple(operation, anyPick)
    .map(([asked, pick]) => new Start(asked.actor, asked.operation, pick)),
  outside: anyPick.map((pick) => new Outside(pick)),
  refused: operation.map((asked) => new Refused(asked.actor, asked.operation)),
  waits: operation.map((asked) => new Waits(asked.actor, asked.operation)),
});

/** As fast-check's guide to model-based testing writes it: each kind once, the size a step up. */
export const plainCommandsOf = (arena: Arena): fc.Arbitrary<Iterable<Command>> =>
  fc.commands<Sight, Pair>(Object.values(kindsOf(arena, evenly(catalogueOf(arena)))), {
    size: "+1",
  });

/** An operation has several actions, so going on is generated more often than anything else. */
const goingOn = 5;
const starting = 3;

/** With all that helps commands to get far without looking: long runs, weights, rare kinds. */
export const commandsOf = (arena: Arena, maxCommands: number): fc.Arbitrary<Iterable<Command>> => {
  const { goOn, start, ...seldom } = kindsOf(arena, anyOperation(catalogueOf(arena)));
  return fc.commands<Sight, Pair>(
    [
      ...Array.from({ length: goingOn }, () => goOn),
      ...Array.from({ length: starting }, () => start),
      ...Object.values(seldom),
    ],
    { maxCommands, size: "max" },
  );
};

/** Both begin anew, and the commands are done one after the other. @throws Parted */
export const runCommands = (
  { lockstep }: Arena,
  commands: Iterable<Command>,
  watch: (step: Step) => void,
): void => {
  lockstep.reset();
  fc.modelRun(() => ({ model: lockstep, real: new Pair(lockstep, watch) }), commands);
};
