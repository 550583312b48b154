/** Part of a folio in the cache: no hit, and what missed must not hit later. */
import { expect, test } from "vitest";
import { kindOf, Manager, outcomeOf, own, reply } from "../../../impl/index.ts";
import { designNamed } from "../../../model/index.ts";
import { scopeOf } from "./scopes.ts";

const folio = designNamed("cleancache-folio") ?? expect.unreachable("cleancache-folio");

/** Only one page of the folio has a copy: the put of the other one was refused. */
const withCopyOf = (index: number) => {
  const manager = new Manager(folio, scopeOf({ folioOrder: 1 }), { lists: true });
  const run = (kind: keyof typeof kindOf, page: number, bytes = 0) =>
    expect(manager.run(0, kindOf[kind], 0, page, bytes)).toBe(reply.ran);
  const other = 1 - index;
  run("read-file", 0);
  run("write-file", other, 2);
  /** The head of a folio that is clean goes with the rest of it; so the rest is dirty meanwhile. */
  run("evict", index);
  run("write-back", other);
  expect(manager.request(0, 1, [kindOf.evict, 0, other, 0])).toBe(reply.ran);
  while (manager.actor(0).operation !== 0)
    manager.act(0, manager.labelOf(0) === "put-claim" ? -1 : own);
  return { manager, run };
};

test.each([0, 1])("a read that misses lets the copy of page %i go", (index) => {
  for (const read of [0, 1]) {
    const { manager, run } = withCopyOf(index);
    const { copies } = manager.kit;
    expect([copies.find(0) >= 0, copies.find(1) >= 0]).toEqual([index === 0, index === 1]);
    run("read-file", read);
    expect(manager.report.outcome).toBe(outcomeOf.bytes);
    expect(manager.report.value).toBe(read === index ? 0 : 2);
    expect([copies.find(0), copies.find(1)]).toEqual([-1, -1]);
    expect([...manager.state.storage.use]).toEqual([0, 0]);
  }
});
