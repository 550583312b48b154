/**
 * What a claim of `cma` does with data that lies in the way, where memory is so full that few places
 * are left: too rare for walks. The places of the data are told, those of the claim are its own.
 */
import { describe, expect, test } from "vitest";
import type { Mark, Operation, Scope } from "../../../model/index.ts";
import { designNamed, makeGeometry } from "../../../model/index.ts";
import { describeMismatch, Lockstep, type Step } from "../../../properties/lockstep/index.ts";

const blank = { kind: "task", cpu: 0, owner: 0, everyones: true } as const;

const scopeWith = (
  more: Partial<Scope> & { readonly blocks: number; readonly blockPages?: number },
): Scope => {
  const { blocks, blockPages = 1, ...rest } = more;
  const shape = { granulesPerPage: 1, pagesPerStoragePage: 1, blockPages };
  return {
    geometry: makeGeometry(shape, [blocks]),
    ...{ otherCmaPages: 0, tagValues: 2, byteValues: 2, slots: 0, files: 0, pagesPerFile: 0 },
    ...{ getForm: "keeping", folioOrder: 0, pins: 1, dirtyLines: false, mayFail: false },
    actors: [
      { ...blank, name: "task", may: ["allocate-untagged", "enable-tags", "free", "write-bytes"] },
      { ...blank, name: "other", cpu: 1, may: ["enable-tags", "read-bytes"] },
    ],
    ...rest,
  };
};

/** Model and implementation with real lists, and a hand that leads both. */
class Hand {
  readonly marks = new Set<Mark>();
  readonly lockstep: Lockstep;

  constructor(scope: Scope) {
    const design = designNamed("cma") ?? expect.unreachable("there is a design cma");
    this.lockstep = new Lockstep(design, scope, true);
  }

  private do(step: Step): void {
    const mismatch = this.lockstep.do(step);
    expect(mismatch && describeMismatch(mismatch)).toBeNull();
    for (const event of this.lockstep.events)
      if (event.kind === "marked") this.marks.add(event.mark);
  }

  /** The first action of an operation; `place`: where, if it is not to be the implementation's. */
  begin(actor: number, asked: Partial<Operation>, place?: number): void {
    const { walker, world } = this.lockstep;
    const number = walker.numbersOf(actor).find((each) => {
      const known = Object.entries(walker.operations[each] ?? {});
      return Object.entries(asked).every(([name, value]) =>
        known.some(([of, is]) => of === name && is === value),
      );
    });
    if (number === undefined) throw new Error(`nobody may ask for ${JSON.stringify(asked)}`);
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

  all(actor: number, asked: Partial<Operation>, place?: number): void {
    this.begin(actor, asked, place);
    this.finish(actor);
  }

  /** An untagged page of data in each of these places, under the handles 0, 1, 2, ... */
  fill(...places: readonly number[]): void {
    for (const place of places) this.all(0, { kind: "allocate" }, place);
  }

  pin(handle: number): void {
    const does = { kind: "pin", handle } as const;
    this.do({ kind: "move", move: { kind: "environment", does }, decided: "here" });
  }

  placeOf(handle: number): number {
    return this.lockstep.world.held[handle]?.at ?? -1;
  }
}

describe("data that lies in a block that is claimed", () => {
  test("moves to frame 0 if nothing else is free", () => {
    const hand = new Hand(scopeWith({ blocks: 2 }));
    /** Frames are 0 and 1, storage is 2 and 3; frame 1 wants tags, which belong into 3. */
    hand.fill(1, 2, 3);
    hand.all(0, { kind: "enable-tags", handle: 0 });
    expect(hand.placeOf(2)).toBe(0);
  });

  test("moves to a frame that takes no tags if nothing else is free", () => {
    const hand = new Hand(scopeWith({ blocks: 2, otherCmaPages: 1 }));
    hand.fill(0, 2, 3);
    hand.all(0, { kind: "enable-tags", handle: 0 });
    expect(hand.placeOf(1)).toBe(1);
  });

  test.each([
    [4, 0],
    [5, 0],
    [6, 3],
    [7, 3],
  ])("moves from %i to storage of another block, not of its own", (data, handle) => {
    const hand = new Hand(scopeWith({ blocks: 2, blockPages: 2 }));
    hand.fill(0, 1, 2, 3, data);
    hand.all(0, { kind: "enable-tags", handle });
    /** Storage pages 4 and 5 are one block, 6 and 7 the other. */
    expect(data < 6 ? [6, 7] : [4, 5]).toContain(hand.placeOf(4));
    expect(hand.marks).toContain("claim-moves-data-away");
  });

  test("stays if there is no place for all of it; what the claim took by then is free again", () => {
    const hand = new Hand(scopeWith({ blocks: 2, blockPages: 2 }));
    /** Data in both storage pages of the block, 4 and 5; only 6 is free. */
    hand.fill(0, 1, 2, 3, 4, 5, 7);
    hand.begin(0, { kind: "enable-tags", handle: 0 });
    hand.finish(0);
    expect(hand.marks).toContain("claim-gives-up");
    const { storage } = hand.lockstep.world;
    expect(storage.map(({ use }) => use).sort()).toEqual(["data", "data", "data", "free"]);
    expect(storage[2]?.use).toBe("data");
  });

  test("stays while it is pinned, the first of all pages as well", () => {
    const hand = new Hand(scopeWith({ blocks: 2 }));
    hand.fill(2, 0);
    hand.pin(0);
    hand.begin(0, { kind: "enable-tags", handle: 1 });
    hand.finish(0);
    expect(hand.placeOf(0)).toBe(2);
    expect(hand.marks).toContain("claim-finds-a-pinned-page");
  });

  test("stays while somebody else works on it", () => {
    const hand = new Hand(scopeWith({ blocks: 2 }));
    hand.fill(2, 0);
    /** A fault on the data itself has a reference to it. */
    hand.begin(1, { kind: "enable-tags", handle: 0 });
    hand.begin(0, { kind: "enable-tags", handle: 1 });
    hand.finish(0);
    expect(hand.placeOf(0)).toBe(2);
    hand.finish(1);
  });
});

test("a fault on data in tag storage is tried again where no frame is free", () => {
  const hand = new Hand(scopeWith({ blocks: 2 }));
  hand.fill(0, 1, 2);
  hand.begin(0, { kind: "enable-tags", handle: 2 });
  hand.finish(0);
  expect(hand.placeOf(2)).toBe(2);
});

test("a claim leaves the dirty lines of the next block alone", () => {
  const hand = new Hand(scopeWith({ blocks: 2, dirtyLines: true }));
  /** Frame 0 wants tags in storage page 2; storage page 3 has data whose line is still dirty. */
  hand.fill(0, 3);
  hand.all(0, { kind: "write-bytes", handle: 1, bytes: 1 });
  hand.all(0, { kind: "enable-tags", handle: 0 });
  hand.all(1, { kind: "read-bytes", handle: 1 });
});
