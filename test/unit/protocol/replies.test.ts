/** What an adapter says: taken as it is meant, or refused in one line that names the field. */
import { describe, expect, test } from "vitest";
import { readingsOf, readReply } from "../../../oracle/index.ts";
import { seenOf } from "./words.ts";

const capabilities = {
  operations: ["allocate", "free", "write-tag", "read-tag"],
  sizes: { handles: { least: 1, most: 4 }, taggablePages: { least: 1, most: 4 } },
};
const hello = {
  type: "hello",
  protocol: "mte-oracle/adapter",
  version: 1,
  name: "toy",
  capabilities,
};
const told = (reply: object) => readReply(JSON.stringify(reply));

describe("replies that are taken", () => {
  test("hello, with everything that was left out filled in", () => {
    const read = told(hello);
    expect(read).toMatchObject({
      kind: "reply",
      reply: {
        capabilities: { contexts: ["sleepable"], refuses: false, sizes: { slots: { most: 0 } } },
      },
    });
  });

  test.each([
    { type: "ready", id: 1 },
    { type: "outcome", id: 2, outcome: { kind: "done" } },
    { type: "outcome", id: 2, outcome: { kind: "page", handle: 1 }, notes: ["claim_block(2)"] },
    { type: "outcome", id: 3, outcome: { kind: "done" }, stored: false },
  ])("%o", (reply) => {
    expect(told(reply)).toEqual({ kind: "reply", reply });
  });

  test("an error without a message", () => {
    const reply = { type: "error", id: 4, error: "unknown" };
    expect(told(reply)).toEqual({ kind: "reply", reply: { ...reply, message: "" } });
  });
});

describe("an observation in part", () => {
  test("what was not looked at is not seen", () => {
    expect(seenOf({ kind: "page", handle: 2 })).toEqual([{}]);
    expect(seenOf({ kind: "page", handle: 2, seen: { tags: "0af" } })).toEqual([
      { tags: [0, 10, 15] },
    ]);
    expect(seenOf({ kind: "pages", handles: [1, 2] })).toEqual([]);
  });

  test("a slot that may have been freed or not is read both ways", () => {
    expect(readingsOf({ kind: "slot" })).toHaveLength(2);
    expect(readingsOf({ kind: "slot", freed: true })).toEqual([{ kind: "slot", freed: true }]);
    expect(readingsOf({ kind: "miss" })).toEqual([{ kind: "miss", touched: false }]);
  });
});

const sized = (sizes: object, more: object = {}) => ({
  ...hello,
  capabilities: { ...capabilities, sizes: { ...capabilities.sizes, ...sizes }, ...more },
});

const wrong: readonly (readonly [name: string, line: string, field: string, message: string])[] = [
  ["nothing", "", "JSON", "expected a value, found the end of the file"],
  ["no JSON", "starting up...", "JSON", "expected a value, found starting"],
  ["half a line", '{"type":"ready"', "JSON", 'expected "," or "}", found the end of the file'],
  ["a list", "[1]", "reply", "expected an object, found [1]"],
  [
    "another type",
    '{"type":"done","id":1}',
    "type",
    'expected one of "hello", "ready", "outcome", "error", found "done"',
  ],
  ["no id", '{"type":"ready"}', "id", "expected a number, found nothing"],
  [
    "another version",
    JSON.stringify({ ...hello, version: 2 }),
    "version",
    "expected 1, the version that was asked for, found 2",
  ],
  [
    "another protocol",
    JSON.stringify({ ...hello, protocol: "lsp" }),
    "protocol",
    'expected "mte-oracle/adapter", found "lsp"',
  ],
  [
    "an outcome of no kind",
    '{"type":"outcome","id":1,"outcome":{"kind":"ok"}}',
    "outcome.kind",
    "expected one of",
  ],
  [
    "a tag too high",
    '{"type":"outcome","id":1,"outcome":{"kind":"tag","tag":16}}',
    "outcome.tag",
    "expected at most 15, found 16",
  ],
  [
    "a page without a handle",
    '{"type":"outcome","id":1,"outcome":{"kind":"page"}}',
    "outcome.handle",
    "expected a number, found nothing",
  ],
  [
    "a field too many",
    '{"type":"ready","id":1,"ok":true}',
    "ok",
    'expected no such field, found "ok"',
  ],
  [
    "an unknown operation",
    JSON.stringify({ ...hello, capabilities: { ...capabilities, operations: ["mmap"] } }),
    "capabilities.operations[0]",
    "expected one of",
  ],
  [
    "no room at all",
    JSON.stringify(sized({ handles: { least: 2, most: 1 } })),
    "capabilities.sizes.handles",
    "expected",
  ],
  [
    "fewer handles than pages",
    JSON.stringify(sized({ taggablePages: { least: 8, most: 8 } })),
    "capabilities.sizes.handles",
    "expected at least 8 handles",
  ],
  [
    "swap without slots",
    JSON.stringify(sized({}, { operations: ["allocate", "swap-out"] })),
    "capabilities.sizes.slots",
    'expected a slot for "swap-out"',
  ],
  [
    "files and a cache",
    JSON.stringify(sized({}, { operations: ["read-file", "put"] })),
    "capabilities.operations",
    "expected file operations or cache operations",
  ],
  [
    "pages that nobody makes",
    JSON.stringify(sized({}, { operations: ["free"] })),
    "capabilities.operations",
    'expected "allocate" beside "free"',
  ],
];

test.each(wrong)("wrong: %s", (_name, line, field, message) => {
  const read = readReply(line);
  expect(read).toMatchObject({ kind: "wrong", field });
  expect(read).toMatchObject({ message: expect.stringContaining(message) });
});
