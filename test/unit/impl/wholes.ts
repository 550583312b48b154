/** Two managers that do the same, one a whole operation at once, the other action by action. */
import { expect } from "vitest";
import {
  kindOf,
  Manager,
  operationKinds,
  own,
  type PackedOperation,
  reply,
} from "../../../impl/index.ts";
import { at, type Design, type Scope } from "../../../model/index.ts";
import type { Random } from "./stepping.ts";

/** What a report tells of all actions since it was begun. */
const toldBy = ({ report }: Manager) => {
  const { outcome, value, marks, slept, claimed, ended, commits, ownCommits } = report;
  return { outcome, value, marks, slept, claimed, ended, commits, ownCommits };
};

type Told = ReturnType<typeof toldBy> & { readonly atomically: boolean; readonly atEnd: number };

const nothingTold: Told = {
  outcome: -1,
  value: 0,
  marks: 0,
  slept: false,
  claimed: false,
  ended: false,
  commits: 0,
  ownCommits: 0,
  atomically: false,
  atEnd: 0,
};

const both = (told: Told, manager: Manager): Told => {
  const now = toldBy(manager);
  const { claimedAtomically, commitsAtEnd } = manager.report;
  return {
    outcome: now.outcome >= 0 ? now.outcome : told.outcome,
    value: now.outcome >= 0 ? now.value : told.value,
    marks: told.marks | now.marks,
    slept: told.slept || now.slept,
    claimed: told.claimed || now.claimed,
    ended: told.ended || now.ended,
    commits: told.commits + now.commits,
    ownCommits: told.ownCommits + now.ownCommits,
    atomically: now.claimed ? claimedAtomically : told.atomically,
    atEnd: now.ended ? commitsAtEnd : told.atEnd,
  };
};

/** No operation of a small scope has so many actions. */
const mostActions = 200;

/** Operations whose first action takes a lock or a page. */
const beginnings = [kindOf.allocate, kindOf["enable-tags"], kindOf["read-file"], kindOf.copy];

export class Wholes {
  readonly whole: Manager;
  readonly stepwise: Manager;
  /** How many operations ran to their end, and how many stopped on their way. */
  ran = 0;
  waited = 0;

  constructor(design: Design, scope: Scope) {
    this.whole = new Manager(design, scope, { lists: true });
    this.stepwise = new Manager(design, scope, { lists: true });
  }

  /** Somebody does something: asks for an operation, or goes on with one that had to wait. */
  step(random: Random): void {
    const me = random(this.whole.scope.actors.length);
    const standing = this.whole.actor(me).operation !== 0;
    if (standing && random(3) > 0) this.goOn(me);
    else this.ask(me, [1 + random(kindOf.mount), random(6) - 1, random(4), random(3)]);
    expect(Buffer.compare(this.whole.state.all, this.stepwise.state.all)).toBe(0);
  }

  /** An idle actor begins something, and stops before its second action or its third. */
  standInTheWay(me: number, random: Random): void {
    if (this.whole.actor(me).operation !== 0) return;
    const kind = at(beginnings, random(beginnings.length));
    const operation = [kind, random(3), random(2), 0] as const;
    for (const manager of [this.whole, this.stepwise])
      if (manager.request(me, 1, operation) === reply.ran && manager.isReady(me))
        manager.act(me, own);
  }

  private goOn(me: number): void {
    const said = this.whole.isReady(me) ? this.whole.act(me, own) : reply.waits;
    const ready = this.stepwise.isReady(me);
    expect(ready ? this.stepwise.act(me, own) : reply.waits).toBe(said);
  }

  private ask(me: number, operation: PackedOperation): void {
    const { whole, stepwise } = this;
    const what = `${at(operationKinds, operation[0])} ${operation.slice(1).join(" ")}`;
    const said = whole.run(me, ...operation);
    let did: number = stepwise.request(me, 1, operation);
    let told = nothingTold;
    if (did === reply.ran)
      for (let steps = 0; did === reply.ran && stepwise.actor(me).operation !== 0; steps++) {
        expect(steps).toBeLessThan(mostActions);
        did = stepwise.act(me, own);
        told = both(told, stepwise);
      }
    expect(did, what).toBe(said);
    if (said === reply.ran) this.ran++;
    if (said === reply.waits) this.waited++;
    expect(both(nothingTold, whole), what).toEqual(told);
  }
}
