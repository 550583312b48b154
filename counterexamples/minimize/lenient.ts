/**
 * Doing what is left of a run as far as it can be done. Once something was left out, what comes
 * after may be impossible, need fewer actions or find other pages: a step that cannot be done is
 * passed over, a choice that there is not becomes the first one, and an operation on a page that has
 * another number now is asked for on that one.
 */
import { isDeepStrictEqual } from "node:util";
import { at, type Environment, type Job, type Machinery, type Move } from "../../model/index.ts";
import type { CounterexampleStep } from "../format.ts";
import { type Run, stepOf, unlessItBreaks } from "../run.ts";

type Act = Extract<Move, { kind: "act" }>;
type ActWish = Extract<CounterexampleStep, { readonly actor: string }>;

/** The run that came about, its steps, and for each wish how many steps were done before it. */
export type Fulfilled = {
  readonly run: Run;
  readonly steps: readonly CounterexampleStep[];
  readonly doneBefore: readonly number[];
};

/** An operation cut off by the next one of its actor is finished first, in so many actions. */
const mostActionsToFinish = 64;

const isActMove = (move: Move): move is Act => move.kind === "act";

const isAct = (wish: CounterexampleStep): wish is ActWish => "actor" in wish;

const isDoing = (move: Move, does: Environment): boolean =>
  move.kind === "environment" && isDeepStrictEqual(move.does, does);

/** What an operation is about may have another number in a run that is shorter. */
const withoutNumbers = (operation: Job): Partial<Job> & object => {
  const {
    handle: _handle,
    slot: _slot,
    from: _from,
    handles: _handles,
    ...rest
  } = {
    handle: null,
    slot: null,
    from: null,
    handles: null,
    ...operation,
  };
  return rest;
};

/** The operation that a wish belongs to: the number of the wish with which it starts. */
const operationsOf = (wishes: readonly CounterexampleStep[]): readonly number[] => {
  const current = new Map<string, number>();
  return wishes.map((wish, index) => {
    if (!isAct(wish)) return -1;
    if (wish.starts !== undefined) current.set(wish.actor, index);
    return current.get(wish.actor) ?? -1;
  });
};

class Walk {
  readonly run: {
    readonly machinery: Machinery;
    readonly worlds: Run["worlds"][number][];
    readonly moves: Move[];
    readonly events: Run["events"][number][];
  };
  readonly steps: CounterexampleStep[] = [];

  constructor(machinery: Machinery) {
    this.run = { machinery, worlds: [machinery.initial], moves: [], events: [] };
  }

  get world() {
    return at(this.run.worlds, this.run.moves.length);
  }

  /** What an actor can go on with, or begin with this operation. */
  movesBy(actor: number, starts: number | null): readonly Act[] {
    return this.run.machinery.movesBy(this.world, actor, starts).filter(isActMove);
  }

  /** All that an actor can begin. */
  startsOf(actor: number): readonly Act[] {
    return this.run.machinery
      .moves(this.world)
      .filter(isActMove)
      .filter((move) => move.actor === actor && move.starts !== null);
  }

  do(move: Move): void {
    const { machinery, worlds, moves, events } = this.run;
    const { next, events: happened } = machinery.step(this.world, move);
    this.steps.push(stepOf(machinery, this.world, move));
    worlds.push(next);
    moves.push(move);
    events.push(happened);
  }
}

const withChoice = (moves: readonly Act[], choice: number): Act | undefined =>
  moves.find((move) => move.choice === choice) ?? moves[0];

/** The moves that start this operation, or else one that differs in what it is about. */
const startsFor = (walk: Walk, actor: number, wanted: Job): readonly Act[] => {
  const { machinery } = walk.run;
  const number = machinery.numberOf(actor, wanted);
  const exact = number === null ? [] : walk.movesBy(actor, number);
  if (exact.length > 0) return exact;
  const alike = walk.startsOf(actor).filter(({ starts }) => {
    const operation = starts === null ? null : machinery.operations[starts];
    return (
      operation != null && isDeepStrictEqual(withoutNumbers(operation), withoutNumbers(wanted))
    );
  });
  return alike.filter(({ starts }) => starts === alike[0]?.starts);
};

/**
 * Does the wishes in their order, as far as they can be done.
 *
 * @param isEnough asked after every step; ends the run
 */
export const fulfil = (
  machinery: Machinery,
  wishes: readonly CounterexampleStep[],
  isEnough: (run: Run) => boolean = () => false,
): Fulfilled => {
  const walk = new Walk(machinery);
  const names = machinery.site.scope.actors.map(({ name }) => name);
  const operations = operationsOf(wishes);
  /** By actor: the operation (as the number of its first wish) that it is in. */
  const inside = new Map<number, number>();
  const doneBefore: number[] = [];
  let over = false;
  const act = (move: Move | undefined): boolean => {
    if (move === undefined || over) return false;
    walk.do(move);
    over = isEnough(walk.run);
    return true;
  };
  const isBusy = (actor: number): boolean => at(walk.world.actors, actor).operation > 0;
  const finish = (actor: number): void => {
    for (let count = 0; count < mostActionsToFinish && isBusy(actor); count++)
      if (!act(walk.movesBy(actor, null)[0])) return;
  };
  const start = (actor: number, wish: ActWish, index: number): void => {
    if (isBusy(actor)) finish(actor);
    if (isBusy(actor) || wish.starts === undefined) return;
    if (act(withChoice(startsFor(walk, actor, wish.starts), wish.choice))) inside.set(actor, index);
  };
  /** Fewer actions may be needed than before: what stands only further on is not hurried to. */
  const isDueLater = (index: number, label: string): boolean =>
    wishes.some(
      (wish, later) =>
        later > index &&
        operations[later] === operations[index] &&
        isAct(wish) &&
        wish.action === label,
    );
  const goOn = (actor: number, wish: ActWish, index: number): void => {
    if (!isBusy(actor) || inside.get(actor) !== operations[index]) return;
    const label = machinery.labelOf(walk.world, actor);
    if (label !== wish.action && isDueLater(index, label)) return;
    act(withChoice(walk.movesBy(actor, null), wish.choice));
  };
  const does = (wish: CounterexampleStep, index: number): void => {
    if (!isAct(wish)) {
      const possible = machinery.movesOfEnvironment(walk.world);
      act(possible.find((move) => isDoing(move, wish.environment)));
      return;
    }
    const actor = names.indexOf(wish.actor);
    if (actor < 0) return;
    if (wish.starts === undefined) goOn(actor, wish, index);
    else start(actor, wish, index);
  };
  for (const [index, wish] of wishes.entries()) {
    doneBefore.push(walk.run.moves.length);
    if (over) continue;
    /** Where it breaks down the run ends: nothing can come after. */
    const done = unlessItBreaks(() => {
      does(wish, index);
      return true;
    });
    over = over || done === null;
  }
  return { run: walk.run, steps: walk.steps, doneBefore };
};
