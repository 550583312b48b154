/**
 * The generator: it walks what is under test (model and implementation together) and always knows
 * what is possible now. A kind of operation is picked before its arguments, what this run has rarely
 * begun before what it has begun often, so that what is seldom possible is done when it is; an actor
 * in the middle of something is often left there while others go on, so that every boundary between
 * two actions is cut; an interrupt is tried where interrupts are off.
 */
import { at, type Job, type Move } from "../../model/index.ts";
import type { Floors, Mismatch } from "./floors.ts";
import type { Step, Swarm } from "./run.ts";

/** A whole number from 0 to `below` - 1. */
export type Random = (below: number) => number;

const percent = 100;

/** How often an interrupt is tried while it cannot come, in percent of the steps. */
const triesOfHeldOff = 50;

const some = (random: Random, chance: number): boolean => random(percent) < chance;

/** Leaves some of everything out: what is never done cannot hide what the rest does. */
export const drawSwarm = (random: Random, { walker, refuses }: Floors): Swarm => {
  const stickiness = at([10, 40, 70, 95], random(4));
  const kept = at([50, 75, 100], random(3));
  const { actors } = walker.site.scope;
  const never = random(2) === 0 ? random(actors.length) : -1;
  const kinds = actors.map((_, actor) => {
    const every = walker.kindsOf(actor);
    if (actor === never && actors.length > 1) return [];
    const chosen = every.filter(() => some(random, kept));
    return chosen.length > 0 ? chosen : every;
  });
  /** Memory is as it happens to be, is mostly empty, or is mostly full. */
  const [freeing, filling] = at(
    [
      [0, 0],
      [0, 0],
      [40, 0],
      [0, 60],
    ] as const,
    random(4),
  );
  const refusals = at([0, 10, 50], random(3));
  const interrupts = at([5, 25, 60], random(3));
  const negatives = refuses ? random(8) : 0;
  return { kinds, stickiness, interrupts, freeing, filling, refusals, negatives };
};

/** The elements in a random order, one after the other. */
function* shuffled<T>(random: Random, list: readonly T[]): Generator<T> {
  const left = [...list];
  while (left.length > 0) {
    const [chosen] = left.splice(random(left.length), 1);
    if (chosen !== undefined) yield chosen;
  }
}

/** The number of the operation that a move starts. */
const startOf = (move: Move): number => (move.kind === "act" ? (move.starts ?? 0) : 0);

class StepGenerator {
  private readonly random: Random;
  private readonly lockstep: Floors;
  private readonly swarm: Swarm;
  private readonly actors: readonly number[];
  private readonly interrupts: readonly number[];
  /** How often this run began each operation (by its number), and each kind of them. */
  private readonly begun = new Map<number | string, number>();
  private last = 0;

  constructor(random: Random, lockstep: Floors, swarm: Swarm) {
    const { actors } = lockstep.walker.site.scope;
    this.random = random;
    this.lockstep = lockstep;
    this.swarm = swarm;
    this.actors = actors.map((_, actor) => actor);
    this.interrupts = this.actors.filter((actor) => at(actors, actor).kind === "interrupt");
  }

  /** What happens next; null where nothing can. */
  next(): Step | null {
    const { negatives } = this.swarm;
    if (some(this.random, negatives)) {
      const refused = this.refusal();
      if (refused) return refused;
    }
    if (negatives > 0 && some(this.random, triesOfHeldOff)) {
      const held = this.heldOff();
      if (held) return held;
    }
    const move = this.move();
    if (move === null) return null;
    if (move.kind === "environment") return { kind: "move", move, decided: "here" };
    this.last = move.actor;
    /** A put may be refused for any reason, whatever the policy. */
    if (this.isPut(move) && some(this.random, this.swarm.refusals))
      return { kind: "move", move: { ...move, choice: -1 }, decided: "here" };
    const decided = this.lockstep.isOwnChoice(move) ? "by-implementation" : "here";
    return { kind: "move", move, decided };
  }

  private isPut({ actor }: Extract<Move, { kind: "act" }>): boolean {
    const { walker, world } = this.lockstep;
    return this.isAtWork(actor) && walker.labelOf(world, actor) === "put-claim";
  }

  private isAtWork(actor: number): boolean {
    return at(this.lockstep.world.actors, actor).operation > 0;
  }

  private move(): Move | null {
    const { random, swarm, lockstep } = this;
    const someoneWorks = this.actors.some((actor) => this.isAtWork(actor));
    if (someoneWorks && some(random, swarm.interrupts))
      for (const actor of shuffled(random, this.interrupts)) {
        const move = this.moveOf(actor);
        if (move) return move;
      }
    if (this.isAtWork(this.last) && some(random, swarm.stickiness)) {
      const move = this.moveOf(this.last);
      if (move) return move;
    }
    const outside = lockstep.walker.movesOfEnvironment(lockstep.world);
    if (outside.length > 0 && random(this.actors.length + 1) === 0)
      return at(outside, random(outside.length));
    for (const actor of shuffled(random, this.actors)) {
      const move = this.moveOf(actor);
      if (move) return move;
    }
    return outside.length > 0 ? at(outside, random(outside.length)) : null;
  }

  private moveOf(actor: number): Move | null {
    const { walker, world } = this.lockstep;
    if (this.isAtWork(actor)) return this.oneOf(walker.movesAtWork(world, actor));
    const enabled = this.kindsOf(actor);
    if (enabled.length === 0) return null;
    for (const kind of this.inOrder(enabled)) {
      const moves = walker.startsOf(world, actor, kind);
      if (moves.length > 0) return this.begin(kind, moves);
    }
    return null;
  }

  private timesOf(begun: number | string): number {
    return this.begun.get(begun) ?? 0;
  }

  /** What the swarm wants of memory comes first, then what was begun rarely, with some disorder. */
  private *inOrder(kinds: readonly Job["kind"][]): Generator<Job["kind"]> {
    const { random, swarm } = this;
    if (some(random, swarm.freeing)) yield "free";
    if (some(random, swarm.filling)) yield "allocate";
    const weighed = [...shuffled(random, kinds)].map((kind) => ({
      kind,
      weight: this.timesOf(kind) * (1 + random(2)),
    }));
    for (const { kind } of weighed.sort((one, other) => one.weight - other.weight)) yield kind;
  }

  /** Of two of the moves, the one whose operation was begun less often. */
  private begin(kind: Job["kind"], moves: readonly Move[]): Move {
    const [one, other] = [this.pick(moves), this.pick(moves)];
    const move = this.timesOf(startOf(one)) <= this.timesOf(startOf(other)) ? one : other;
    for (const begun of [kind, startOf(move)]) this.begun.set(begun, this.timesOf(begun) + 1);
    return move;
  }

  private kindsOf(actor: number): readonly Job["kind"][] {
    const enabled: readonly string[] = at(this.swarm.kinds, actor);
    return this.lockstep.walker.kindsOf(actor).filter((kind) => enabled.includes(kind));
  }

  private oneOf(moves: readonly Move[]): Move | null {
    return moves.length > 0 ? this.pick(moves) : null;
  }

  private pick(moves: readonly Move[]): Move {
    return at(moves, this.random(moves.length));
  }

  private refusal(): Step | null {
    const { walker, world } = this.lockstep;
    const actor = this.random(this.actors.length);
    if (this.isAtWork(actor))
      return walker.movesAtWork(world, actor).length === 0
        ? { kind: "waits", actor, operation: null }
        : null;
    if (!walker.contexts.mayRun(world, actor)) return this.waits(actor);
    const kinds = walker.kindsOf(actor);
    const refused = walker.refusedOf(world, actor, at(kinds, this.random(kinds.length)));
    if (refused.length === 0) return null;
    return { kind: "refused", actor, operation: at(refused, this.random(refused.length)) };
  }

  /** Interrupts are off only for moments: one that comes all the same is seen only in them. */
  private heldOff(): Step | null {
    const { walker, world } = this.lockstep;
    const held = this.interrupts.filter(
      (actor) => !this.isAtWork(actor) && !walker.contexts.mayRun(world, actor),
    );
    return held.length > 0 ? this.waits(at(held, this.random(held.length))) : null;
  }

  private waits(actor: number): Step {
    const numbers = this.lockstep.walker.numbersOf(actor);
    return { kind: "waits", actor, operation: at(numbers, this.random(numbers.length)) };
  }
}

/** What came of a run. */
export type Walked = { readonly steps: readonly Step[]; readonly mismatch: Mismatch | null };

/**
 * Generates and does up to so many steps; ends with the first mismatch.
 *
 * @param onStep sees each step after both did it
 */
export const walk = (
  random: Random,
  lockstep: Floors,
  swarm: Swarm,
  length: number,
  onStep: (step: Step) => void = () => undefined,
): Walked => {
  const generator = new StepGenerator(random, lockstep, swarm);
  const steps: Step[] = [];
  lockstep.reset();
  while (steps.length < length) {
    const step = generator.next();
    if (step === null) break;
    steps.push(step);
    const mismatch = lockstep.do(step);
    if (mismatch) return { steps, mismatch };
    onStep(step);
  }
  return { steps, mismatch: null };
};
