/** Operations as four numbers: the very numbers, and back again. */
import { describe, expect, test } from "vitest";
import {
  kindOf,
  operationKinds,
  type PackedOperation,
  packOperation,
  unpackOperation,
  wish,
} from "../../../impl/index.ts";
import type { Job, Operation } from "../../../model/index.ts";

type Example = readonly [Operation, ...PackedOperation];

const allocate = (more: Partial<Extract<Operation, { kind: "allocate" }>>): Operation => ({
  kind: "allocate",
  owner: 3,
  tagged: false,
  zeroed: false,
  context: "sleepable",
  order: 0,
  ...more,
});

const examples: readonly Example[] = [
  [allocate({}), 1, 3, 0, 0],
  [allocate({ tagged: true }), 1, 3, wish.tagged, 0],
  [allocate({ zeroed: true }), 1, 3, wish.zeroed, 0],
  [allocate({ context: "atomic" }), 1, 3, wish.atomic, 0],
  [allocate({ tagged: true, zeroed: true, context: "atomic" }), 1, 3, 7, 0],
  [{ kind: "free", handle: 4 }, 2, 4, 0, 0],
  [{ kind: "migrate", handle: 4 }, 3, 4, 0, 0],
  [{ kind: "enable-tags", handle: 4 }, 4, 4, 0, 0],
  [{ kind: "write-tag", handle: 4, granule: 5, tag: 6 }, 5, 4, 5, 6],
  [{ kind: "read-tag", handle: 4, granule: 5 }, 6, 4, 5, 0],
  [{ kind: "write-bytes", handle: 4, bytes: 5 }, 7, 4, 5, 0],
  [{ kind: "read-bytes", handle: 4 }, 8, 4, 0, 0],
  [{ kind: "copy", from: 4, owner: 5 }, 9, 4, 5, 0],
  [{ kind: "swap-out", handles: [4] }, 10, 4, 0, 0],
  [{ kind: "swap-in", slot: 4, path: "fault", mapping: "tagged" }, 11, 4, 0, 1],
  [{ kind: "swap-in", slot: 4, path: "swapoff", mapping: "untagged" }, 11, 4, 1, 0],
  [{ kind: "swap-in", slot: 4, path: "shmem", mapping: "tagged" }, 11, 4, 2, 1],
  [{ kind: "share-slot", slot: 4 }, 12, 4, 0, 0],
  [{ kind: "free-slot", slot: 4 }, 13, 4, 0, 0],
  [{ kind: "read-file", file: 4, index: 5 }, 14, 4, 5, 0],
  [{ kind: "write-file", file: 4, index: 5, bytes: 6 }, 15, 4, 5, 6],
  [{ kind: "write-back", file: 4, index: 5 }, 16, 4, 5, 0],
  [{ kind: "direct-write", file: 4, index: 5, bytes: 6 }, 17, 4, 5, 6],
  [{ kind: "truncate", file: 4, index: 5 }, 18, 4, 5, 0],
  [{ kind: "evict", file: 4, index: 5 }, 19, 4, 5, 0],
  [{ kind: "unlink", file: 4 }, 20, 4, 0, 0],
  [{ kind: "create", file: 4 }, 21, 4, 0, 0],
  [{ kind: "unmount" }, 22, 0, 0, 0],
  [{ kind: "mount" }, 23, 0, 0, 0],
  [{ kind: "put", file: 4, index: 5, bytes: 6 }, 24, 4, 5, 6],
  [{ kind: "get", file: 4, index: 5 }, 25, 4, 5, 0],
  [{ kind: "invalidate-page", file: 4, index: 5 }, 26, 4, 5, 0],
  [{ kind: "drop", file: 4, index: 5 }, 27, 4, 5, 0],
];

test("there is an example of every kind, at its code", () => {
  const seen = new Map(examples.map(([{ kind }, code]) => [code, kind]));
  expect(operationKinds).toEqual(["none", ...seen.values()]);
  for (const [code, kind] of operationKinds.entries()) expect(kindOf[kind]).toBe(code);
});

describe.each(examples.map(([operation, ...packed]) => ({ operation, packed })))(
  "$operation",
  ({ operation, packed }) => {
    test("is these numbers", () => expect(packOperation(operation)).toEqual(packed));
    test("is what they mean", () => expect(unpackOperation(packed)).toEqual(operation));
  },
);

test.each<Job>([
  allocate({ order: 1 }),
  { kind: "swap-out", handles: [] },
  { kind: "swap-out", handles: [1, 2] },
  { kind: "swapoff" },
  { kind: "copy-again", from: 1, to: 2 },
  { kind: "restore-again", slot: 1, handle: 2 },
  { kind: "invalidate-object", file: 1 },
  { kind: "invalidate-pool" },
  { kind: "work", name: "plugs-block", object: 1 },
])("no script stands for $kind of this form", (operation) => {
  expect(packOperation(operation)).toBeNull();
});

test("what nobody packed means nothing", () => {
  expect(() => unpackOperation([0, 0, 0, 0])).toThrow("nothing was asked");
  expect(() => unpackOperation([operationKinds.length, 0, 0, 0])).toThrow(RangeError);
  expect(unpackOperation([kindOf["swap-in"], 1, 9, 0])).toMatchObject({ path: "fault" });
});
