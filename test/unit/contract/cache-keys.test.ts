/** What every key of the cache is left with, and whose keys an operation does not touch. */
import { describe, expect, test } from "vitest";
import {
  alwaysMisses,
  boot,
  done,
  type Memory,
  noChoice,
  type Operation,
} from "../../../model/contract/index.ts";
import { contractOf, drop, happens, hit, judge, miss, put, replay, unmount } from "./happenings.ts";

const contract = contractOf();
const key = { file: 0, index: 0 };
const keys = [0, 1].flatMap((file) => [0, 1].map((index) => ({ file, index })));

/** Every page of every file is resident, clean and put. */
const full = replay(
  contract,
  keys.flatMap((at) => [
    happens({ kind: "read-file", ...at }, { kind: "bytes", bytes: 0 }),
    happens({ kind: "put", ...at, bytes: 0 }, done, { kind: "stored" }),
  ]),
);

/** What each key holds, or why it is empty. */
const told = ({ files }: Memory): readonly string[] =>
  files.flatMap(({ pages }) =>
    pages.map(({ cached }) => (cached.kind === "empty" ? cached.because : `${cached.bytes}`)),
  );
const after = (operation: Operation, from = full) =>
  told(replay(contract, [happens(operation)], from));

describe("of four keys that hold zeroes", () => {
  test.each<readonly [Operation, readonly string[]]>([
    [{ kind: "invalidate-page", file: 1, index: 0 }, ["0", "0", "invalidated", "0"]],
    [{ kind: "invalidate-object", file: 1 }, ["0", "0", "invalidated", "invalidated"]],
    [{ kind: "invalidate-pool" }, ["invalidated", "invalidated", "invalidated", "invalidated"]],
    [{ kind: "drop", file: 0, index: 1 }, ["0", "dropped", "0", "0"]],
    [{ kind: "truncate", file: 0, index: 1 }, ["0", "truncated", "0", "0"]],
    [{ kind: "direct-write", file: 1, index: 1, bytes: 5 }, ["0", "0", "0", "direct-write"]],
    [{ kind: "unlink", file: 1 }, ["0", "0", "unlinked", "unlinked"]],
    [{ kind: "unmount" }, ["unmounted", "unmounted", "unmounted", "unmounted"]],
    [{ kind: "write-file", ...key, bytes: 5 }, ["0", "0", "0", "0"]],
    [{ kind: "evict", ...key }, ["0", "0", "0", "0"]],
  ])("%j leaves %j", (operation, left) => {
    expect(after(operation)).toEqual(left);
  });

  test("a miss and a put that is dropped empty one of them", () => {
    expect(told(replay(contract, [miss], full))).toEqual(["missed", "0", "0", "0"]);
    expect(told(replay(contract, [put(0, "dropped")], full))).toEqual([
      "put-dropped",
      "0",
      "0",
      "0",
    ]);
  });

  test("a hit empties one of them where gets consume, and none where they keep", () => {
    const consuming = contractOf({ getForm: "consuming" });
    expect(told(replay(consuming, [hit(0)], full))).toEqual(["consumed", "0", "0", "0"]);
    expect(told(replay(contract, [hit(0)], full))).toEqual(["0", "0", "0", "0"]);
  });
});

describe("a key that was empty before", () => {
  const dropped = replay(contract, [drop], full);

  test.each<Operation>([
    { kind: "invalidate-page", ...key },
    { kind: "invalidate-object", file: 0 },
    { kind: "invalidate-pool" },
    { kind: "drop", ...key },
  ])("stays so for its first reason: %j", (operation) => {
    expect(after(operation, dropped)[0]).toBe("dropped");
  });

  test("stays so for its first reason when it misses, or hits against the rule", () => {
    expect(told(replay(contract, [miss], dropped))[0]).toBe("dropped");
    const lenient = contractOf({ getForm: "consuming" }, "no-hit-without-a-put");
    expect(told(replay(lenient, [hit(0)], dropped))[0]).toBe("dropped");
  });

  test("says that it is unmounted when a put finds no pool", () => {
    const unmounted = replay(contract, [unmount], full);
    expect(told(replay(contract, [put(0, "dropped")], unmounted))[0]).toBe("unmounted");
  });
});

test.each<Operation>([
  { kind: "invalidate-page", file: 9, index: 0 },
  { kind: "invalidate-page", file: 0, index: 9 },
  { kind: "invalidate-object", file: 9 },
  { kind: "drop", file: 0, index: 9 },
])("a key that there is not has nothing to lose: %j", (operation) => {
  expect(replay(contract, [happens(operation)], full)).toEqual(full);
});

test("a hit on a resident page may be older than the disk, for nobody reads it", () => {
  const older = [
    happens({ kind: "write-file", ...key, bytes: 5 }),
    happens({ kind: "write-back", ...key }),
  ];
  const memory = replay(contract, older, full);
  expect(judge(contract, memory, hit(0)).kind).toBe("accepted");
});

test("the trivial back end drops every put, misses every get untouched, and does the rest", () => {
  const nothing = { choice: noChoice, outcome: done };
  expect(alwaysMisses({ kind: "put", ...key, bytes: 0 })).toEqual({
    choice: { kind: "dropped" },
    outcome: done,
  });
  expect(alwaysMisses({ kind: "get", ...key })).toEqual({
    choice: noChoice,
    outcome: { kind: "miss", touched: false },
  });
  expect(alwaysMisses({ kind: "invalidate-page", ...key })).toEqual(nothing);
  expect(alwaysMisses({ kind: "invalidate-object", file: 0 })).toEqual(nothing);
  expect(alwaysMisses({ kind: "invalidate-pool" })).toEqual(nothing);
  expect(alwaysMisses({ kind: "drop", ...key })).toEqual(nothing);
});

test("nothing is put of a page that is dirty or not resident, nor other bytes than it has", () => {
  const rule = "only-clean-newest-bytes-are-put";
  expect(judge(contract, boot(contract.limits), put(0))).toMatchObject({ rule });
  expect(judge(contract, full, put(1))).toMatchObject({ rule });
  const dirty = replay(contract, [happens({ kind: "write-file", ...key, bytes: 0 })], full);
  expect(judge(contract, dirty, put(0))).toMatchObject({ rule });
});
