/** What a planted bug declares in place of the design: locks taken, dropped, asked for, and sleep. */
import { expect, test } from "vitest";
import { replacing } from "../../../impl/bugs/bug.ts";
import { kindOf, Manager, own, type PackedAction, type Patch, reply } from "../../../impl/index.ts";
import { designNamed, type Label } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

const carveout = designNamed("carveout") ?? expect.unreachable("carveout");
const task = { name: "task", kind: "task", cpu: 0, owner: 0, everyones: true, may: [] } as const;
const actors = [task, { ...task, name: "other", cpu: 1 }];

/** A page whose tags are being enabled: so many actions are done. */
const enabling = (actions: number, patch?: Patch) => {
  const manager = new Manager(carveout, scopeOf({ actors }), { ...(patch && { patch }) });
  expect(manager.request(0, 1, [kindOf.allocate, 0, 0, 0])).toBe(reply.ran);
  for (const choice of [0, 0, 0]) expect(manager.act(0, choice)).toBe(reply.ran);
  expect(manager.request(0, 1, [kindOf["enable-tags"], 0, 0, 0])).toBe(reply.ran);
  for (let did = 0; did < actions; did++) expect(manager.act(0, own)).toBe(reply.ran);
  return manager;
};

const planted = (label: Label, change: Partial<PackedAction>): Patch =>
  replacing(["enable-tags"], label, (action) => ({ ...action, ...change }));

const held = ({ state }: Manager) => state.locks.filter((holder) => holder !== 0).length;

test("a lock is taken and dropped as the design declares", () => {
  expect(held(enabling(1))).toBe(1);
  const manager = enabling(4);
  expect([held(manager), manager.actor(0).operation]).toEqual([1, 1]);
  expect(held(enabling(5))).toBe(0);
});

test("a lock is not taken, or not dropped, where a bug says so", () => {
  expect(held(enabling(1, planted("look-at-page", { takes: null })))).toBe(0);
  expect(held(enabling(5, planted("map-tagged", { drops: null })))).toBe(1);
  expect(held(enabling(1, planted("look-at-page", { drops: "page-table" })))).toBe(0);
});

test("a lock is asked for where a bug says so", () => {
  const within: Patch = (parts) => planted("clear-tags", { within: "index" })(parts);
  const manager = enabling(2, within);
  expect(manager.isReady(0)).toBe(true);
  manager.state.locks[0] = 2;
  expect(manager.isReady(0)).toBe(false);
  expect(manager.act(0, own)).toBe(reply.waits);
  expect(manager.labelOf(0)).toBe("clear-tags");
  const free = enabling(2);
  free.state.locks[0] = 2;
  expect(free.isReady(0)).toBe(true);
});

test("sleep is told where a bug sleeps, and only in atomic context", () => {
  const asleep = enabling(3, planted("clear-tags", { sleeps: true }));
  expect(asleep.report.slept).toBe(true);
  expect(enabling(3).report.slept).toBe(false);
  const mutex = planted("clear-tags", { within: "file-page" });
  expect(enabling(3, mutex).report.slept).toBe(true);
  const alone = planted("look-at-page", { sleeps: true, takes: null });
  expect(enabling(1, alone).report.slept).toBe(false);
});

test("an action, or an operation, that the design has not is declared nothing", () => {
  const more: Patch = ({ scripts }) => {
    const { free, mount } = scripts;
    const unmap = free?.actions["unmap-page"];
    if (!free || !unmap || !mount) return scripts;
    const actions = { ...free.actions, access: unmap };
    return { ...scripts, free: { entry: "access", actions }, put: mount };
  };
  const manager = enabling(5, more);
  expect(manager.run(0, kindOf.free, 0)).toBe(reply.ran);
  /** There is a script now; nobody may ask for it. */
  expect(manager.run(0, kindOf.put)).toBe(reply.refused);
  expect(manager.request(0, 1, [kindOf.put, 0, 0, 0])).toBe(reply.refused);
});
