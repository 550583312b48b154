/**
 * The generator that the picked walks were picked with. That of the suites goes on getting better, and
 * would make other walks of the same numbers; this one stays as it is.
 */
import { at, type Job, type Move } from "../../../model/index.ts";
import type { Lockstep, Mismatch, Step } from "../../../properties/lockstep/index.ts";

/** What was switched on in a walk: swarm testing leaves some of everything out. */
type Swarm = {
  /** By actor: the kinds of operation that it may start. */
  readonly kinds: readonly (readonly string[])[];
  /** Of 100: how often the same actor goes on, an interrupt arrives, somebody frees a page first. */
  readonly stickiness: number;
  readonly interrupts: number;
  readonly freeing: number;
  /** Of 100: how often a put is refused, and how often what has to be refused is asked. */
  readonly refusals: number;
  readonly negatives: number;
};

/** A whole number from 0 to `below` - 1. */
export type Random = (below: number) => number;

const percent = 100;

const some = (random: Random, chance: number): boolean => random(percent) < chance;

/** Leaves some of everything out: what is never done cannot hide what the rest does. */
export const drawSwarm = (random: Random, { walker }: Lockstep): Swarm => {
  const stickiness = at([10, 40, 70, 95], random(4));
  const kept = at([50, 75, 100], random(3));
  const kinds = walker.site.scope.actors.map((_, actor) => {
    const every = walker.kindsOf(actor);
    const chosen = every.filter(() => some(random, kept));
    return chosen.length > 0 ? chosen : every;
  });
  const freeing = at([0, 40, 80], random(3));
  const refusals = at([0, 10, 50], random(3));
  const interrupts = at([5, 25, 60], random(3));
  return { kinds, stickiness, interrupts, freeing, refusals, negatives: random(8) };
};

/** The elements in a random order, one after the other. */
function* shuffled<T>(random: Random, list: readonly T[]): Generator<T> {
  const left = [...list];
  while (left.length > 0) {
    const [chosen] = left.splice(random(left.length), 1);
    if (chosen !== undefined) yield chosen;
  }
}

class StepGenerator {
  private readonly random: Random;
  private readonly lockstep: Lockstep;
  private readonly swarm: Swarm;
  private readonly actors: readonly number[];
  private readonly interrupts: readonly number[];
  private last = 0;

  constructor(random: Random, lockstep: Lockstep, swarm: Swarm) {
    const { actors } = lockstep.walker.site.scope;
    this.random = random;
    this.lockstep = lockstep;
    this.swarm = swarm;
    this.actors = actors.map((_, actor) => actor);
    this.interrupts = this.actors.filter((actor) => at(actors, actor).kind === "interrupt");
  }

  /** What happens next; null where nothing can. */
  next(): Step | null {
    if (some(this.random, this.swarm.negatives)) {
      const refused = this.refusal();
      if (refused) return refused;
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
    if (some(this.random, this.swarm.freeing)) {
      const move = this.oneOf(walker.startsOf(world, actor, "free"));
      if (move) return move;
    }
    for (const kind of shuffled(this.random, this.kindsOf(actor))) {
      const move = this.oneOf(walker.startsOf(world, actor, kind));
      if (move) return move;
    }
    return null;
  }

  private kindsOf(actor: number): readonly Job["kind"][] {
    const enabled: readonly string[] = at(this.swarm.kinds, actor);
    return this.lockstep.walker.kindsOf(actor).filter((kind) => enabled.includes(kind));
  }

  private oneOf(moves: readonly Move[]): Move | null {
    return moves.length > 0 ? at(moves, this.random(moves.length)) : null;
  }

  private refusal(): Step | null {
    const { walker, world } = this.lockstep;
    const actor = this.random(this.actors.length);
    if (this.isAtWork(actor))
      return walker.movesAtWork(world, actor).length === 0
        ? { kind: "waits", actor, operation: null }
        : null;
    if (!walker.contexts.mayRun(world, actor)) {
      const numbers = walker.numbersOf(actor);
      return { kind: "waits", actor, operation: at(numbers, this.random(numbers.length)) };
    }
    const kinds = walker.kindsOf(actor);
    const refused = walker.refusedOf(world, actor, at(kinds, this.random(kinds.length)));
    if (refused.length === 0) return null;
    return { kind: "refused", actor, operation: at(refused, this.random(refused.length)) };
  }
}

/** What came of a run. */
type Walked = { readonly steps: readonly Step[]; readonly mismatch: Mismatch | null };

/**
 * Generates and does up to so many steps; ends with the first mismatch.
 *
 * @param onStep sees each step after both did it
 */
export const walk = (
  random: Random,
  lockstep: Lockstep,
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
