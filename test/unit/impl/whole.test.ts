/** Whole operations at once come to what their actions come to, one by one. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  kindOf,
  Manager,
  operationKinds,
  outcomeOf,
  own,
  type PackedOperation,
  packOperation,
  reply,
  unpackOperation,
  wish,
} from "../../../impl/index.ts";
import { designs, type Operation, totalPages } from "../../../model/index.ts";
import { phone } from "../../machines.ts";
import { scopeOf } from "./scopes.ts";

const operation: fc.Arbitrary<PackedOperation> = fc.tuple(
  fc.integer({ min: kindOf.allocate, max: kindOf.mount }),
  fc.integer({ min: -1, max: 4 }),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0, max: 2 }),
);

describe.each(designs.map((design) => ({ name: design.name, design })))("$name", ({ design }) => {
  const scope = { ...scopeOf({ slots: 2 }), folioOrder: design.folioOrder };

  test("run does what request and act do", () => {
    const whole = new Manager(design, scope, { lists: true });
    const stepwise = new Manager(design, scope, { lists: true });
    const fresh = whole.snapshot();
    let ran = 0;
    fc.assert(
      fc.property(fc.array(operation, { minLength: 40, maxLength: 80 }), (asked) => {
        whole.restore(fresh);
        stepwise.restore(fresh);
        for (const [kind, first, second, third] of asked) {
          const said = whole.run(0, kind, first, second, third);
          expect(stepwise.request(0, 1, [kind, first, second, third])).toBe(said);
          if (said !== reply.ran) continue;
          ran++;
          let outcome = -1;
          let value = 0;
          for (let steps = 0; stepwise.actor(0).operation !== 0; steps++) {
            expect(steps).toBeLessThan(200);
            expect(stepwise.act(0, own)).toBe(reply.ran);
            if (stepwise.report.outcome < 0) continue;
            outcome = stepwise.report.outcome;
            value = stepwise.report.value;
          }
          expect([whole.report.outcome, whole.report.value]).toEqual([outcome, value]);
          expect(Buffer.compare(whole.state.all, stepwise.state.all)).toBe(0);
        }
      }),
      { seed: 4, numRuns: 60 },
    );
    expect(ran).toBeGreaterThan(500);
  });

  test("a refused request changes nothing", () => {
    const manager = new Manager(design, scope);
    const before = manager.snapshot();
    for (const kind of ["free", "write-tag", "swap-in", "read-bytes", "create", "mount"] as const)
      for (const first of [-1, 0, 1_000])
        expect(manager.run(0, kindOf[kind], first)).toBe(reply.refused);
    expect(manager.run(0, kindOf["read-file"], 7)).toBe(reply.refused);
    expect(manager.run(0, kindOf["read-file"], 0, 9)).toBe(reply.refused);
    expect(Buffer.compare(before, manager.state.all)).toBe(0);
  });

  test("works at the real size, with memory in proportion", () => {
    const { geometry } = phone();
    const large = { ...scope, geometry, slots: 16, files: 4, pagesPerFile: 64 };
    const manager = new Manager(design, large, { lists: true, poison: false });
    const pages = totalPages(geometry);
    expect(manager.run(0, kindOf.allocate, 0, wish.tagged | wish.zeroed)).toBe(reply.ran);
    const handle = manager.report.value;
    expect(manager.run(0, kindOf["write-tag"], handle, 255, 7)).toBe(reply.ran);
    expect(manager.run(0, kindOf["swap-out"], handle)).toBe(reply.ran);
    expect(manager.run(0, kindOf["swap-in"], manager.report.value, 0, 1)).toBe(reply.ran);
    expect(manager.run(0, kindOf["read-tag"], manager.report.value, 255)).toBe(reply.ran);
    expect([manager.report.outcome, manager.report.value]).toEqual([outcomeOf.tag, 7]);
    const { all, arena, stash, slotTags } = manager.state;
    const metadata = all.length - arena.length - stash.length - slotTags.length;
    expect(metadata / pages).toBeLessThan(40);
    expect(arena.length).toBe(pages * 128);
  });
});

test("an operation that was packed is the same when it is unpacked", () => {
  for (const [kind, name] of operationKinds.entries()) {
    if (name === "none") continue;
    const packed: PackedOperation = [kind, 1, 1, 1];
    const asked: Operation = unpackOperation(packed);
    expect(asked.kind).toBe(name);
    const again = packOperation(asked);
    expect(again && unpackOperation(again)).toEqual(asked);
  }
  expect(packOperation({ kind: "swapoff" })).toBeNull();
  expect(() => unpackOperation([0, 0, 0, 0])).toThrow(RangeError);
});
