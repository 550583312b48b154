/** The fixed structures, each beside the plain thing that it stands for. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutOf } from "../../../impl/columns.ts";
import { Copies } from "../../../impl/copies.ts";
import { FreeNumbers } from "../../../impl/free-numbers.ts";
import { Lists } from "../../../impl/lists.ts";
import { freshState } from "../../../impl/state.ts";
import { scopeOf } from "./scopes.ts";

describe("free numbers", () => {
  test("is a set of which one asks the least", () => {
    const step = fc.record({ add: fc.boolean(), number: fc.nat(2_999) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { plan } = cutOf((cut) => new FreeNumbers(3_000, cut));
        const known = new Set<number>();
        for (const { add, number } of steps) {
          if (add) plan.add(number);
          else plan.remove(number);
          if (add) known.add(number);
          else known.delete(number);
          expect(plan.smallest()).toBe(known.size === 0 ? -1 : Math.min(...known));
        }
      }),
      { seed: 1 },
    );
  });
});

describe("lists", () => {
  test("are lists: first, order, length, whatever is taken out", () => {
    const step = fc.record({ node: fc.nat(7), list: fc.nat(1), first: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { plan } = cutOf((cut) => new Lists(8, 2, cut));
        plan.clear();
        const known: number[][] = [[], []];
        for (const { node, list, first } of steps) {
          const holder = known.findIndex((nodes) => nodes.includes(node));
          const nodes = known[holder] ?? known[list] ?? [];
          if (holder >= 0) {
            plan.remove(holder, node);
            nodes.splice(nodes.indexOf(node), 1);
          } else if (first) {
            plan.addFirst(list, node);
            nodes.unshift(node);
          } else {
            plan.addLast(list, node);
            nodes.push(node);
          }
          for (const [each, expected] of known.entries()) {
            const found: number[] = [];
            for (let at = plan.first(each); at >= 0; at = plan.after(at)) found.push(at);
            expect(found).toEqual(expected);
            expect(plan.lengthOf(each)).toBe(expected.length);
          }
        }
      }),
      { seed: 2 },
    );
  });
});

describe("the index of copies", () => {
  test("finds what was inserted and not removed, and is the same bytes for the same copies", () => {
    const scope = scopeOf({ blocks: 9, files: 4, pagesPerFile: 8 });
    const step = fc.record({ page: fc.nat(8), key: fc.nat(31) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const needs = { scope, locks: 1, stash: false, lists: false };
        const state = freshState(needs);
        const copies = new Copies(state);
        const known = new Map<number, number>();
        for (const { page, key } of steps) {
          const holds = [...known].find(([, other]) => other === page)?.[0];
          if (holds !== undefined) {
            copies.remove(page);
            known.delete(holds);
          } else if (!known.has(key)) {
            state.storage.key[page] = key;
            copies.insert(page);
            known.set(key, page);
          }
          for (let each = 0; each < 32; each++)
            expect(copies.find(each)).toBe(known.get(each) ?? -1);
        }
        const again = freshState(needs);
        const other = new Copies(again);
        for (const [key, page] of [...known].reverse()) {
          again.storage.key[page] = key;
          other.insert(page);
        }
        expect(again.buckets).toEqual(state.buckets);
        for (const page of known.values()) expect(again.chain[page]).toBe(state.chain[page]);
      }),
      { seed: 3 },
    );
  });
});
