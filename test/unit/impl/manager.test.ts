/** The manager itself: who asks, what is written down, what can be taken back. */
import { expect, test } from "vitest";
import { frameUse } from "../../../impl/codes.ts";
import { kindOf, Manager, own, type Parts, reply, wish } from "../../../impl/index.ts";
import { type Design, designNamed, labels, type Scope } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

const known = (name: string): Design => designNamed(name) ?? expect.unreachable(name);
const carveout = known("carveout");
const cma = known("cma");
const folio = known("cleancache-folio");

const task = { name: "task", kind: "task", cpu: 0, owner: 0, everyones: true, may: [] } as const;
const two: Scope = scopeOf({ actors: [task, { ...task, name: "other", cpu: 1 }] });

test("nobody is there beyond the last actor", () => {
  const manager = new Manager(carveout, two);
  expect(manager.actor(1).me).toBe(1);
  for (const me of [-1, 2]) expect(() => manager.actor(me)).toThrow(`there is no actor ${me}`);
});

test("what is asked is written down, and the file page that is meant", () => {
  const manager = new Manager(carveout, two);
  const { actor } = { actor: manager.actor(0) };
  expect(manager.request(0, 5, [kindOf.allocate, 1, 2, 3])).toBe(reply.ran);
  const { operation, label, kind, first, second, third, key } = actor;
  expect({ operation, kind, first, second, third, key }).toEqual({
    operation: 5,
    kind: kindOf.allocate,
    first: 1,
    second: 2,
    third: 3,
    key: 0,
  });
  expect(labels[label]).toBe("take-page");
  expect(manager.labelOf(0)).toBe("take-page");
  /** Whoever is at work does not ask. */
  expect(manager.request(0, 5, [kindOf.allocate, 1, 2, 3])).toBe(reply.refused);
  expect(manager.run(0, kindOf.allocate)).toBe(reply.refused);
  manager.actor(0).reset();
  expect(actor.operation).toBe(0);
  for (const [kind, file, index, meant] of [
    ["read-file", 1, 1, 3],
    ["truncate", 1, 0, 2],
    ["unlink", 1, 1, 2],
    ["unlink", 0, 1, 0],
    ["unmount", 0, 0, 0],
  ] as const) {
    expect(manager.request(0, 1, [kindOf[kind], file, index, 0])).toBe(reply.ran);
    expect(actor.key, kind).toBe(meant);
    manager.actor(0).reset();
  }
  expect(manager.run(0, kindOf.unlink, 1)).toBe(reply.ran);
  expect(manager.request(0, 1, [kindOf.create, 1, 1, 0])).toBe(reply.ran);
  expect(actor.key).toBe(2);
});

test("a snapshot stays as it was, and is what it is restored to", () => {
  const manager = new Manager(carveout, two, { lists: true });
  const fresh = manager.snapshot();
  const copy = fresh.slice();
  expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
  expect(fresh).toEqual(copy);
  expect(Buffer.compare(manager.state.all, copy)).not.toBe(0);
  manager.restore(fresh);
  expect(manager.state.all).toEqual(copy);
});

test("an idle actor has nothing to go on with", () => {
  const manager = new Manager(carveout, two);
  expect(manager.isReady(0)).toBe(false);
  expect(manager.act(0, own)).toBe(reply.refused);
});

test("a patch gets all that actions are made of, and gives the scripts that run", () => {
  const seen: Parts[] = [];
  const manager = new Manager(carveout, two, {
    patch: (parts) => {
      seen.push(parts);
      const { mount: _, ...rest } = parts.scripts;
      return rest;
    },
  });
  expect(seen).toHaveLength(1);
  expect(seen[0]?.kit).toBe(manager.kit);
  expect(seen[0]?.design).toBe(carveout);
  expect(seen[0]?.units.keyOf(1, 1)).toBe(3);
  expect(manager.scripts).not.toHaveProperty("mount");
  expect(manager.run(0, kindOf.unmount)).toBe(reply.ran);
  for (const said of [manager.run(0, kindOf.mount), manager.request(0, 1, [kindOf.mount, 0, 0, 0])])
    expect(said).toBe(reply.refused);
  expect(manager.actor(0).kind).toBe(0);
  for (const kind of [-1, 99]) expect(manager.request(0, 1, [kind, 0, 0, 0])).toBe(reply.refused);
  expect(manager.state.freeFrames.kept).toBe(false);
});

test("pages that are no memory are given to nobody", () => {
  const notMemory = [{ first: 1, count: 2 }];
  const manager = new Manager(carveout, two, { lists: true, notMemory });
  const { use } = manager.state.frames;
  expect([...use]).toEqual([0, 1, 1, 0, 0, 0].map((not) => (not ? frameUse.busy : frameUse.free)));
  const given: number[] = [];
  while (manager.run(0, kindOf.allocate, 0, wish.tagged) === reply.ran && given.length < 9) {
    if (manager.report.outcome !== 1) break;
    given.push(manager.state.held.at[manager.report.value] ?? -1);
  }
  expect(given).toEqual([0, 3, 4, 5]);
});

test("freed memory is filled with junk unless it is said not to be", () => {
  for (const poison of [true, false]) {
    const manager = new Manager(folio, { ...two, folioOrder: 1 }, { lists: true, poison });
    const junked = () => manager.state.arena.some((nibbles) => nibbles !== 0);
    expect(junked()).toBe(poison);
    manager.state.arena.fill(0);
    expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
    expect(manager.run(0, kindOf.free, 0)).toBe(reply.ran);
    expect(junked()).toBe(poison);
  }
});

test("data without tags go where there can be no tags, and tagged pages never do", () => {
  const interrupt = { ...task, name: "interrupt", kind: "interrupt" } as const;
  const scope = scopeOf({ otherCmaPages: 2, actors: [task, interrupt] });
  const placed = (design: Design, asked: readonly (readonly [me: number, wishes: number])[]) => {
    const manager = new Manager(design, scope, { lists: true });
    return asked.map(([me, wishes]) => {
      expect(manager.run(me, kindOf.allocate, 0, wishes)).toBe(reply.ran);
      return manager.state.held.at[manager.report.value] ?? -1;
    });
  };
  const data = [0, 0] as const;
  expect(placed(carveout, [data, [0, wish.tagged]])).toEqual([0, 1]);
  /** First memory that is never tagged, then tag storage (behind the frames), then the rest. */
  expect(placed(cma, [data, data, data, data, data, data])).toEqual([4, 5, 6, 7, 0, 1]);
  /** Nobody who may not sleep gets a page of tag storage: he could not move it away again. */
  const atomic = [1, wish.atomic] as const;
  expect(placed(cma, [atomic, data, atomic, atomic])).toEqual([4, 5, 0, 1]);
});
