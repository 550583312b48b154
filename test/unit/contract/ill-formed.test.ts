/** What no caller may ask, and what no operation can end in: neither is held against anybody. */
import { expect, test } from "vitest";
import { boot, noMemory, type Operation } from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  create,
  evict,
  gets,
  happens,
  hit,
  judge,
  mount,
  readFile,
  replay,
  swapIn,
  swapOut,
  tagged,
  unlink,
  unmount,
  writeFile,
} from "./happenings.ts";
import { illFormed } from "./ill-formed.ts";

const contract = contractOf();

test.each(illFormed)("%s: %s", (_, why, history, wrong) => {
  const judgement = judge(contract, replay(contract, history), wrong);
  expect(judgement).toEqual({ kind: "ill-formed", why });
});

test("a slot has no more users than there are handles", () => {
  const share = happens({ kind: "share-slot", slot: 0 });
  const full = replay(contract, [tagged(0), swapOut(0, 0), share, share, share]);
  const why = "the slot has too many users";
  expect(judge(contract, full, share)).toEqual({ kind: "ill-formed", why });
});

test("an outcome of a kind that the operation never has", () => {
  const memory = replay(contract, [
    tagged(0),
    tagged(1),
    tagged(2),
    swapOut(1, 0),
    happens({ kind: "copy", from: 0, owner: 1 }, gets(1)),
    writeFile(1),
  ]);
  const slot = { slot: 0 };
  const file = { file: 0 };
  const at = { file: 0, index: 0 };
  const asked: readonly Operation[] = [
    allocate(),
    { kind: "free", handle: 0 },
    { kind: "migrate", handle: 0 },
    { kind: "enable-tags", handle: 0 },
    { kind: "write-tag", handle: 0, granule: 0, tag: 1 },
    { kind: "read-tag", handle: 0, granule: 0 },
    { kind: "write-bytes", handle: 0, bytes: 1 },
    { kind: "read-bytes", handle: 0 },
    { kind: "copy", from: 0, owner: 1 },
    { kind: "copy-again", from: 0, to: 1 },
    { kind: "swap-out", handles: [0] },
    swapIn(0),
    { kind: "restore-again", ...slot, handle: 0 },
    { kind: "share-slot", ...slot },
    { kind: "free-slot", ...slot },
    { kind: "swapoff" },
    { kind: "read-file", ...at },
    { kind: "write-file", ...at, bytes: 1 },
    { kind: "write-back", ...at },
    { kind: "direct-write", ...at, bytes: 1 },
    { kind: "truncate", ...at },
    { kind: "unlink", ...file },
    { kind: "unmount" },
    { kind: "put", ...at, bytes: 1 },
    { kind: "get", ...at },
    { kind: "invalidate-page", ...at },
    { kind: "invalidate-object", ...file },
    { kind: "invalidate-pool" },
    { kind: "drop", ...at },
  ];
  for (const operation of asked) {
    const strange =
      operation.kind === "free-slot" ? noMemory : ({ kind: "slot", freed: true } as const);
    const judgement = judge(contract, memory, happens(operation, strange));
    expect(judgement, operation.kind).toMatchObject({
      kind: "ill-formed",
      why: `${operation.kind} cannot end in "${strange.kind}"`,
    });
  }
  expect(
    judge(contract, replay(contract, [unlink]), happens(create.operation, noMemory)).kind,
  ).toBe("ill-formed");
  expect(
    judge(contract, replay(contract, [unmount]), happens(mount.operation, noMemory)).kind,
  ).toBe("ill-formed");
  expect(
    judge(contract, replay(contract, [readFile(0)]), happens(evict.operation, noMemory)).kind,
  ).toBe("ill-formed");
  expect(judge(contract, boot(contract.limits), hit(0)).kind).toBe("refused");
});
