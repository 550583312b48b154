/** The door: what nobody may ask for, though no scope of a suite ever offers it. */
import { describe, expect, test } from "vitest";
import {
  kindOf,
  Manager,
  type PackedOperation,
  packedDesigns,
  reply,
  wish,
} from "../../../impl/index.ts";
import type { Design } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

/** Two files of two pages, both read and put into the cache where there is one; a page and a slot. */
const furnished = (design: Design, everyones = true) => {
  const actor = { name: "task", kind: "task", cpu: 0, owner: 0, everyones, may: [] } as const;
  const small = scopeOf({ blocks: 6, slots: 1, actors: [actor] });
  const manager = new Manager(design, { ...small, folioOrder: design.folioOrder }, { lists: true });
  const run = (...[kind, ...rest]: PackedOperation) => manager.run(0, kind, ...rest);
  for (const tagged of [wish.tagged, wish.tagged, 0])
    expect(run(kindOf.allocate, 0, tagged, 0)).toBe(reply.ran);
  expect(run(kindOf["swap-out"], 0, 0, 0)).toBe(reply.ran);
  for (const file of [0, 1])
    for (const index of [0, 1]) {
      run(kindOf["read-file"], file, index, 0);
      run(kindOf.evict, file, index, 0);
    }
  return { manager, run };
};

const handles = ["free", "migrate", "enable-tags", "write-tag", "read-tag", "copy"] as const;
const bytes = ["write-bytes", "read-bytes", "swap-out"] as const;
const slots = ["swap-in", "share-slot", "free-slot"] as const;
const filePages = ["read-file", "write-file", "write-back", "direct-write", "truncate"] as const;
const caches = ["evict", "drop"] as const;
const whole = ["unlink", "create"] as const;

describe.each(packedDesigns.map((design) => ({ name: design.name, design })))(
  "$name",
  ({ design }) => {
    test("handles, slots, files and pages that there are not", () => {
      const { manager, run } = furnished(design);
      const before = manager.snapshot();
      const far = [-1, 100, 1_000_000];
      const asked: PackedOperation[] = [
        ...[...handles, ...bytes].flatMap((kind) =>
          [...far, 0, manager.state.held.at.length].map(
            (n): PackedOperation => [kindOf[kind], n, 0, 0],
          ),
        ),
        ...slots.flatMap((kind) =>
          [...far, 1].map((n): PackedOperation => [kindOf[kind], n, 0, 0]),
        ),
        ...[...filePages, ...caches].flatMap((kind) =>
          [...far, 2].flatMap((n): PackedOperation[] => [
            [kindOf[kind], n, 0, 1],
            [kindOf[kind], 0, n, 1],
          ]),
        ),
        ...whole.flatMap((kind) =>
          [...far, 2].map((n): PackedOperation => [kindOf[kind], n, 0, 0]),
        ),
      ];
      for (const operation of asked) expect(run(...operation), `${operation}`).toBe(reply.refused);
      expect(Buffer.compare(before, manager.state.all)).toBe(0);
    });

    test("granules and tags that there are not: they would be another page's", () => {
      const { manager, run } = furnished(design);
      const { granules } = manager.kit.arena;
      expect(run(kindOf["write-tag"], 1, granules - 1, 15)).toBe(reply.ran);
      const before = manager.snapshot();
      for (const granule of [-1, granules, 1_000]) {
        expect(run(kindOf["write-tag"], 1, granule, 1)).toBe(reply.refused);
        expect(run(kindOf["read-tag"], 1, granule, 0)).toBe(reply.refused);
      }
      for (const tag of [-1, 16]) expect(run(kindOf["write-tag"], 1, 0, tag)).toBe(reply.refused);
      expect(Buffer.compare(before, manager.state.all)).toBe(0);
    });
  },
);
