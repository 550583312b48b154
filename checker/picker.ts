/** Which move a walk takes: any of them, or that of the thread with the highest priority. */
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { itemAt } from "./numbers.ts";

/** Deterministic from its seed. One picker serves walk after walk. */
export interface Picker<Move> {
  /** A new walk begins. */
  begin(): void;
  /** The number of one of the moves, of which there is at least one. */
  pick(moves: readonly Move[]): number;
}

/** A whole number from 0 to `bound - 1`. */
type Below = (bound: number) => number;

const randomFrom = (seed: number): Below => {
  const generator = xoroshiro128plus(seed);
  return (bound) => uniformInt(generator, 0, bound - 1);
};

/** Each move as likely as any other. */
export function anyMove<Move>(seed: number): Picker<Move> {
  const below = randomFrom(seed);
  return { begin: () => {}, pick: (moves) => below(moves.length) };
}

/** Whose move it is. `begins`: nothing of its thread is under way before it. */
export type ThreadOf<Move> = (move: Move) => { readonly thread: number; readonly begins: boolean };

export type Priorities<Move> = {
  readonly seed: number;
  /** How often a walk takes the lead from the thread that has it: d - 1 in the source. */
  readonly preemptions: number;
  /** Moves of a walk: the preemptions are spread over them. */
  readonly moves: number;
  readonly threadOf: ThreadOf<Move>;
};

/** Far above what preempted threads get. */
const initial = 2 ** 30;

/**
 * Priorities by chance: the runnable thread with the highest one goes on until it cannot, but for a
 * few moments, picked beforehand, at which the leader falls behind all others. A bug that needs d
 * orderings is met with a probability that falls with the length of a walk to the power d - 1, and
 * not with the number of its interleavings (Burckhardt, Kothari, Musuvathi and Nagarakatte, "A
 * randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010).
 *
 * There a thread runs to its end. Here an actor begins operation after operation, and each counts
 * as a thread of its own, with a priority of its own. Which of several moves a thread does is
 * chance.
 */
export function byPriority<Move>(priorities: Priorities<Move>): Picker<Move> {
  const { seed, preemptions, moves: length, threadOf } = priorities;
  const below = randomFrom(seed);
  const priorityOf = new Map<number, number>();
  /** By the number of the move before which it happens: the priority that the leader gets. */
  const changes = new Map<number, number>();
  /** Threads that have moved since they drew their priority. */
  const moved = new Set<number>();
  let step = 0;

  const current = (thread: number): number => {
    const known = priorityOf.get(thread);
    if (known !== undefined) return known;
    const drawn = initial + below(initial);
    priorityOf.set(thread, drawn);
    return drawn;
  };
  /** Of the threads that can move; the lower number of two with the same priority. */
  const leaderOf = (threads: readonly number[]): number =>
    threads.reduce((best, thread) => (current(thread) > current(best) ? thread : best));

  return {
    begin: () => {
      priorityOf.clear();
      changes.clear();
      moved.clear();
      step = 0;
      for (let left = preemptions; left > 0; left--) changes.set(below(length), left);
    },
    pick: (moves) => {
      const threads = moves.map(threadOf);
      for (const { thread, begins } of threads)
        if (begins && moved.delete(thread)) priorityOf.delete(thread);
      const numbers = [...new Set(threads.map(({ thread }) => thread))].sort((a, b) => a - b);
      let leader = leaderOf(numbers);
      const fallen = changes.get(step++);
      if (fallen !== undefined) {
        priorityOf.set(leader, fallen);
        leader = leaderOf(numbers);
      }
      const own = threads.flatMap(({ thread }, index) => (thread === leader ? [index] : []));
      moved.add(leader);
      return itemAt(own, below(own.length));
    },
  };
}
