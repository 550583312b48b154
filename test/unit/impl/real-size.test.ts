/** What is only so at the size of a machine: memory in proportion, and the map to the last page. */
import { describe, expect, test } from "vitest";
import { Arena } from "../../../impl/arena.ts";
import { kindOf, Manager, outcomeOf, packedDesigns, reply, wish } from "../../../impl/index.ts";
import { freshState } from "../../../impl/state.ts";
import { tagOffset, totalPages } from "../../../model/index.ts";
import { phone } from "../../machines.ts";
import { scopeOf } from "./scopes.ts";

test("the map of the 16 GiB phone is the arena's, from the first page to the last", () => {
  const { geometry } = phone();
  const small = scopeOf({ slots: 0, files: 0, pagesPerFile: 0 });
  const scope = { ...small, geometry: { ...geometry, granulesPerPage: 256 } };
  const arena = new Arena(freshState({ scope, locks: 1, stash: true, lists: false }), scope);
  for (const page of [0, 1, 31, 32, 4_000_001, totalPages(geometry) - 1]) {
    const { storagePage, byteOffset } = tagOffset(geometry, page);
    expect(arena.tagPlace(page)).toBe(2 * (storagePage * 4096 + byteOffset));
  }
});

describe.each(packedDesigns.map((design) => ({ name: design.name, design })))(
  "$name",
  ({ design }) => {
    const scope = { ...scopeOf({ slots: 2 }), folioOrder: design.folioOrder };

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
  },
);
