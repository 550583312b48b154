/** What a kit keeps beside the scripts: the order of copies, who faults on a page, who is in flight. */
import { describe, expect, test } from "vitest";
import { storageUse } from "../../../impl/codes.ts";
import {
  kindOf,
  Manager,
  outcomeOf,
  own,
  packedDesigns,
  reply,
  wish,
} from "../../../impl/index.ts";
import { commitFields } from "../../../impl/report.ts";
import { type Design, designNamed } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

const known = (name: string): Design => designNamed(name) ?? expect.unreachable(name);
const task = { name: "task", kind: "task", cpu: 0, owner: 0, everyones: true, may: [] } as const;
const two = [task, { ...task, name: "other", cpu: 1 }];

/** Three storage pages, four keys: the fourth takes the place of the one not used for longest. */
test("the copy that was not used for longest goes first", () => {
  const lists = { lists: true };
  const scope = scopeOf({ blocks: 3, pagesPerFile: 2, files: 2 });
  for (const touched of [null, 0, 1, 2]) {
    const manager = new Manager(known("cleancache-page"), scope, lists);
    const once = (key: number) => {
      expect(manager.run(0, kindOf["read-file"], key >> 1, key & 1)).toBe(reply.ran);
      expect(manager.run(0, kindOf.evict, key >> 1, key & 1)).toBe(reply.ran);
    };
    for (const key of [0, 1, 2]) once(key);
    if (touched !== null) {
      expect(manager.run(0, kindOf["read-file"], touched >> 1, touched & 1)).toBe(reply.ran);
      expect(manager.run(0, kindOf["write-file"], touched >> 1, touched & 1, 1)).toBe(reply.ran);
    }
    once(3);
    const left = [0, 1, 2, 3].filter((key) => manager.kit.copies.find(key) >= 0);
    expect(left, `${touched}`).toEqual(
      [0, 1, 2, 3].filter((key) => key !== (touched === 0 ? 1 : 0)),
    );
  }
});

test("kernel memory is tagged where a design says that it may be", () => {
  for (const design of packedDesigns) {
    const manager = new Manager(design, scopeOf({}), { lists: true });
    const said = manager.run(0, kindOf.allocate, 0, wish.tagged | wish.atomic);
    expect(said === reply.ran, design.name).toBe(design.kernelTags);
    expect(manager.run(0, kindOf.allocate, 0, wish.atomic)).toBe(reply.ran);
    expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
  }
});

test("a page on which somebody faults is not moved, though he holds it at no moment between", () => {
  const manager = new Manager(known("cma"), scopeOf({ actors: two }), { lists: true });
  for (const handle of [0, 1]) {
    expect(manager.run(0, kindOf.allocate, 0, 0)).toBe(reply.ran);
    expect(manager.report.value).toBe(handle);
  }
  manager.environment("pin", 0);
  expect(manager.request(0, 1, [kindOf["enable-tags"], 0, 0, 0])).toBe(reply.ran);
  for (let acts = 0; acts === 0 || manager.labelOf(0) !== "look-at-page"; acts++) {
    expect(manager.act(0, own)).toBe(reply.ran);
    expect(acts).toBeLessThan(20);
  }
  manager.environment("unpin", 0);
  expect(manager.state.held.uses[0]).toBe(0);
  expect(manager.request(1, 1, [kindOf.free, 0, 0, 0])).toBe(reply.refused);
  expect(manager.request(1, 1, [kindOf.migrate, 0, 0, 0])).toBe(reply.refused);
  expect(manager.request(1, 1, [kindOf.free, 1, 0, 0])).toBe(reply.ran);
  manager.actor(1).reset();
  manager.actor(0).reset();
  /** He who asks now faulted on no page, whatever he asks for. */
  expect(manager.request(1, 1, [kindOf.free, 0, 0, 0])).toBe(reply.ran);
  manager.actor(1).reset();
});

test("tag storage that data leave is as they left it where nobody asked for junk", () => {
  for (const poison of [true, false]) {
    const manager = new Manager(known("cma"), scopeOf({}), { lists: true, poison });
    expect(manager.run(0, kindOf.allocate, 0, wish.zeroed)).toBe(reply.ran);
    const before = manager.state.arena.slice();
    expect(manager.run(0, kindOf.free, 0)).toBe(reply.ran);
    expect(Buffer.compare(before, manager.state.arena) === 0).toBe(!poison);
  }
});

test("tag storage that tags leave is junk to its last granule, unless it is said not to be", () => {
  for (const poison of [true, false]) {
    const manager = new Manager(known("cma"), scopeOf({ blocks: 1 }), { lists: true, poison });
    manager.state.arena.fill(0);
    expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
    expect(manager.run(0, kindOf.free, 0)).toBe(reply.ran);
    expect([...new Set(manager.state.arena)]).toEqual([poison ? 0xff : 0]);
  }
});

test("nobody holds the data of a storage page that was left", () => {
  const manager = new Manager(known("cma"), scopeOf({}), { lists: true });
  const { holders } = manager.state;
  expect(manager.run(0, kindOf.allocate, 0, 0)).toBe(reply.ran);
  expect([...holders]).toEqual([0, -1]);
  expect(manager.run(0, kindOf.free, 0)).toBe(reply.ran);
  expect([...holders]).toEqual([-1, -1]);
  for (const wishes of [0, wish.tagged]) manager.run(0, kindOf.allocate, 0, wishes);
  /** The claim for the second one moved the first one away. */
  expect(manager.state.storage.use[0]).toBe(storageUse.tags);
  expect(holders[0]).toBe(-1);
});

describe("pages in flight, when there is no memory", () => {
  const decided = commitFields.indexOf("decided");
  const full = (notMemory: readonly { first: number; count: number }[]) => {
    const scope = scopeOf({ actors: two });
    const manager = new Manager(known("carveout"), scope, { lists: true, notMemory });
    const others = notMemory.length;
    for (let page = others; page < 5; page++) manager.run(0, kindOf.allocate, 0, wish.tagged);
    return manager;
  };
  const short = (manager: Manager) => {
    expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
    expect(manager.report.outcome).toBe(outcomeOf["no-memory"]);
    return manager.report.field(0, decided);
  };

  test("are those that others move", () => {
    const manager = full([]);
    expect(manager.request(1, 1, [kindOf.allocate, 0, wish.tagged, 0])).toBe(reply.ran);
    expect(manager.act(1, own)).toBe(reply.ran);
    expect(short(manager)).toBe(1);
  });

  test("are none while nobody else moves any", () => {
    const manager = full([{ first: 3, count: 1 }]);
    expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
    expect(short(manager)).toBe(0);
    expect(manager.request(1, 1, [kindOf["read-file"], 0, 0, 0])).toBe(reply.ran);
    expect(short(manager)).toBe(0);
  });
});

describe("locks", () => {
  const manager = () => new Manager(known("carveout"), scopeOf({ actors: two }));

  test("there are none that a design has not", () => {
    const { locks } = manager();
    expect([locks.named("tag-blocks"), locks.named(null), locks.named(undefined)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(locks.named("index")).toMatchObject({ spins: true, stopsInterrupts: true });
    expect(locks.named("page-table")).toMatchObject({ spins: true, stopsInterrupts: false });
    expect(locks.named("file-page")).toMatchObject({ spins: false, ofPages: true });
  });

  test.each(["index", "page-table", "file-page"] as const)(
    "%s is counted while it is held",
    (name) => {
      const owner = manager();
      const lock = owner.locks.named(name) ?? expect.unreachable(name);
      const [me, other] = [owner.actor(0), owner.actor(1)];
      const { spins, stopsInterrupts } = lock;
      expect(owner.locks.alone).toBe(false);
      owner.locks.take(lock, me);
      expect([me.spinLocks, me.irqLocks]).toEqual([Number(spins), Number(stopsInterrupts)]);
      expect([owner.locks.isHeld(lock, me), owner.locks.isHeld(lock, other)]).toEqual([true, true]);
      owner.locks.drop(lock, other);
      expect([other.spinLocks, other.irqLocks]).toEqual([0, 0]);
      owner.locks.take(lock, other);
      owner.locks.drop(lock, other);
      expect([other.spinLocks, other.irqLocks]).toEqual([0, 0]);
      expect(owner.locks.isHeld(lock, me)).toBe(false);
    },
  );

  test("one actor alone may always run", () => {
    const alone = new Manager(known("carveout"), scopeOf({}));
    expect(alone.locks.alone).toBe(true);
    expect(alone.locks.mayRun(alone.actor(0))).toBe(true);
  });
});
