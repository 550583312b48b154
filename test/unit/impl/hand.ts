/**
 * Model and implementation with real lists, and a hand that leads both: for what walks come to too
 * seldom. A place that is not told is the implementation's to choose.
 */
import { expect } from "vitest";
import {
  designNamed,
  type Environment,
  type Label,
  labels,
  type Mark,
  type Operation,
  type Scope,
} from "../../../model/index.ts";
import { describeMismatch, Lockstep, type Step } from "../../../properties/lockstep/index.ts";

export class Hand {
  readonly marks = new Set<Mark>();
  readonly lockstep: Lockstep;

  constructor(name: string, scope: Scope) {
    const design = designNamed(name) ?? expect.unreachable(`there is no design ${name}`);
    this.lockstep = new Lockstep(design, scope, true);
  }

  private do(step: Step): void {
    const mismatch = this.lockstep.do(step);
    expect(mismatch && describeMismatch(mismatch)).toBeNull();
    for (const event of this.lockstep.events)
      if (event.kind === "marked") this.marks.add(event.mark);
  }

  /** The number of the first operation that is what is asked. */
  private numberOf(actor: number, asked: Partial<Operation>): number {
    const { walker } = this.lockstep;
    const number = walker.numbersOf(actor).find((each) => {
      const known = Object.entries(walker.operations[each] ?? {});
      return Object.entries(asked).every(([name, value]) =>
        known.some(([of, is]) => of === name && is === value),
      );
    });
    if (number === undefined) throw new Error(`nobody may ask for ${JSON.stringify(asked)}`);
    return number;
  }

  /** Asked for, and not allowed now. */
  refused(actor: number, asked: Partial<Operation>): void {
    this.do({ kind: "refused", actor, operation: this.numberOf(actor, asked) });
  }

  /** The first action of an operation; `place`: where, if it is not to be the implementation's. */
  begin(actor: number, asked: Partial<Operation>, place?: number): void {
    const { walker, world } = this.lockstep;
    const number = this.numberOf(actor, asked);
    const operation = walker.operations[number];
    const starts = operation ? walker.startsOf(world, actor, operation.kind) : [];
    const move = starts.find(
      (each) =>
        each.kind === "act" &&
        each.starts === number &&
        (place === undefined || each.choice === place),
    );
    if (!move) throw new Error(`not now: ${JSON.stringify(asked)}`);
    this.do({ kind: "move", move, decided: place === undefined ? "by-implementation" : "here" });
  }

  /** One action more; false where the actor is idle or has to wait. */
  goOn(actor: number): boolean {
    const { walker, world } = this.lockstep;
    const [move] = walker.movesAtWork(world, actor);
    if (move) this.do({ kind: "move", move, decided: "by-implementation" });
    return move !== undefined;
  }

  finish(actor: number): void {
    for (let actions = 0; actions < 40 && this.goOn(actor); actions++);
  }

  /** Goes on until the actor stands before an action; fails where it never does. */
  goTo(actor: number, label: Label): void {
    for (let actions = 0; actions < 40; actions++) {
      if (labels[this.lockstep.world.actors[actor]?.label ?? 0] === label) return;
      this.goOn(actor);
    }
    expect.unreachable(`${label} is not on the way`);
  }

  all(actor: number, asked: Partial<Operation>, place?: number): void {
    this.begin(actor, asked, place);
    this.finish(actor);
  }

  /** An untagged page of data in each of these places, under the handles 0, 1, 2, ... */
  fill(...places: readonly number[]): void {
    for (const place of places) this.all(0, { kind: "allocate" }, place);
  }

  pin(handle: number): void {
    this.disturb({ kind: "pin", handle });
  }

  unpin(handle: number): void {
    this.disturb({ kind: "unpin", handle });
  }

  private disturb(does: Environment): void {
    this.do({ kind: "move", move: { kind: "environment", does }, decided: "here" });
  }

  /** Of the page that lies there, or -1. */
  handleAt(place: number): number {
    return this.lockstep.world.held.findIndex(({ at }) => at === place);
  }

  placeOf(handle: number): number {
    return this.lockstep.world.held[handle]?.at ?? -1;
  }
}
