/**
 * The same whole operations, done by the model's own scripts and by the manager. What is asked, and
 * every choice on the way, is worked out beforehand; the model is timed for its immutable steps
 * alone, which includes judging them by the contract, as its steps always do. The manager is timed
 * for whole operations with its own choices.
 */
import { type Manager, Manager as Packed, packOperation } from "../../impl/index.ts";
import { type Design, Machinery, type Move } from "../../model/index.ts";
import { smallScope } from "./scopes.ts";
import { type Spread, spreadOf } from "./statistics.ts";
import { type Runner, Workload } from "./workload.ts";

const numbersOfOperation = 4;
const size = { pages: 8, keys: 16 };

export type Recording = {
  /** Four numbers for each operation. */
  readonly asked: Int32Array;
  readonly operations: number;
};

/** Does the work and writes down what was asked. */
export const recorded = (design: Design, operations: number, seed: number): Recording => {
  const scope = smallScope(design);
  const manager = new Packed(design, scope, { lists: true, poison: false });
  const asked: number[] = [];
  const runner: Runner = {
    report: manager.report,
    run: (me, kind, first = 0, second = 0, third = 0) => {
      asked.push(kind, first, second, third);
      return manager.run(me, kind, first, second, third);
    },
  };
  const work = new Workload(runner, scope, size, seed);
  work.begin();
  while (asked.length < operations * numbersOfOperation) work.next();
  return { asked: Int32Array.from(asked), operations: asked.length / numbersOfOperation };
};

/** The model's moves for these operations; where it may choose, it takes the first place there is. */
export const movesOf = (
  machinery: Machinery,
  { asked, operations }: Recording,
): readonly Move[] => {
  const numbers = new Map<string, number>();
  machinery.operations.forEach((operation, number) => {
    const packed = operation && packOperation(operation);
    if (packed) numbers.set(packed.join(), number);
  });
  const moves: Move[] = [];
  let world = machinery.initial;
  const go = (choices: readonly Move[], what: string): void => {
    const move = choices.find((each) => each.kind === "act" && each.choice >= 0) ?? choices[0];
    if (!move) throw new Error(`the model cannot go on at operation ${what}`);
    moves.push(move);
    world = machinery.step(world, move).next;
  };
  for (let operation = 0; operation < operations; operation++) {
    const first = operation * numbersOfOperation;
    const what = asked.subarray(first, first + numbersOfOperation).join();
    const starts = numbers.get(what);
    const offered = machinery.moves(world);
    go(
      offered.filter((move) => move.kind === "act" && move.starts === starts),
      what,
    );
    while (machinery.operationOf(world, 0) !== null) go(machinery.moves(world), what);
  }
  return moves;
};

const millisecondsOf = (work: () => void): number => {
  const start = performance.now();
  work();
  return performance.now() - start;
};

const replay = (manager: Manager, { asked, operations }: Recording): void => {
  for (let operation = 0, at = 0; operation < operations; operation++, at += numbersOfOperation)
    manager.run(0, asked[at] ?? 0, asked[at + 1], asked[at + 2], asked[at + 3]);
};

export type Comparison = {
  readonly operations: number;
  readonly modelPerSecond: Spread;
  readonly managerPerSecond: Spread;
  /** Median by median. */
  readonly ratio: number;
};

/** Each in turn, several times, from the first state again. */
export const compared = (
  design: Design,
  recording: Recording,
  rounds: number,
  repeats: number,
): Comparison => {
  const { operations } = recording;
  const machinery = new Machinery(design, smallScope(design));
  const moves = movesOf(machinery, recording);
  const manager = new Packed(design, smallScope(design), { lists: true, poison: false });
  const fresh = manager.snapshot();
  const model: number[] = [];
  const packed: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const ofModel = millisecondsOf(() => {
      let world = machinery.initial;
      for (const move of moves) world = machinery.stepImmutably(world, move).next;
    });
    const ofManager = millisecondsOf(() => {
      for (let repeat = 0; repeat < repeats; repeat++) {
        manager.restore(fresh);
        replay(manager, recording);
      }
    });
    model.push((1000 * operations) / ofModel);
    packed.push((1000 * operations * repeats) / ofManager);
  }
  const modelPerSecond = spreadOf(model);
  const managerPerSecond = spreadOf(packed);
  return {
    operations,
    modelPerSecond,
    managerPerSecond,
    ratio: managerPerSecond.median / modelPerSecond.median,
  };
};
