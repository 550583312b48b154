/**
 * A design that lives in the model alone, under test: its machinery is walked, and each step is
 * judged by the contract and by every row that the design is expected to keep, as the checker would
 * judge it, in scopes that no checker exhausts.
 */
import type { Transition } from "../../checker/index.ts";
import {
  at,
  type Design,
  describeDeed,
  describeJob,
  type Event,
  type Move,
  type Scope,
  Walker,
  type World,
} from "../../model/index.ts";
import { keptRows } from "../kept.ts";
import type { DesignProperty } from "../row.ts";
import { rows } from "../rows/index.ts";
import type { Act, Floors, Mismatch, Under } from "./floors.ts";
import type { Step } from "./run.ts";

/** More contract states than this are forgotten between two runs. */
const mostRemembered = 20_000;

type Judging = {
  readonly row: string;
  readonly sentence: string;
  readonly property: DesignProperty;
};

/** What a property over states or steps says of this one; asked only where it has a case. */
const foundBy = (
  property: DesignProperty,
  transition: Transition<World, Move, Event>,
  moves: readonly Move[],
): string | null => {
  const { after } = transition;
  if (property.kind === "step")
    return property.premise?.(transition) === false ? null : property.judge(transition);
  if (property.kind === "always")
    return property.premise?.(after, moves) === false ? null : property.judge(after, moves);
  return null;
};

export class Judged implements Floors {
  readonly walker: Walker;
  readonly refuses = false;
  world: World;
  events: readonly Event[] = [];
  private readonly judging: readonly Judging[];

  constructor(design: Design, scope: Scope, lists: boolean, under: Under = {}) {
    this.walker = new Walker(under.design?.(design) ?? design, scope, { everyFrame: lists });
    const kept = keptRows(design.name);
    /** Rows of single slices ask of those alone; rows over whole runs are for the checker. */
    this.judging = rows
      .filter((row) => !row.slices && kept.includes(row.id) && !row.appliesNot?.(this.walker))
      .flatMap((row) =>
        row
          .build(this.walker, "suite")
          .map((property) => ({ row: row.id, sentence: row.sentence, property })),
      );
    this.world = this.walker.begin();
  }

  reset(): void {
    if (this.walker.judge.size > mostRemembered) this.walker.judge.forget();
    this.world = this.walker.begin();
  }

  isOwnChoice(_move: Act): boolean {
    return false;
  }

  alternatives({ actor, starts }: Act): readonly Act[] {
    return this.walker
      .movesBy(this.world, actor, starts)
      .filter((move): move is Act => move.kind === "act");
  }

  do(step: Step): Mismatch | null {
    /** Whoever has to wait or may not ask is not asked: the machinery offers him no move. */
    if (step.kind !== "move") return null;
    const { move } = step;
    const { walker } = this;
    const before = this.world;
    const who = (): Pick<Mismatch, "actor" | "operation" | "action"> => {
      if (move.kind === "environment") {
        const { does } = move;
        const operation = does.kind === "own" ? describeDeed(does.name, does.object) : does.kind;
        return { actor: "the environment", operation, action: does.kind };
      }
      const { actor, starts } = move;
      const job = starts === null ? walker.operationOf(before, actor) : walker.operations[starts];
      if (!job) return { actor: "somebody", operation: "nothing", action: "nothing" };
      return {
        actor: at(walker.site.scope.actors, actor).name,
        operation: describeJob(job),
        action: starts === null ? walker.labelOf(before, actor) : walker.scriptOf(job).entry,
      };
    };
    try {
      const { next, events } = walker.step(before, move);
      this.world = next;
      this.events = events;
      const found = this.judge({ before, move, after: next, events });
      return found && { ...who(), ...found };
    } catch (error) {
      /** A design that comes to a state that no script was written for is as wrong as any. */
      if (!(error instanceof RangeError)) throw error;
      return { ...who(), part: "run", expected: "an end", found: error.message };
    }
  }

  private judge(
    transition: Transition<World, Move, Event>,
  ): Pick<Mismatch, "part" | "expected" | "found"> | null {
    const moves = this.walker.moves(transition.after);
    for (const { row, sentence, property } of this.judging) {
      const found = foundBy(property, transition, moves);
      if (found !== null) return { part: row, expected: sentence, found };
    }
    return null;
  }
}
