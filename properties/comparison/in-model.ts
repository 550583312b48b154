/**
 * A design of the model as the one who does the work. Where it may choose, chance does, but nobody
 * chooses a failure while there is something else. Between two operations its own threads work,
 * and once in a while the world around it does something.
 */
import {
  at,
  type Design,
  type Label,
  type Move,
  type Operation,
  type Outcome,
  type Scope,
  Walker,
  type World,
} from "../../model/index.ts";
import { type Costs, Tally } from "./costs.ts";
import type { Random } from "./random.ts";
import { mostPatience, type Subject, worker } from "./subject.ts";

/** One pause in so many is used by the world around. */
const disturbedPauses = 16;

type Act = Extract<Move, { kind: "act" }>;
type Passing = (from: Label | "start", to: Label, operation: Operation) => void;

export class InModel implements Subject {
  readonly scope: Scope;
  private readonly walker: Walker;
  private readonly random: Random;
  private readonly tally: Tally;
  private readonly passing: Passing;
  private readonly world: World;

  /** @param passing hears of every step from one action to the next */
  constructor(design: Design, scope: Scope, random: Random, passing: Passing = () => undefined) {
    this.scope = scope;
    this.walker = new Walker(design, scope, { everyFrame: true });
    this.random = random;
    this.tally = new Tally(design.claiming);
    this.passing = passing;
    this.world = this.walker.begin();
  }

  get costs(): Costs {
    return this.tally.all;
  }

  ask(by: number, operation: Operation, relief = (): boolean => false): Outcome | "refused" | null {
    const number = this.walker.numberOf(by, operation);
    const first = number === null ? null : this.pick(this.walker.movesBy(this.world, by, number));
    if (first === null) return "refused";
    this.tally.begin(operation.kind === "enable-tags", this.keyOf(operation));
    const outcome = this.finish(by, first, operation, relief);
    this.tally.end(outcome?.kind ?? null);
    return outcome;
  }

  pause(): void {
    const outside = this.walker.movesOfEnvironment(this.world);
    if (outside.length > 0 && this.random(disturbedPauses) === 0)
      this.walker.advance(this.world, at(outside, this.random(outside.length)));
    if (!this.scope.actors[worker]) return;
    for (let actions = 0; actions < mostPatience; actions++) {
      const isAtWork = at(this.world.actors, worker).operation > 0;
      const moves = isAtWork
        ? this.walker.movesAtWork(this.world, worker)
        : this.walker.startsOf(this.world, worker, "work");
      const move = this.pick(moves);
      if (move === null) return;
      this.walker.advance(this.world, move);
      if (isAtWork && at(this.world.actors, worker).operation === 0) return;
    }
  }

  sample(): void {
    const { storage } = this.world;
    const serving = storage.filter(({ use }) => use === "cached" || use === "data").length;
    this.tally.sample(serving / storage.length);
  }

  private keyOf(operation: Operation): number {
    return "file" in operation && "index" in operation
      ? operation.file * this.scope.pagesPerFile + operation.index
      : -1;
  }

  private finish(
    by: number,
    first: Move,
    operation: Operation,
    relief: () => boolean,
  ): Outcome | null {
    const own = this.walker.operations[this.walker.numberOf(by, operation) ?? 0];
    let outcome: Outcome | null = null;
    let move: Move | null = first;
    let from: Label | "start" = "start";
    for (let actions = 1; move !== null; actions++) {
      const starts = move.kind === "act" && move.starts !== null;
      const label: Label = starts
        ? this.walker.scriptOf(operation).entry
        : this.walker.labelOf(this.world, by);
      this.passing(from, label, operation);
      from = label;
      let drops = 0;
      for (const event of this.walker.advance(this.world, move)) {
        if (event.kind !== "committed") continue;
        if (event.operation.kind === "drop") drops++;
        if (event.operation === own) outcome = event.commit.outcome;
      }
      this.tally.action(label, drops);
      if (at(this.world.actors, by).operation === 0) return outcome;
      if (actions % mostPatience === 0 && !relief()) return null;
      move = this.pick(this.walker.movesAtWork(this.world, by));
      if (move === null) this.pause();
      move ??= this.pick(this.walker.movesAtWork(this.world, by));
    }
    return null;
  }

  /**
   * Alternatives below zero are failures. Whom to drop, and what the world decides, is chance; of
   * free places the first is taken, of memory and tag storage now the one, now the other.
   */
  private pick(moves: readonly Move[]): Move | null {
    const acts = moves.filter((move) => move.kind === "act");
    const good = acts.filter(({ choice }) => choice >= 0);
    const [first] = good;
    if (!first) return moves[0] ?? null;
    if (!this.isPlace(first)) return at(good, this.random(good.length));
    const storage = good.find(({ choice }) => choice >= this.walker.site.frames);
    return storage && this.random(2) === 0 ? storage : first;
  }

  /** Is it a place for a page that is decided? */
  private isPlace({ actor, starts }: Act): boolean {
    const job =
      starts === null ? this.walker.operationOf(this.world, actor) : this.walker.operations[starts];
    if (!job) return false;
    const label =
      starts === null ? this.walker.labelOf(this.world, actor) : this.walker.scriptOf(job).entry;
    return this.walker.actionAt(job, label).decidedBy !== "environment" && label !== "put-claim";
  }
}
