/** In one state that holds something of everything: what would have been allowed, all of it. */
import { describe, expect, test } from "vitest";
import {
  allowedOutcomes,
  choicesThatExplain,
  done,
  noChoice,
  noMemory,
  type Operation,
  type Outcome,
} from "../../../model/contract/index.ts";
import {
  allocate,
  contractOf,
  create,
  evict,
  gets,
  getsPages,
  happens,
  mount,
  placed,
  put,
  readFile,
  replay,
  short,
  store,
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

const contract = contractOf({ handles: 5, slots: 3 });
const key = { file: 0, index: 0 };
const dirty = { file: 1, index: 1 };

/** Slot 0 has tags and two users, slot 1 has no tags; page 1 is an unused copy of page 0. */
const memory = replay(contract, [
  ...[tagged(3), tag(3, 6), store(3, 4), swapOut(3, 0), happens({ kind: "share-slot", slot: 0 })],
  ...[untagged(3), store(3, 3), swapOut(3, 1)],
  ...[tagged(0), tag(0, 5), store(0, 7), happens({ kind: "copy", from: 0, owner: 2 }, gets(1))],
  tag(0, 9, 1),
  ...[untagged(2, "untaggable"), store(2, 3)],
  ...[writeFile(7), writeBack(), put(7), evict],
  happens({ kind: "write-file", ...dirty, bytes: 8 }),
]);

const fresh = { tagged: true, tags: [0, 0], bytes: 0 };
const deferred = { tagged: false, bytes: 0 };
const page0 = { tagged: true, tags: [5, 9], bytes: 7 };
const plain = { tagged: false, tags: [], bytes: 3 };
const slot0 = { tagged: true, tags: [6, 0], bytes: 4 };
const bytes = (value: number): Outcome => ({ kind: "bytes", bytes: value });
const lost: Outcome = { kind: "save-failed", entriesLeft: 0 };

const table: readonly (readonly [Operation, readonly Outcome[]])[] = [
  [allocate(), [getsPages([3], fresh), getsPages([3], deferred), noMemory]],
  [
    allocate({ order: 1 }),
    [getsPages([3, 4], fresh, fresh), getsPages([3, 4], deferred, deferred), noMemory],
  ],
  [allocate({ tagged: false, zeroed: false }), [getsPages([3], { tagged: false }), noMemory]],
  [{ kind: "free", handle: 0 }, [done]],
  [{ kind: "migrate", handle: 0 }, [gets(0, page0)]],
  [{ kind: "migrate", handle: 2 }, [gets(2, plain)]],
  [{ kind: "enable-tags", handle: 0 }, [gets(0, page0), noMemory]],
  [{ kind: "enable-tags", handle: 2 }, [noMemory]],
  [{ kind: "write-tag", handle: 0, granule: 0, tag: 1 }, [done]],
  [{ kind: "read-tag", handle: 0, granule: 1 }, [{ kind: "tag", tag: 9 }]],
  [{ kind: "read-tag", handle: 4, granule: 1 }, []],
  [{ kind: "write-bytes", handle: 0, bytes: 1 }, [done]],
  [{ kind: "read-bytes", handle: 0 }, [bytes(7)]],
  [{ kind: "copy", from: 0, owner: 1 }, [gets(3, page0), noMemory]],
  [{ kind: "copy", from: 2, owner: 1 }, [gets(3, plain), noMemory]],
  [{ kind: "copy-again", from: 0, to: 1 }, [gets(1, page0)]],
  [{ kind: "copy-again", from: 2, to: 1 }, [gets(1, { ...page0, tags: [5, 0] })]],
  [{ kind: "swap-out", handles: [0] }, [{ kind: "swapped", slots: [2] }, lost]],
  [{ kind: "swap-out", handles: [0, 2] }, [lost]],
  [swapIn(0), [gets(3, slot0), noMemory]],
  [swapIn(1), [gets(3, plain), noMemory]],
  [swapIn(2), []],
  [{ kind: "restore-again", slot: 0, handle: 0 }, [gets(0, page0)]],
  [{ kind: "share-slot", slot: 0 }, [done]],
  [{ kind: "free-slot", slot: 0 }, [{ kind: "slot", freed: false }]],
  [{ kind: "free-slot", slot: 1 }, [{ kind: "slot", freed: true }]],
  [{ kind: "swapoff" }, []],
  [{ kind: "read-file", ...key }, [bytes(7)]],
  [{ kind: "read-file", ...dirty }, [bytes(8)]],
  [{ kind: "write-file", ...key, bytes: 1 }, [done]],
  [{ kind: "write-back", ...dirty }, [done, { kind: "failed" }]],
  [{ kind: "direct-write", ...key, bytes: 1 }, [done]],
  [truncate.operation, [done]],
  [{ kind: "evict", ...dirty }, []],
  [unlink.operation, [done]],
  [create.operation, []],
  [unmount.operation, []],
  [mount.operation, []],
  [{ kind: "put", ...key, bytes: 7 }, []],
  [
    { kind: "get", ...key },
    [
      { kind: "hit", bytes: 7 },
      { kind: "miss", touched: false },
    ],
  ],
  [{ kind: "invalidate-page", ...key }, [done]],
  [{ kind: "invalidate-object", file: 0 }, [done]],
  [{ kind: "invalidate-pool" }, [done]],
  [{ kind: "drop", ...key }, [done]],
];

test.each(table)("%j may end in %j", (operation, outcomes) => {
  const allowed = allowedOutcomes(contract, memory, operation).map(({ outcome }) => outcome);
  expect([...new Set(allowed)]).toEqual(outcomes);
});

const resident = replay(contract, [readFile(7)], memory);
const settled = replay(contract, [happens({ kind: "write-back", ...dirty })], resident);

test.each<readonly [string, typeof memory, Operation, readonly Outcome[]]>([
  ["what is resident and clean may be put", resident, put(7).operation, [done]],
  ["and evicted", resident, evict.operation, [done]],
  [
    "a file that is gone may be made anew",
    replay(contract, [unlink], memory),
    create.operation,
    [done],
  ],
  ["what is all on the disk may be unmounted", settled, unmount.operation, [done]],
  ["and mounted again", replay(contract, [unmount], settled), mount.operation, [done]],
  ["a swap device without a slot in use may go", replay(contract, []), { kind: "swapoff" }, [done]],
  [
    "a page that goes out takes the first free slot and no other",
    replay(contract, [tagged(0)]),
    swapOut(0, 0).operation,
    [{ kind: "swapped", slots: [0] }, lost],
  ],
  [
    "a write-back that failed leaves both, smaller bytes first",
    replay(contract, [writeFile(9), writeBack({ kind: "failed" }), evict], memory),
    { kind: "read-file", ...key },
    [bytes(7), bytes(9)],
  ],
])("%s", (_, from, operation, outcomes) => {
  const allowed = allowedOutcomes(contract, from, operation).map(({ outcome }) => outcome);
  expect([...new Set(allowed)]).toEqual(outcomes);
});

describe("what somebody decides", () => {
  const explaining = (operation: Operation, outcome: Outcome) =>
    choicesThatExplain(contract, memory, operation, outcome);
  const anywhere = [placed("taggable"), placed("untaggable")];

  test("is where a copy, a page from swap and a migrated page lie", () => {
    expect(explaining({ kind: "copy", from: 2, owner: 1 }, gets(3))).toEqual(anywhere);
    expect(explaining(swapIn(1), gets(3))).toEqual(anywhere);
    expect(explaining({ kind: "migrate", handle: 2 }, gets(2))).toEqual(anywhere);
    expect(explaining({ kind: "migrate", handle: 0 }, gets(0))).toEqual([placed("taggable")]);
  });

  test("is how many pages are under way when memory is short, up to all that there are", () => {
    const held = [short(2), short(3), short(4)];
    expect(explaining({ kind: "enable-tags", handle: 2 }, noMemory)).toEqual(held);
    expect(explaining(swapIn(0), noMemory)).toEqual(held);
  });

  test("is nothing where a page is only shown", () => {
    expect(explaining({ kind: "restore-again", slot: 0, handle: 0 }, gets(0))).toEqual([noChoice]);
    expect(explaining({ kind: "enable-tags", handle: 0 }, gets(0))).toEqual([noChoice]);
  });

  test("of six pages is every placement, of seven only those of all alike", () => {
    const loose = contractOf({ handles: 7, taggablePages: 7 }, "an-allocation-is-whole");
    const none = replay(loose, []);
    const ways = (pages: number) =>
      choicesThatExplain(
        loose,
        none,
        allocate({ tagged: false }),
        getsPages([...Array(pages).keys()]),
      );
    expect(ways(6)).toHaveLength(64);
    expect(ways(7)).toEqual([
      placed(...Array.from({ length: 7 }, () => "taggable" as const)),
      placed(...Array.from({ length: 7 }, () => "untaggable" as const)),
    ]);
  });
});
