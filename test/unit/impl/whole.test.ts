/** Whole operations at once come to what their actions come to, one by one. */
import { describe, expect, test } from "vitest";
import { replacing } from "../../../impl/bugs/bug.ts";
import { end } from "../../../impl/codes.ts";
import {
  kindOf,
  Manager,
  own,
  type Patch,
  packedDesigns,
  reply,
  wish,
} from "../../../impl/index.ts";
import { designNamed, labels } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";
import { numbersFrom } from "./walks.ts";
import { Wholes } from "./wholes.ts";

const actor = (name: string, cpu: number) =>
  ({ name, kind: "task", cpu, owner: 0, everyones: true, may: [] }) as const;
const several = [
  actor("task", 0),
  actor("other", 1),
  { ...actor("interrupt", 0), kind: "interrupt" },
] as const;

const known = (name: string) => designNamed(name) ?? expect.unreachable(name);

describe.each(packedDesigns.map((design) => ({ name: design.name, design })))(
  "$name",
  ({ design }) => {
    const scope = { ...scopeOf({ slots: 2 }), folioOrder: design.folioOrder };

    test("run does what request and act do, alone", () => {
      const wholes = new Wholes(design, scope);
      const random = numbersFrom(1);
      for (let step = 0; step < 300; step++) wholes.step(random);
      expect(wholes.ran).toBeGreaterThan(30);
      expect(wholes.waited).toBe(0);
    });

    test("run does what request and act do, among others who stand in the middle of something", () => {
      const wholes = new Wholes(design, { ...scope, actors: several });
      const random = numbersFrom(2);
      /** Somebody who holds a lock, or has begun to, in the way of whoever comes. */
      for (let step = 0; step < 300; step++) {
        if (step % 8 === 0) wholes.standInTheWay(step % 16 === 0 ? 0 : 1, random);
        wholes.step(random);
      }
      expect(wholes.ran).toBeGreaterThan(30);
      expect(wholes.waited).toBeGreaterThan(0);
    });

    test("a refused request changes nothing", () => {
      const manager = new Manager(design, scope);
      const before = manager.snapshot();
      for (const kind of ["free", "write-tag", "swap-in", "read-bytes", "create", "mount"] as const)
        for (const first of [-1, 0, 1_000])
          expect(manager.run(0, kindOf[kind], first)).toBe(reply.refused);
      expect(manager.run(0, kindOf["read-file"], 7)).toBe(reply.refused);
      expect(manager.run(0, kindOf["read-file"], 0, 9)).toBe(reply.refused);
      for (const kind of [-1, kindOf.none, kindOf.get, kindOf.drop + 1])
        expect(manager.run(0, kind)).toBe(reply.refused);
      expect(Buffer.compare(before, manager.state.all)).toBe(0);
    });
  },
);

/** A planted action that goes on to a label at which there is nothing. */
test("an operation that loses its way stays where it is, and says so", () => {
  const nowhere = labels.indexOf("access");
  const lost: Patch = replacing(["free"], "give-back", () => ({ do: () => nowhere }));
  const manager = new Manager(known("carveout"), scopeOf({}), { lists: true, patch: lost });
  expect(manager.run(0, kindOf.allocate, 0, wish.tagged)).toBe(reply.ran);
  expect(manager.run(0, kindOf.free, 0)).toBe(reply.refused);
  const { operation, label, commits, claiming } = manager.actor(0);
  expect({ operation, label, commits, claiming }).toEqual({
    operation: 1,
    label: nowhere,
    commits: 1,
    claiming: 0,
  });
  expect(manager.report.ended).toBe(false);
  expect(manager.act(0, own)).toBe(reply.refused);
  expect(nowhere).not.toBe(end);
});

describe("an operation that has to wait for another's tags", () => {
  const sharing = [actor("task", 0), { ...actor("sharer", 1), owner: 1 }];
  const waiting = (patch?: Patch) => {
    const options = { lists: true, ...(patch && { patch }) };
    const manager = new Manager(known("carveout"), scopeOf({ actors: sharing }), options);
    expect(manager.run(0, kindOf.allocate, 0, 0)).toBe(reply.ran);
    expect(manager.request(0, 1, [kindOf["enable-tags"], 0, 0, 0])).toBe(reply.ran);
    /** It looks at the page, and locks its tags. */
    for (let step = 0; step < 2; step++) manager.act(0, own);
    expect(manager.run(1, kindOf["enable-tags"], 0)).toBe(reply.waits);
    expect(manager.labelOf(1)).toBe("await-tags");
    expect([manager.isReady(0), manager.isReady(1)]).toEqual([true, false]);
    expect(manager.act(1, own)).toBe(reply.waits);
    expect(manager.actor(1).operation).toBe(1);
    while (manager.actor(0).operation !== 0) expect(manager.act(0, own)).toBe(reply.ran);
    while (manager.actor(1).operation !== 0) expect(manager.act(1, own)).toBe(reply.ran);
    expect(manager.state.held.tagged[0]).toBe(1);
  };

  test("waits", () => waiting());

  test("waits for a lock as well, where an action needs both", () => {
    const put = { takes: "index", drops: "index" } as const;
    waiting(replacing(["enable-tags"], "await-tags", (action) => ({ ...action, ...put })));
  });
});
