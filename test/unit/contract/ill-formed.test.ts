/** What no caller may ask, and what no operation can end in: neither is held against anybody. */
import { expect, test } from "vitest";
import { boot, noMemory, type Operation } from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  create,
  directWrite,
  evict,
  gets,
  getsPages,
  type Happening,
  happens,
  hit,
  judge,
  mount,
  readFile,
  replay,
  swapIn,
  swapOut,
  tag,
  tagged,
  truncate,
  unlink,
  unmount,
  untagged,
  writeBack,
  writeFile,
} from "./happenings.ts";

const contract = contractOf();
const somewhere = { file: 0, index: 9 };

const cases: readonly (readonly [string, readonly Happening[], Happening])[] = [
  ["a handle that there is not", [], happens(allocate(), getsPages([9]))],
  ["a handle given twice at once", [], happens(allocate({ order: 1 }), getsPages([0, 0]))],
  ["freeing a free page", [], happens({ kind: "free", handle: 0 })],
  ["migrating a free page", [], happens({ kind: "migrate", handle: 0 }, gets(0))],
  ["migrating another page", [tagged(0)], happens({ kind: "migrate", handle: 0 }, gets(1))],
  ["tags on a free page", [], happens({ kind: "enable-tags", handle: 0 }, gets(0))],
  ["tags on another page", [tagged(0)], happens({ kind: "enable-tags", handle: 0 }, gets(1))],
  ["a tag on an untagged page", [untagged(0)], tag(0, 5)],
  ["a tag past the page", [tagged(0)], tag(0, 5, 2)],
  ["a tag of five bits", [tagged(0)], tag(0, 16)],
  ["bytes of a free page", [], happens({ kind: "write-bytes", handle: 0, bytes: 1 })],
  [
    "reading a free page",
    [],
    happens({ kind: "read-bytes", handle: 0 }, { kind: "bytes", bytes: 0 }),
  ],
  ["copying a free page", [], happens({ kind: "copy", from: 0, owner: 1 }, gets(1))],
  ["a copy nowhere", [tagged(0)], happens({ kind: "copy", from: 0, owner: 1 }, gets(9))],
  ["copying onto itself", [tagged(0)], happens({ kind: "copy-again", from: 0, to: 0 }, gets(0))],
  [
    "swapping no page",
    [],
    happens({ kind: "swap-out", handles: [] }, { kind: "swapped", slots: [] }),
  ],
  ["swapping a free page", [], swapOut(0, 0)],
  [
    "swapping one page twice",
    [tagged(0)],
    happens({ kind: "swap-out", handles: [0, 0] }, { kind: "swapped", slots: [0, 1] }),
  ],
  ["a slot that there is not", [tagged(0)], swapOut(0, 9)],
  ["loading a free slot", [], happens(swapIn(0), gets(0))],
  ["loading nowhere", [tagged(0), swapOut(0, 0)], happens(swapIn(0), gets(9))],
  ["sharing a free slot", [], happens({ kind: "share-slot", slot: 0 })],
  [
    "freeing a free slot",
    [],
    happens({ kind: "free-slot", slot: 0 }, { kind: "slot", freed: true }),
  ],
  [
    "restoring from a free slot",
    [tagged(0)],
    happens({ kind: "restore-again", slot: 0, handle: 0 }, gets(0)),
  ],
  [
    "restoring to a free page",
    [tagged(0), swapOut(0, 0)],
    happens({ kind: "restore-again", slot: 0, handle: 0 }, gets(0)),
  ],
  [
    "restoring tags again to a page that never had them",
    [tagged(0), untagged(1), swapOut(0, 0)],
    happens({ kind: "restore-again", slot: 0, handle: 1 }, gets(1)),
  ],
  ["reading a file that is gone", [unlink], readFile(0)],
  ["reading past the file", [], happens({ kind: "read-file", ...somewhere })],
  ["writing while unmounted", [unmount], writeFile(1)],
  ["a direct write while unmounted", [unmount], directWrite(1)],
  ["truncating while unmounted", [unmount], truncate],
  ["writing back a clean page", [readFile(0)], writeBack()],
  ["evicting what is not resident", [], evict],
  ["unlinking twice", [unlink], unlink],
  ["creating what exists", [], create],
  ["unmounting twice", [unmount], unmount],
  ["mounting twice", [], mount],
  [
    "a key past the file: get",
    [],
    happens({ kind: "get", ...somewhere }, { kind: "hit", bytes: 0 }),
  ],
  ["a key past the file: put", [], happens({ kind: "put", ...somewhere, bytes: 0 })],
];

test.each(cases)("%s", (_, history, wrong) => {
  const judgement = judge(contract, replay(contract, history), wrong);
  expect(judgement.kind).toBe("ill-formed");
});

test("a slot has no more users than there are handles", () => {
  const share = happens({ kind: "share-slot", slot: 0 });
  const full = replay(contract, [tagged(0), swapOut(0, 0), share, share, share]);
  expect(judge(contract, full, share).kind).toBe("ill-formed");
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
      why: expect.stringContaining(`${operation.kind} cannot end in`),
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
