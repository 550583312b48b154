/**
 * Machinery for a walk: one run that never comes back. It steps in place, and asks for the moves of
 * one actor or one kind of operation instead of listing them all, which is what a random walk needs.
 */
import type { Scope } from "../world/scope.ts";
import { at } from "../world/site.ts";
import type { World } from "../world/world.ts";
import type { Design } from "./design.ts";
import { type Asking, Machinery, type MachineryOptions } from "./driver.ts";
import type { Job } from "./job.ts";
import type { Event, Move } from "./moves.ts";

type Kind = Job["kind"];

export class Walker extends Machinery {
  /** By actor, then by kind. */
  private readonly asked: readonly ReadonlyMap<Kind, readonly Asking[]>[];

  constructor(design: Design, scope: Scope, options: MachineryOptions = {}) {
    super(design, scope, options);
    this.asked = this.offers.map((offers) => {
      const kinds = new Map<Kind, Asking[]>();
      for (const offer of offers) {
        const { kind } = this.known(offer.number);
        const known = kinds.get(kind);
        if (known) known.push(offer);
        else kinds.set(kind, [offer]);
      }
      return kinds;
    });
  }

  /** A world of one's own, to be changed by {@link advance}. */
  begin(): World {
    return structuredClone(this.initial);
  }

  /** A move made in `world` itself. */
  advance(world: World, move: Move): readonly Event[] {
    return this.change(world, move);
  }

  /** The kinds of operation that an actor may ever start, in a fixed order. */
  kindsOf(actor: number): readonly Kind[] {
    return [...at(this.asked, actor).keys()];
  }

  /** The moves of an actor that is at work; none where it waits. */
  movesAtWork(world: World, actor: number): readonly Move[] {
    const moves: Move[] = [];
    const running = this.operationOf(world, actor);
    if (running && this.contexts.mayRun(world, actor))
      this.choicesOf(world, actor, running, this.labelOf(world, actor), null, moves);
    return moves;
  }

  /** The moves by which an idle actor would start an operation of one kind. */
  startsOf(world: World, actor: number, kind: Kind): readonly Move[] {
    const moves: Move[] = [];
    if (!this.contexts.mayRun(world, actor)) return moves;
    const others = this.othersOf(world, actor);
    for (const { number, guard, entry } of at(this.asked, actor).get(kind) ?? [])
      if (guard(world, others))
        this.choicesOf(world, actor, this.known(number), entry, number, moves);
    return moves;
  }

  /** Operations of one kind that nobody may ask for in this state; an implementation refuses. */
  refusedOf(world: World, actor: number, kind: Kind): readonly number[] {
    const others = this.othersOf(world, actor);
    return (at(this.asked, actor).get(kind) ?? []).flatMap(({ number, guard }) =>
      guard(world, others) ? [] : [number],
    );
  }

  /** The numbers of all operations that an actor may ever ask for. */
  numbersOf(actor: number): readonly number[] {
    return at(this.offers, actor).map(({ number }) => number);
  }
}
